import { expect, it } from 'vitest';
import { tableOfWidth } from '../../src/text/small-table.js';

const head = ['wikis', 'outcome', 'reason'];

it('columns are as wide as their cells; numbers stand at the right', async () => {
  const draw = await tableOfWidth(80);
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

it('the last column is wrapped where the terminal ends', async () => {
  const draw = await tableOfWidth(48);
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

it('no line is wider than the terminal, whatever the last column holds', async () => {
  const draw = await tableOfWidth(60);
  const text = `${'x'.repeat(300)} ${'日本語'.repeat(60)}`;
  for (const line of draw(head, [['1', 'failed', text]]) ?? ['']) {
    expect(line).toMatch(/^[|+]/);
    expect([...line].length).toBeLessThanOrEqual(60);
  }
});

it('more than 100 rows are not drawn', async () => {
  const draw = await tableOfWidth(80);
  const rows = (count: number) => Array.from({ length: count }, () => ['1', 'a', 'b']);
  expect(draw(head, rows(100))).toHaveLength(104);
  expect(draw(head, rows(101))).toBeUndefined();
});
