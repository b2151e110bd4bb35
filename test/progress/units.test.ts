import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  pluralize,
} from '../../src/progress/units.js';

describe('formatCount and pluralize', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
    [12_345_678_901_234, '12,345,678,901,234'],
  ])('%i', (count, text) => expect(formatCount(count)).toBe(text));

  it('uses the singular for one only', () => {
    expect([pluralize(0, 'row'), pluralize(1, 'row'), pluralize(1000, 'row')]).toEqual([
      '0 rows',
      '1 row',
      '1,000 rows',
    ]);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1234, '1.2 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [45_400_000, '45 MB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [999_999_999, '1.0 GB'],
    [7.26e12, '7.3 TB'],
    [3e18, '3000 PB'],
  ])('%f', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatClock and formatDuration', () => {
  it.each([
    [0, '0:00'],
    [-0.1, '0:00'],
    [41.9, '0:41'],
    [60, '1:00'],
    [3599.9, '59:59'],
    [3600, '1:00:00'],
    [86_400 + 3723, '25:02:03'],
  ])('formats %f s as minutes and seconds', (seconds, text) =>
    expect(formatClock(seconds)).toBe(text),
  );

  it.each([
    [0.04, '0.0 s'],
    [3.44, '3.4 s'],
    [59.94, '59.9 s'],
    [59.96, '1:00'],
    [725.4, '12:05'],
  ])('formats a duration of %f s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});
