import { expect, it } from 'vitest';
import { joinWithOr } from '../../src/text/join-with-or.js';

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('joins %j', (names, text) => {
  expect(joinWithOr(names)).toBe(text);
});
