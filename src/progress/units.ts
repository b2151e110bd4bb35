/** `1,234,567`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 row`, `1,234 rows`. */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${count === 1 ? noun : `${noun}s`}`;
}

const units = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes in units of a thousand: `999 B`, `1.2 kB`, `45 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  // What would be rounded up to 1000 is one of the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${units[unit]}`;
}

/** Whole seconds as a clock has them: `0:41`, `12:05`, `1:02:03`. */
export function clockText(seconds: number): string {
  const whole = Math.max(Math.floor(seconds), 0);
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = two(whole % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** A span that is over: `3.4 s`, and from a minute on as a clock has it. */
export function spanText(seconds: number): string {
  return seconds < 59.95 ? `${seconds.toFixed(1)} s` : clockText(Math.round(seconds));
}
