import { describe, expect, it } from 'vitest';
import { WikitableFormat } from '../../src/output/wikitable.js';
import { memoryOutput } from './memory-sink.js';
import { type Cell, createRandom, textColumns, textRow } from './rows.js';

async function renderTables(names: string[], ...results: Cell[][][]): Promise<string> {
  const { out, written } = memoryOutput();
  const format = new WikitableFormat(out, { hex: false });
  for (const rows of results) {
    format.begin(textColumns(...names));
    for (const cells of rows) {
      const { bytes, start, end } = textRow(cells);
      format.row(bytes, start, end);
    }
    format.end();
  }
  return (await written()).toString();
}

/** Returns the markup of the cell in a table with a single value. */
async function renderCell(value: string): Promise<string> {
  const text = await renderTables(['a'], [[value]]);
  return /\n\|-\n\| (.*)\n\|\}\n$/s.exec(text)?.[1] ?? text;
}

/** Returns the text that a page displays for the markup of a cell. */
function decodeCell(cell: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>' };
  return cell
    .trim()
    .replaceAll('<br>', '\n')
    .replace(/&(?:#(\d+)|(\w+));/g, (_, number, name) =>
      number === undefined ? (named[name] ?? '?') : String.fromCharCode(Number(number)),
    );
}

describe('WikitableFormat', () => {
  it('writes a header, all rows, and NULL in a form that no value has', async () => {
    expect(
      await renderTables(
        ['n', 'a|b'],
        [
          ['1', null],
          ['', "''NULL''"],
        ],
      ),
    ).toBe(
      [
        '{| class="wikitable"',
        '! n',
        '! a&#124;b',
        '|-',
        '| 1',
        "| ''NULL''",
        '|-',
        '| ',
        '| &#39;&#39;NULL&#39;&#39;',
        '|}',
        '',
      ].join('\n'),
    );
  });

  it('writes a header without rows, and an empty line before a second result set', async () => {
    const empty = '{| class="wikitable"\n! a\n|}\n';
    expect(await renderTables(['a'], [], [])).toBe(`${empty}\n${empty}`);
  });

  it.each([
    ['a|b||c', 'a&#124;b&#124;&#124;c'],
    ['!!', '&#33;&#33;'],
    ['{{x}}', '&#123;&#123;x&#125;&#125;'],
    ['[[x]]', '&#91;&#91;x&#93;&#93;'],
    ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
    ["'''x'''", '&#39;&#39;&#39;x&#39;&#39;&#39;'],
    ['~~~~', '&#126;&#126;&#126;&#126;'],
    ['__TOC__', '&#95;&#95;TOC&#95;&#95;'],
    ['page_title', 'page_title'],
    ['* x', '&#42; x'],
    ['#x', '&#35;x'],
    [':x', '&#58;x'],
    [';x', '&#59;x'],
    ['= x =', '&#61; x ='],
    ['-5', '&#45;5'],
    ['+5', '&#43;5'],
    ['a-5', 'a-5'],
    ['a\nb', 'a<br>b'],
    ['a\r\n* b\rc', 'a<br>&#42; b<br>c'],
    [' a ', '&#32;a&#32;'],
    ['https://x', 'https&#58;//x'],
    ['mailto:x', 'mailto&#58;x'],
    ['12:34', '12:34'],
    ['RFC 1, ISBN 2, PMID 3', 'RFC&#32;1, ISBN&#32;2, PMID&#32;3'],
    ['é日\0', 'é日 '],
  ])('writes %j as %j', async (value, cell) => {
    expect(await renderCell(value)).toBe(cell);
  });

  it('writes random values so that they display unchanged and are never markup', async () => {
    const random = createRandom(7);
    const alphabet = Array.from('|!{}[]<>&\'~_-+*#:;= ab1\n"é');
    for (let i = 0; i < 2000; i++) {
      const value = Array.from(
        { length: random(12) },
        () => alphabet[random(alphabet.length)],
      ).join('');
      const cell = await renderCell(value);
      expect(decodeCell(cell)).toBe(value);
      expect(cell.replaceAll('<br>', '\n')).not.toMatch(/[|!{}[\]<>'~\r]|__|:\/\/|^[*#:;=+-]/m);
    }
  });
});
