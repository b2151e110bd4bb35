import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/terminal/frame.js';
import { type EditorView, Layout, type LayoutOptions } from '../../src/terminal/layout.js';

const options: LayoutOptions = { columns: 10, rows: 4, rules: 'graphemes', colors: true };

const plain: EditorView = {
  text: '',
  cursor: 0,
  prompts: ['> ', '- '],
  spans: [],
  mark: { start: 0, end: 0 },
  suggestion: '',
  menu: [],
  search: undefined,
};

/** Returns the rows as text, `⏎` after those that the terminal wraps itself, and the cursor. */
function showFrame({ rows, cursor }: Frame): string[] {
  const texts = rows.map(
    ({ cells, wraps }) => cells.map((cell) => cell.text).join('') + (wraps ? '⏎' : ''),
  );
  return [...texts, `${cursor.row},${cursor.column}`];
}

describe('a view in rows of ten columns', () => {
  const cases: [name: string, view: Partial<EditorView>, ...rows: string[]][] = [
    ['an empty text', {}, '> ', '0,2'],
    ['two lines', { text: 'ab\ncd', cursor: 4 }, '> ab', '- cd', '1,3'],
    ['a full row', { text: '12345678', cursor: 3 }, '> 12345678', '0,5'],
    ['the cursor after a full row', { text: '12345678', cursor: 8 }, '> 12345678', '', '1,0'],
    ['a long line', { text: '1234567890', cursor: 8 }, '> 12345678⏎', '90', '1,0'],
    [
      'a wide character that does not fit',
      { text: '1234567日', cursor: 7 },
      '> 1234567',
      '日',
      '1,0',
    ],
    ['an emoji at the edge', { text: '123456👍x', cursor: 8 }, '> 123456👍', 'x', '1,0'],
    ['a control character', { text: 'a\x1bb', cursor: 2 }, '> a^[b', '0,5'],
    ['a suggestion', { text: 'ab', cursor: 2, suggestion: 'cd' }, '> abcd', '0,4'],
    [
      'a suggestion of several lines',
      { text: 'ab', cursor: 2, suggestion: 'c\nd' },
      '> abc…',
      '0,4',
    ],
    ['a menu', { text: 'a', cursor: 1, menu: [{ text: 'one', spans: [] }] }, '> a', 'one', '0,3'],
    [
      'a menu in the middle of a long line',
      { text: '1234567890\nx', cursor: 1, menu: [{ text: 'one', spans: [] }] },
      '> 12345678',
      'one',
      '90',
      '- x',
      '0,3',
    ],
    ['a search', { text: 'a\nb', cursor: 2, search: 'for: ' }, 'for: a', '- b', '1,2'],
    [
      'a search in a text that is taller than the screen',
      { text: 'a\nb\nc\nd\ne', cursor: 2, prompts: ['> ', '- ', '', '', ''], search: 'for: ' },
      ...['> a', '- b', 'for: ', 'c', 'd', 'e', '1,2'],
    ],
    ['a prompt of two lines', { prompts: ['wiki\n> '] }, 'wiki', '> ', '1,2'],
    ['a prompt in colors', { prompts: ['\x01\x1b[1;31m\x02>\x01\x1b[m\x02 '] }, '> ', '0,2'],
    ['a prompt with other escape sequences', { prompts: ['\x1b[2J\x07> '] }, '^[[2J^G> ', '0,9'],
  ];
  test.each(cases)('%s', (_, view, ...rows) => {
    expect(showFrame(new Layout().layOut({ ...plain, ...view }, options))).toEqual(rows);
  });
});

describe('renditions', () => {
  const renditions = (view: Partial<EditorView>, useColors = true) =>
    new Layout()
      .layOut({ ...plain, prompts: ['', ''], ...view }, { ...options, colors: useColors })
      .rows.map(({ cells }) => cells.map(({ rendition }) => rendition));
  const keyword = { start: 0, end: 4, style: 'keyword' } as const;

  test('a span continues in the next line', () => {
    const found = renditions({ text: 'ab\ncd', spans: [keyword] });
    expect(found).toEqual([
      ['1;32', '1;32'],
      ['1;32', ''],
    ]);
  });

  test('a mark is underlined', () => {
    const found = renditions({ text: 'abcde', spans: [keyword], mark: { start: 3, end: 5 } });
    expect(found).toEqual([['1;32', '1;32', '1;32', '1;32;4', '4']]);
  });

  test('suggestion and menu differ from the text even without colors', () => {
    const menu = [{ text: 'x', spans: [{ start: 0, end: 1, style: 'selected' as const }] }];
    const view = { text: 'a', cursor: 1, spans: [keyword], suggestion: 's', menu };
    expect(renditions(view, false)).toEqual([['', '2'], ['7']]);
  });

  test('a line that stays the same is not laid out again', () => {
    const layout = new Layout();
    const one = layout.layOut({ ...plain, text: 'ab\nc', cursor: 4 }, options);
    const other = layout.layOut({ ...plain, text: 'ab\ncd', cursor: 5 }, options);
    expect(other.rows[0]).toBe(one.rows[0]);
    expect(other.rows[1]).not.toBe(one.rows[1]);
  });
});
