import { expect, it } from 'vitest';
import { createTableDrawerOfWidth } from '../../src/text/small-table.js';

const head = ['wikis', 'outcome', 'reason'];

it('makes columns as wide as their cells, and right-aligns numbers', async () => {
  const draw = await createTableDrawerOfWidth(80);
  expect(
    draw(head, [
      ['1,071', 'skipped', 'no such table'],
      ['2', 'failed', '日本'],
    ]),
  ).toEqual([
    '+-------+---------+---------------+',
    '| wikis | outcome | reason        |',
    '+-------+---------+---------------+',
    '| 1,071 | skipped | no such table |',
    '|     2 | failed  | 日本          |',
    '+-------+---------+---------------+',
  ]);
});

it('wraps the last column at the width of the terminal', async () => {
  const draw = await createTableDrawerOfWidth(48);
  const lines =
    draw(head, [['1', 'failed', "Unknown column 'x' in 'SELECT', and some more"]]) ?? [];
  expect(lines).toEqual([
    '+-------+---------+----------------------------+',
    '| wikis | outcome | reason                     |',
    '+-------+---------+----------------------------+',
    "|     1 | failed  | Unknown column 'x' in      |",
    "|       |         | 'SELECT', and some more    |",
    '+-------+---------+----------------------------+',
  ]);
});

it('never draws a line that is wider than the terminal', async () => {
  const draw = await createTableDrawerOfWidth(60);
  const text = `${'x'.repeat(300)} ${'日本語'.repeat(60)}`;
  for (const line of draw(head, [['1', 'failed', text]]) ?? ['']) {
    expect(line).toMatch(/^[|+]/);
    expect([...line].length).toBeLessThanOrEqual(60);
  }
});

it('does not draw more than 100 rows', async () => {
  const draw = await createTableDrawerOfWidth(80);
  const rows = (count: number) => Array.from({ length: count }, () => ['1', 'a', 'b']);
  expect(draw(head, rows(100))).toHaveLength(104);
  expect(draw(head, rows(101))).toBeUndefined();
});
