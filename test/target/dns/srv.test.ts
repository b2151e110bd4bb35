import { describe, expect, test } from 'vitest';
import { orderSrvRecords } from '../../../src/target/dns/srv.js';

/** Parses records in the form `NAME:PRIORITY:WEIGHT …`. */
function parseRecords(text: string) {
  return text.split(' ').map((part) => {
    const [target = '', priority, weight] = part.split(':');
    return { target, priority: Number(priority), weight: Number(weight), port: 3311 };
  });
}

/**
 * Returns a function that returns these numbers one after another, and throws when none is left.
 */
function sequence(numbers: number[]): () => number {
  const remaining = [...numbers];
  return () => {
    const next = remaining.shift();
    if (next === undefined) throw new Error('more numbers drawn than expected');
    return next;
  };
}

describe('orderSrvRecords', () => {
  test.each([
    ['a:0:0', [0.5], 'a'],
    ['low:20:1 high:10:1 mid:15:1', [0, 0, 0], 'high mid low'],
    ['later:1:65535 sooner:0:0', [0.99, 0.99], 'sooner later'],
    // Running sums 10 and 100: numbers from 0 to 10 draw a, numbers from 11 to 100 draw b.
    ['a:0:10 b:0:90', [0, 0], 'a b'],
    ['a:0:10 b:0:90', [10.5 / 101, 0], 'a b'],
    ['a:0:10 b:0:90', [11.5 / 101, 0], 'b a'],
    ['a:0:10 b:0:90', [0.999, 0.999], 'b a'],
    // The record of weight 0 is first in the list, so that only the number 0 draws it.
    ['a:0:100 zero:0:0', [0, 0.5], 'zero a'],
    ['a:0:100 zero:0:0', [1.5 / 101, 0.5], 'a zero'],
    ['zero:0:0 a:0:1 b:0:1', [0.4, 0.4, 0.4], 'a zero b'],
    ['a:0:0 b:0:0 c:0:0', [0.9, 0.9, 0.9], 'a b c'],
    // A drawn record is removed: the running sums are those of the remaining records.
    ['a:0:1 b:0:2 c:0:1', [0.5, 0.9, 0], 'b c a'],
    ['a:1:1 b:0:1 c:1:1 d:0:1', [0.9, 0, 0.9, 0], 'd b c a'],
  ])('orders %s with the random numbers %j as %s', (text, numbers, order) => {
    const ordered = orderSrvRecords(parseRecords(text), sequence(numbers));
    expect(ordered.map(({ target }) => target).join(' ')).toBe(order);
  });

  test('draws records with probabilities proportional to their weights', () => {
    let state = 1;
    // A linear congruential generator (Numerical Recipes), so that every run draws the same.
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const first: Record<string, number> = {};
    for (let round = 0; round < 10_000; round += 1) {
      const target =
        orderSrvRecords(parseRecords('a:0:100 b:0:300 c:0:600 d:1:600'), random)[0]?.target ?? '';
      first[target] = (first[target] ?? 0) + 1;
    }
    expect(Object.keys(first).sort()).toEqual(['a', 'b', 'c']);
    expect(Math.abs((first.a ?? 0) - 1000)).toBeLessThan(100);
    expect(Math.abs((first.b ?? 0) - 3000)).toBeLessThan(150);
  });
});
