import { describe, expect, it } from 'vitest';
import { cellWidth, clusters, type WidthRules, widthRulesOf } from '../../src/text/width.js';

/** Text, cells by grapheme, cells by character: the latter read off the cursor in tmux 3.3a. */
const widths: [string, string, number, number][] = [
  ['nothing', '', 0, 0],
  ['ASCII', 'select 1', 8, 8],
  ['a letter with an accent', 'é', 1, 1],
  ['a letter and a combining accent', 'e\u0301', 1, 1],
  ['a letter and three of them', 'e\u0301\u0323\u0300', 1, 1],
  ['kanji', '日本', 4, 4],
  ['hangul', '한국', 4, 4],
  ['hangul of single consonants and vowels', '\u1112\u1161\u11ab', 2, 2],
  ['kana and a combining sound mark', 'か\u3099', 2, 2],
  ['half-width kana, its sound mark has a cell', 'ﾊﾞ', 2, 2],
  ['full-width Latin', 'Ａ', 2, 2],
  ['kanji beyond the first plane', '𠀀', 2, 2],
  ['mathematical letters beyond the first plane', '𝒳', 1, 1],
  ['ambiguous ones are narrow', 'Ω①…“─', 5, 5],
  ['Devanagari with a spacing vowel', 'नि', 2, 2],
  ['Devanagari, joined consonants', 'क्षि', 3, 3],
  ['Thai with a mark above', 'ก็', 1, 1],
  ['Thai with sara am', 'กำ', 2, 2],
  ['Hebrew with points', 'שָׁ', 1, 1],
  ['Arabic with a vowel', 'بِ', 1, 1],
  ['an emoji', '😀', 2, 2],
  ['an emoji of the first plane', '⌚', 2, 2],
  ['a sign that may be an emoji', '❤', 1, 1],
  ['… asked to be one', '❤️', 2, 1],
  ['a key cap', '1️⃣', 2, 1],
  ['a flag', '🇮🇹', 2, 2],
  ['two flags', '🇮🇹🇫🇷', 4, 4],
  ['half a flag', '🇮', 1, 1],
  ['a flag made with tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2, 2],
  ['a tone of skin', '👍🏽', 2, 2],
  ['a tone of skin alone', '🏻', 2, 2],
  ['a family', '👨‍👩‍👧‍👦', 2, 2],
  ['a joined one with a tone of skin', '👩🏽‍🚀', 2, 2],
  ['a white flag that is joined', '🏳️‍🌈', 2, 1],
  ['private use', '\ue000', 1, 1],
  ['text around', "select '日本' -- 👍", 19, 19],
];

/** What is painted for characters that would be unseen or do something. */
const pictures: [string, string, string][] = [
  ['a tab', '\t', '    '],
  ['a null', '\0', '^@'],
  ['an escape', '\x1b', '^['],
  ['a delete', '\x7f', '^?'],
  ['a line break of two', '\r\n', '^M^J'],
  ['a control of the second set', '\x9b', '<U+009B>'],
  ['an override of direction', '\u202e', '<U+202E>'],
  ['an isolate', '\u2066', '<U+2066>'],
  ['a separator of lines', '\u2028', '<U+2028>'],
  ['a byte order mark', '\ufeff', '<U+FEFF>'],
  ['a blank of no width', '\u200b', '<U+200B>'],
  ['a joiner alone', '\u200d', '<U+200D>'],
  ['a soft hyphen', '\xad', '<U+00AD>'],
  ['half a surrogate pair', '\ud83d', '<U+D83D>'],
  ['a selector alone', '\ufe0f', '<U+FE0F>'],
];

describe('cells of a text', () => {
  it.each(widths)('%s', (_, text, byGrapheme, byCharacter) => {
    expect([cellWidth(text), cellWidth(text, 'characters')]).toEqual([byGrapheme, byCharacter]);
  });

  it.each<[string | undefined, WidthRules]>([
    ['xterm-256color', 'graphemes'],
    ['xterm-kitty', 'graphemes'],
    [undefined, 'graphemes'],
    ['screen-256color', 'characters'],
    ['screen', 'characters'],
    ['tmux-256color', 'characters'],
    ['linux', 'characters'],
  ])('a terminal of TERM=%s counts %s', (term, rules) => {
    expect(widthRulesOf(term)).toBe(rules);
  });
});

describe('what is painted', () => {
  it.each(pictures)('%s is seen', (_, text, shown) => {
    const found = [...clusters(text)];
    expect(found).toEqual([{ start: 0, end: text.length, shown, cells: shown.length, sure: true }]);
  });

  it('puts a mark that has nothing before it on a circle', () => {
    expect([...clusters('\u0301a')].map(({ shown, cells }) => [shown, cells])).toEqual([
      ['◌\u0301', 1],
      ['a', 1],
    ]);
  });

  it('a text is as wide as its clusters', () => {
    const text =
      widths.map(([, each]) => each).join('\t') + pictures.map(([, each]) => each).join('');
    let cells = 0;
    for (const cluster of clusters(text)) cells += cluster.cells;
    expect(cellWidth(text)).toBe(cells);
  });
});

describe('clusters', () => {
  it('cover the text without a gap', () => {
    const text = "a日e\u0301 'x\ty'👨‍👩‍👧‍👦z\u0323é";
    let at = 0;
    const parts = [];
    for (const { start, end } of clusters(text)) {
      expect(start).toBe(at);
      parts.push(text.slice(start, end));
      at = end;
    }
    expect(at).toBe(text.length);
    expect(parts).toEqual([
      'a',
      '日',
      'e\u0301',
      ' ',
      "'",
      'x',
      '\t',
      'y',
      "'",
      '👨‍👩‍👧‍👦',
      'z\u0323',
      'é',
    ]);
  });

  it.each([
    ['ASCII', 'a', true],
    ['kanji', '日', true],
    ['a combining accent', 'e\u0301', true],
    ['an emoji', '😀', false],
    ['a tone of skin', '👍🏽', false],
    ['an emoji by request', '❤️', false],
    ['a flag', '🇮🇹', false],
    ['a spacing vowel', 'नि', false],
    ['hangul of single consonants and vowels', '\u1112\u1161', false],
    ['a hangul vowel alone', '\u1160', false],
    ['private use', '\ue000', false],
  ])('terminals agree about %s: %#', (_, text, sure) => {
    expect([...clusters(text)].map((each) => each.sure)).toEqual([sure]);
  });
});
