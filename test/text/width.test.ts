import { describe, expect, it } from 'vitest';
import { cellWidth, clusters, type WidthRules, widthRulesOf } from '../../src/text/width.js';

/**
 * Name, text, cells by grapheme, cells by character. The latter were observed from the cursor
 * column in tmux 3.3a.
 */
const widths: [string, string, number, number][] = [
  ['an empty text', '', 0, 0],
  ['ASCII', 'select 1', 8, 8],
  ['a letter with an accent', 'é', 1, 1],
  ['a letter and a combining accent', 'e\u0301', 1, 1],
  ['a letter and three combining accents', 'e\u0301\u0323\u0300', 1, 1],
  ['kanji', '日本', 4, 4],
  ['hangul', '한국', 4, 4],
  ['hangul as separate consonants and vowels', '\u1112\u1161\u11ab', 2, 2],
  ['kana and a combining sound mark', 'か\u3099', 2, 2],
  ['half-width kana, whose sound mark has its own cell', 'ﾊﾞ', 2, 2],
  ['full-width Latin', 'Ａ', 2, 2],
  ['kanji outside the Basic Multilingual Plane', '𠀀', 2, 2],
  ['mathematical letters outside the Basic Multilingual Plane', '𝒳', 1, 1],
  ['characters of ambiguous width, which are narrow', 'Ω①…“─', 5, 5],
  ['Devanagari with a spacing vowel', 'नि', 2, 2],
  ['Devanagari, joined consonants', 'क्षि', 3, 3],
  ['Thai with a mark above', 'ก็', 1, 1],
  ['Thai with sara am', 'กำ', 2, 2],
  ['Hebrew with points', 'שָׁ', 1, 1],
  ['Arabic with a vowel', 'بِ', 1, 1],
  ['an emoji', '😀', 2, 2],
  ['an emoji in the Basic Multilingual Plane', '⌚', 2, 2],
  ['a symbol that can be an emoji', '❤', 1, 1],
  ['the same symbol with an emoji selector', '❤️', 2, 1],
  ['a key cap', '1️⃣', 2, 1],
  ['a flag', '🇮🇹', 2, 2],
  ['two flags', '🇮🇹🇫🇷', 4, 4],
  ['half a flag', '🇮', 1, 1],
  ['a flag made with tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2, 2],
  ['an emoji with a skin tone', '👍🏽', 2, 2],
  ['a skin tone alone', '🏻', 2, 2],
  ['a joined family', '👨‍👩‍👧‍👦', 2, 2],
  ['a joined emoji with a skin tone', '👩🏽‍🚀', 2, 2],
  ['a joined white flag', '🏳️‍🌈', 2, 1],
  ['private use', '\ue000', 1, 1],
  ['text with kanji and an emoji', "select '日本' -- 👍", 19, 19],
];

/** The placeholders of characters that are invisible or control the terminal. */
const placeholders: [string, string, string][] = [
  ['a tab', '\t', '    '],
  ['a null', '\0', '^@'],
  ['an escape', '\x1b', '^['],
  ['a delete', '\x7f', '^?'],
  ['a line break of two characters', '\r\n', '^M^J'],
  ['a C1 control character', '\x9b', '<U+009B>'],
  ['a direction override', '\u202e', '<U+202E>'],
  ['a direction isolate', '\u2066', '<U+2066>'],
  ['a line separator', '\u2028', '<U+2028>'],
  ['a byte order mark', '\ufeff', '<U+FEFF>'],
  ['a zero-width space', '\u200b', '<U+200B>'],
  ['a joiner alone', '\u200d', '<U+200D>'],
  ['a soft hyphen', '\xad', '<U+00AD>'],
  ['half a surrogate pair', '\ud83d', '<U+D83D>'],
  ['a variation selector alone', '\ufe0f', '<U+FE0F>'],
];

describe('cellWidth', () => {
  it.each(widths)('counts the cells of %s', (_, text, byGrapheme, byCharacter) => {
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
  ])('with TERM=%s the terminal counts %s', (term, rules) => {
    expect(widthRulesOf(term)).toBe(rules);
  });
});

describe('the displayed text', () => {
  it.each(placeholders)('has a placeholder for %s', (_, text, shown) => {
    const found = [...clusters(text)];
    expect(found).toEqual([
      { start: 0, end: text.length, shown, cells: shown.length, isWidthCertain: true },
    ]);
  });

  it('has a dotted circle below a mark without a base character', () => {
    expect([...clusters('\u0301a')].map(({ shown, cells }) => [shown, cells])).toEqual([
      ['◌\u0301', 1],
      ['a', 1],
    ]);
  });

  it('is as wide as the sum of its clusters', () => {
    const text =
      widths.map(([, each]) => each).join('\t') + placeholders.map(([, each]) => each).join('');
    let cells = 0;
    for (const cluster of clusters(text)) cells += cluster.cells;
    expect(cellWidth(text)).toBe(cells);
  });
});

describe('clusters', () => {
  it('cover the text without gaps', () => {
    const text = "a日e\u0301 'x\ty'👨‍👩‍👧‍👦z\u0323é";
    let position = 0;
    const parts = [];
    for (const { start, end } of clusters(text)) {
      expect(start).toBe(position);
      parts.push(text.slice(start, end));
      position = end;
    }
    expect(position).toBe(text.length);
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
    ['a skin tone', '👍🏽', false],
    ['a symbol with an emoji selector', '❤️', false],
    ['a flag', '🇮🇹', false],
    ['a spacing vowel', 'नि', false],
    ['hangul as separate consonants and vowels', '\u1112\u1161', false],
    ['a hangul vowel alone', '\u1160', false],
    ['private use', '\ue000', false],
  ])('know whether terminals agree about the width of %s', (_, text, isWidthCertain) => {
    expect([...clusters(text)].map((each) => each.isWidthCertain)).toEqual([isWidthCertain]);
  });
});
