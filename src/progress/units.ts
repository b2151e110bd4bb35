/*
 * Formats counts, bytes and times for progress and summaries.
 */

/** Formats a number with commas: `1,234,567`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Formats a number with its noun: `1 row`, `1,234 rows`. */
export function pluralize(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`;
}

const units = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** Formats a number of bytes in decimal units: `999 B`, `1.2 kB`, `45 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  // A value that would be rounded up to 1000 is shown as 1.0 of the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${units[unit]}`;
}

/** Formats seconds as minutes and seconds, with hours if needed: `0:41`, `12:05`, `1:02:03`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(Math.floor(seconds), 0);
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = two(whole % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** Formats an elapsed time: `3.4 s`, and from one minute on like formatClock. */
export function formatDuration(seconds: number): string {
  return seconds < 59.95 ? `${seconds.toFixed(1)} s` : formatClock(Math.round(seconds));
}
