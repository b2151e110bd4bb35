import { describe, expect, it } from 'vitest';
import { TsvFormat } from '../../src/output/tsv.js';
import { memoryOutput } from './memory-sink.js';
import { type Cell, createRandom, longCell, randomCell, textColumns, textRow } from './rows.js';

const defaultOptions = { columnNames: false, raw: false, showEmpty: false };

async function renderTsv(rows: Cell[][], options = defaultOptions): Promise<string> {
  const { out, written } = memoryOutput();
  const format = new TsvFormat(out, options);
  format.begin(textColumns('a', 'b\tc\\'));
  for (const cells of rows) {
    const { bytes, start, end } = textRow(cells);
    format.row(bytes, start, end);
  }
  format.end();
  return (await written()).toString('latin1');
}

describe('TsvFormat', () => {
  it.each<[string, Cell[], string]>([
    ['separates cells with tabs', ['a', 'b'], 'a\tb\n'],
    ['writes NULL', [null, 'x', null], 'NULL\tx\tNULL\n'],
    ['does not change the text NULL', ['NULL'], 'NULL\n'],
    ['writes an empty cell as nothing', ['', ''], '\t\n'],
    ['escapes NUL, tab, newline and backslash', ['\0\t\n\\'], '\\0\\t\\n\\\\\n'],
    ['does not escape other control characters', ['\r\x01\x1b\x0b\x7f'], '\r\x01\x1b\x0b\x7f\n'],
    [
      'does not change bytes that are not valid UTF-8',
      [Buffer.of(0xff, 0xc3, 0xfb)],
      '\xff\xc3\xfb\n',
    ],
  ])('%s', async (_name, cells, expected) => {
    expect(await renderTsv([cells])).toBe(expected);
  });

  it.each([250, 251, 252, 65_535, 65_536, 300_000, 0x1000001])(
    'reads a cell of %i bytes with any size of length prefix',
    async (size) => {
      const cell = longCell(size, 'ab\t');
      const expected = cell.toString().replaceAll('\t', '\\t');
      expect((await renderTsv([[cell, null]])) === `${expected}\tNULL\n`).toBe(true);
    },
  );

  it('escapes nothing with --raw, but still writes NULL', async () => {
    expect(await renderTsv([['\0\t\n\\', null]], { ...defaultOptions, raw: true })).toBe(
      '\0\t\n\\\tNULL\n',
    );
  });

  it('writes the header once, unescaped, before the first row', async () => {
    const options = { ...defaultOptions, columnNames: true };
    expect(
      await renderTsv(
        [
          ['1', '2'],
          ['3', '4'],
        ],
        options,
      ),
    ).toBe('a\tb\tc\\\n1\t2\n3\t4\n');
  });

  it('writes nothing for an empty result set, and its header with --quick', async () => {
    expect(await renderTsv([], { ...defaultOptions, columnNames: true })).toBe('');
    expect(await renderTsv([], { ...defaultOptions, columnNames: true, showEmpty: true })).toBe(
      'a\tb\tc\\\n',
    );
  });

  it('writes random rows like a slow reference implementation', async () => {
    const random = createRandom(20261121);
    const rows = Array.from({ length: 3000 }, () =>
      Array.from({ length: 1 + random(8) }, () => randomCell(random)),
    );
    expect((await renderTsv(rows)) === rows.map(renderSlowly).join('')).toBe(true);
  });
});

function renderSlowly(cells: Cell[]): string {
  const escapes: Record<string, string> = { '\0': '\\0', '\t': '\\t', '\n': '\\n', '\\': '\\\\' };
  const written = cells.map((cell) =>
    cell === null
      ? 'NULL'
      : Buffer.from(cell as string)
          .toString('latin1')
          .replace(/[\0\t\n\\]/g, (found) => escapes[found] ?? found),
  );
  return `${written.join('\t')}\n`;
}
