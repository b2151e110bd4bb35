/**
 * Returns an elapsed time as the client prints it after `row in set`: `0.003 sec`,
 * `1 min 5.120 sec`.
 */
export function formatElapsed(milliseconds: number, decimals = 3): string {
  let seconds = milliseconds / 1000;
  let text = '';
  if (seconds >= 86_400) {
    const days = Math.floor(seconds / 86_400);
    text += days === 1 ? '1 day ' : `${days} days `;
    seconds -= days * 86_400;
  }
  if (text !== '' || seconds >= 3600) {
    const hours = Math.floor(seconds / 3600);
    text += hours === 1 ? '1 hour ' : `${hours} hours `;
    seconds -= hours * 3600;
  }
  if (text !== '' || seconds >= 60) {
    const minutes = Math.floor(seconds / 60);
    text += `${minutes} min `;
    seconds -= minutes * 60;
  }
  return `${text}${seconds.toFixed(decimals)} sec`;
}
