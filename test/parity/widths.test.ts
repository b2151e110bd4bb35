import { describe, expect, it } from 'vitest';
import { referenceArguments } from '../farm/reference-client.js';
import { clientArguments, program, runOnTerminal } from '../farm/run.js';
import { expectSame } from './compare.js';

/** All bytes from 0x80: alone, and at several positions of sequences of two to four bytes. */
const bytes = Array.from({ length: 128 }, (_, i) => (0x80 + i).toString(16));
const samples = bytes.flatMap((byte, i) => [
  byte,
  `${byte}40`,
  `${byte}a1`,
  `${byte}${bytes[(i * 31) % 128]}`,
  `a4${byte}`,
  `41${byte}42`,
  `${byte}a1a140`,
  `8f${byte}${bytes[(i * 17) % 128]}`,
  `e3${byte}82`,
  `f09f${byte}80`,
]);
const select = (hex: string) => `select x'${hex}' as a, x'${hex}${hex}' as b`;
const script = `${samples.map(select).join(' union all ')};\n`;

/** In each of these character sets, the client has its own way of counting characters. */
describe('columns have the same widths and padding as with the client', () => {
  it.each([
    'utf8mb4',
    'utf8mb3',
    'latin1',
    'binary',
    'ascii',
    'sjis',
    'cp932',
    'ujis',
    'euckr',
    'gbk',
    'gb2312',
    'big5',
    'tis620',
    'cp1251',
    'koi8r',
  ])('in %s', async (characterSet) => {
    const input = `${script}select '日本ｶﾅé' as \`한글中文\`, c_varchar, c_varchar_sjis from all_types;\n`;
    await expectSame(['-t', '-f', `--default-character-set=${characterSet}`, 'itwiki'], { input });
  });
});

/** The terminal is standard input, output and error. */
describe('--auto-vertical-output uses the width of the terminal', () => {
  it.each([
    [30, 26],
    [30, 27],
    [80, 77],
    [132, 128],
    [132, 129],
    [0, 76],
    [0, 77],
  ])('a terminal of %i columns and a value of %i bytes', async (columns, length) => {
    const args = [
      '--auto-vertical-output',
      '-B',
      'itwiki',
      '-e',
      `select repeat('x', ${length}) a`,
    ];
    const all = [...clientArguments('s2'), ...args];
    const [client, ours] = await Promise.all([
      runOnTerminal(columns, 'mariadb', referenceArguments(all)),
      runOnTerminal(columns, program, all),
    ]);
    expect(ours.stdout.toString()).toBe(client.stdout.toString());
    expect(client.stdout.toString()).toContain('xxx');
  });

  it('ignores the variable COLUMNS', async () => {
    const sql = "select repeat('x', 50) as a";
    const env = { COLUMNS: '40' };
    await expectSame(['--auto-vertical-output', 'itwiki', '-e', sql], { env });
  });
});
