import { describe, expect, it } from 'vitest';
import { formatForTerminal, type TerminalFormatOptions } from '../../src/output/terminal-format.js';
import type { Column } from '../../src/protocol/column.js';
import { memoryOutput } from './memory-sink.js';
import { type Cell, longCell, textColumns, textRow } from './rows.js';

const defaultOptions: TerminalFormatOptions = {
  vertical: false,
  autoVertical: false,
  columnNames: true,
  terminalWidth: 80,
  colors: false,
  characterSet: 'utf8mb4',
  binaryAsHex: false,
};

interface Case {
  names?: string[];
  changes?: Partial<Column>;
  options?: Partial<TerminalFormatOptions>;
}

/** Returns the output for the rows as bytes. */
async function render(rows: Cell[][], { names, changes, options }: Case = {}): Promise<Buffer> {
  const memory = memoryOutput();
  const format = formatForTerminal(memory.out, { ...defaultOptions, ...options });
  const letters = (rows[0] ?? []).map((_, i) => String.fromCharCode(0x61 + i));
  format.begin(textColumns(...(names ?? letters)).map((column) => ({ ...column, ...changes })));
  for (const cells of rows) {
    const { bytes, start, end } = textRow(cells);
    format.row(bytes, start, end);
  }
  format.end(true);
  return memory.written();
}

async function renderLines(rows: Cell[][], options: Case = {}): Promise<string[]> {
  return (await render(rows, options)).toString().trimEnd().split('\n');
}

/** Returns the displayed value of a table with a single cell. */
async function renderValue(cell: Cell, options: Case = {}): Promise<string> {
  const [, , , row = ''] = await renderLines([[cell]], options);
  return row.slice(2, -2).trimEnd();
}

const binary = { collation: 63 };
const toHex = (byte: number) => byte.toString(16).padStart(2, '0');

describe('escapes', () => {
  const controls = [...Array(0x20).keys(), 0x7f];
  const named: Record<number, string> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r' };

  it.each([{}, binary])('each ASCII control character (%o)', async (changes) => {
    for (const byte of controls) {
      const shown = named[byte] ?? `\\x${toHex(byte)}`;
      expect(await renderValue(`a${String.fromCharCode(byte)}b`, { changes })).toBe(`a${shown}b`);
    }
  });

  it('each byte that is not valid UTF-8', async () => {
    for (let byte = 0x80; byte < 0x100; byte++) {
      expect(await renderValue(Buffer.of(0x61, byte, 0x62))).toBe(`a\\x${toHex(byte)}b`);
    }
  });

  it.each(['latin1', 'cp1251', 'gbk'])('each single C1 byte in %s', async (characterSet) => {
    for (let byte = 0x80; byte < 0xa0; byte++) {
      const shown = await renderValue(Buffer.of(0x61, byte), { options: { characterSet } });
      expect(shown).toBe(`a\\x${toHex(byte)}`);
    }
  });

  it.each<[string, string, string]>([
    ['a CSI of two bytes', 'a\u009b31mb', 'a\\u009b31mb'],
    ['an SGR sequence', '\x1b[31mred', '\\x1b[31mred'],
    ['a window title', '\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
    ['a link', '\x1b]8;;http://x\x1b\\x', '\\x1b]8;;http://x\\x1b\\x'],
    ['the dimming sequences in a value', '\x1b[2mNULL\x1b[22m', '\\x1b[2mNULL\\x1b[22m'],
    ['a carriage return', 'good\rbad', 'good\\rbad'],
    ['a direction override', 'a\u202eb', 'a\\u202eb'],
    ['direction isolates', 'a\u2066b\u2069', 'a\\u2066b\\u2069'],
    ['direction marks', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
    ['line and paragraph separators', 'a\u2028b\u2029c\u0085', 'a\\u2028b\\u2029c\\u0085'],
    [
      'invisible characters',
      '\u200b\u2060\ufeff\u00ad\u180e',
      '\\u200b\\u2060\\ufeff\\u00ad\\u180e',
    ],
    ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
    ['joiners between Latin letters', 'ad\u200dmin\u200c', 'ad\\u200dmin\\u200c'],
    ['noncharacters', '\uffff\u{1fffe}', '\\uffff\\u{1fffe}'],
    ['surrogates and overlong forms', '', ''],
  ])('%s', async (_name, text, shown) => {
    expect(await renderValue(text)).toBe(shown);
  });

  it('each byte of sequences that only resemble UTF-8', async () => {
    const broken = ['eda080', 'c080', 'e08080', 'f0808080', 'f4908080', 'e282', 'c3'];
    for (const bytes of broken) {
      const shown = bytes.replaceAll(/../g, '\\x$&');
      expect(await renderValue(Buffer.from(bytes, 'hex'))).toBe(shown);
    }
  });

  it('all Unicode characters that are invisible or control the terminal', async () => {
    // Format characters that are visible: signs over numbers and words.
    const drawn =
      /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{13455}]/u;
    const acts = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
    const through: string[] = [];
    for (let first = 0; first < 0x110000; first += 0x400) {
      const characters = Array.from({ length: 0x400 }, (_, i) => String.fromCodePoint(first + i));
      const shown = await renderValue(characters.map((it) => `a${it}b`).join(''));
      for (const it of shown) if (acts.test(it) && !drawn.test(it)) through.push(it);
    }
    expect(through).toEqual([]);
  });

  it.each([
    ['Persian', 'می\u200cشود'],
    ['Hindi', 'क्\u200dष'],
    ['emoji', '👨\u200d👩\u200d👧'],
    ['key caps and flags', '1\ufe0f\u20e3🇮🇹'],
    ['letters', 'é漢日本한글ｱёالعربية'],
  ])('nothing that is part of words: %s', async (_name, text) => {
    expect(await renderValue(text)).toBe(text);
  });

  it('column names, too', async () => {
    const names = ['a\x1b[31m\n', '\u202e'];
    const [, head] = await renderLines([['1', '2']], { names });
    expect(head).toBe('| a\\x1b[31m\\n | \\u202e |');
    const [, first, second] = await renderLines([['1', '2']], {
      names,
      options: { vertical: true },
    });
    expect([first, second]).toEqual(['a\\x1b[31m\\n: 1', '     \\u202e: 2']);
  });

  it('no backslash in a value', async () => {
    expect(await renderValue('a\\nb')).toBe('a\\nb');
  });
});

describe('vertical output', () => {
  const options = { vertical: true };

  it('keeps newlines, but no other control characters', async () => {
    const rows = [['a\nb\tc\r\n\x1b[2J', null]];
    expect((await renderLines(rows, { options })).slice(1)).toEqual([
      'a: a',
      'b\\tc\\r',
      '\\x1b[2J',
      'b: <NULL>',
    ]);
  });

  it('is chosen if a table would have more cells than the terminal', async () => {
    const width = async (terminalWidth: number) => {
      const [first = ''] = await renderLines([['日本']], {
        options: { autoVertical: true, terminalWidth },
      });
      return first[0];
    };
    expect([await width(8), await width(7)]).toEqual(['+', '*']);
  });

  it('counts escapes and hexadecimal at their displayed width', async () => {
    const width = async (cell: Cell, changes: Partial<Column>, terminalWidth: number) => {
      const [first = ''] = await renderLines([[cell]], {
        changes,
        options: { autoVertical: true, terminalWidth },
      });
      return first[0];
    };
    expect(await width('\x1b\x1b', {}, 12)).toBe('+');
    expect(await width('\x1b\x1b', {}, 11)).toBe('*');
    expect(await width(Buffer.of(0xff, 0, 1), binary, 12)).toBe('+');
    expect(await width(Buffer.of(0xff, 0, 1), binary, 11)).toBe('*');
  });
});

describe('values of binary columns', () => {
  it.each<[string, Cell, Partial<Column>, string]>([
    ['VARBINARY that is valid UTF-8', 'é_漢', binary, 'é_漢'],
    ['a BLOB that is valid UTF-8', 'é', { ...binary, type: 252 }, 'é'],
    [
      'a BLOB that is valid UTF-8 with control characters',
      'a\0\n',
      { ...binary, type: 252 },
      'a\\0\\n',
    ],
    [
      'BINARY(n) that is not valid UTF-8',
      Buffer.of(0xff, 0x41),
      { ...binary, type: 254 },
      '0xFF41',
    ],
    ['an empty VARBINARY', '', binary, ''],
    ['BIT', Buffer.of(0x41), { ...binary, type: 16 }, '0x41'],
    ['an empty BIT', '', { ...binary, type: 16 }, '0x'],
    ['GEOMETRY', 'abc', { ...binary, type: 255 }, '0x616263'],
    [
      'a date, which also has the binary collation',
      '2026-01-01',
      { ...binary, type: 10 },
      '2026-01-01',
    ],
    ['text that is not valid UTF-8', Buffer.of(0xff), {}, '\\xff'],
  ])('%s', async (_name, cell, changes, shown) => {
    expect(await renderValue(cell, { changes })).toBe(shown);
  });

  it('are hexadecimal or text depending on each single value', async () => {
    const rows = [[Buffer.of(0xff)], ['text'], [null], ['\x07']];
    expect((await renderLines(rows, { changes: binary })).slice(3, 7)).toEqual([
      '| 0xFF   |',
      '| text   |',
      '| <NULL> |',
      '| \\x07   |',
    ]);
  });

  it('are all hexadecimal with --binary-as-hex', async () => {
    const options = { binaryAsHex: true };
    expect(await renderValue('abc', { changes: binary, options })).toBe('0x616263');
    expect(await renderValue(null, { changes: binary, options })).toBe('<NULL>');
    expect(await renderValue('abc', { options })).toBe('abc');
  });
});

describe('NULL', () => {
  it('differs from the text NULL', async () => {
    expect(await renderLines([[null], ['NULL']])).toEqual([
      '+--------+',
      '| a      |',
      '+--------+',
      '| <NULL> |',
      '| NULL   |',
      '+--------+',
    ]);
  });

  it('is dim if colors are on, and as wide as the text NULL', async () => {
    const rows = [
      [null, '\n\n'],
      ['NULL', 'b'],
    ];
    expect(await renderLines(rows, { options: { colors: true } })).toEqual([
      '+------+------+',
      '| a    | b    |',
      '+------+------+',
      '| \x1b[2mNULL\x1b[22m | \x1b[2m\\n\\n\x1b[22m |',
      '| NULL | b    |',
      '+------+------+',
    ]);
  });

  it('is right-aligned in a column of numbers', async () => {
    const rows = [['1234567'], [null]];
    const options = { colors: true };
    const [, head, , number, none] = await renderLines(rows, { changes: { type: 3 }, options });
    expect([head, number, none]).toEqual([
      '| a       |',
      '| 1234567 |',
      '|    \x1b[2mNULL\x1b[22m |',
    ]);
  });
});

describe('column widths', () => {
  it('count the cells of wide and combining characters', async () => {
    const rows = [['日本'], ['e\u0301'], ['ab'], ['العربية']];
    const cellWidth = (text: string) =>
      [...text].reduce(
        (sum, it) => sum + (/[\u4e00-\u9fff]/.test(it) ? 2 : /\p{Mn}/u.test(it) ? 0 : 1),
        0,
      );
    expect(await renderLines(rows, { names: ['漢字'], options: { cellWidth } })).toEqual([
      '+---------+',
      '| 漢字    |',
      '+---------+',
      '| 日本    |',
      '| e\u0301       |',
      '| ab      |',
      '| العربية |',
      '+---------+',
    ]);
  });

  it('pass whole emoji to cellWidth, without the dimming sequences', async () => {
    const asked: string[] = [];
    const cellWidth = (text: string) => {
      asked.push(text);
      return 2;
    };
    const rows = [['👨\u200d👩\u200d👧'], ['👍🏽\x07']];
    await renderLines(rows, { options: { cellWidth, colors: true } });
    expect([...new Set(asked)]).toEqual(['👨\u200d👩\u200d👧', '👍🏽\\x07']);
  });
});

describe('long values', () => {
  it.each([250, 251, 65_536, 0x1000001])('of %i bytes are displayed whole', async (size) => {
    const cell = longCell(size, 'ab\x1b');
    const shown = cell.toString().replaceAll('\x1b', '\\x1b');
    expect((await renderValue(cell)) === shown).toBe(true);
  });
});
