import { Failure } from '../../failure.js';

const millisecondsOfDay = 86_400_000;

/** Days from 1970 to a date such as `2026-08-01`. Throws Failure for one that is none. */
export function daysOf(text: string, column: string): number {
  return millisecondsOf(text, '00:00:00', column) / millisecondsOfDay;
}

/** Microseconds from 1970 to a time such as `2026-08-01 12:34:56.789`. Throws Failure as above. */
export function microsecondsOf(text: string, column: string): bigint {
  const [date = '', time = '', fraction = ''] = text.split(/[ .]/);
  const whole = BigInt(millisecondsOf(date, time, column)) * 1000n;
  return whole + BigInt(fraction.padEnd(6, '0'));
}

function millisecondsOf(date: string, time: string, column: string): number {
  const iso = `${date}T${time}.000Z`;
  const value = new Date(iso);
  // 2026-02-30 comes back as another day.
  if (!Number.isNaN(value.getTime()) && value.toISOString() === iso) return value.getTime();
  const text = `column '${column}' holds a date that is none (0000-00-00 or its like), which Parquet`;
  throw new Failure('no-date', `${text} cannot: use CAST(… AS CHAR)`);
}
