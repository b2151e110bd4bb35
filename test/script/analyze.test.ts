import { describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { tokenize } from '../../src/script/analyze.js';
import type { InteractiveOptions } from '../../src/script/interactive-reader.js';

const options: InteractiveOptions = { delimiter: ';', sqlMode: defaultSqlMode };
const noEscapes = { ...defaultSqlMode, noBackslashEscapes: true };
const ansi = { ...defaultSqlMode, ansiQuotes: true };

/** A text, and its tokens as `kind text`, with `!` after the kind if the token is open. */
type TokenCase = [text: string, tokens: string[], options?: Partial<InteractiveOptions>];

const casesByTopic: Record<string, TokenCase[]> = {
  words: [
    ['', []],
    [' \n ', []],
    ['select 1', ['keyword select', 'number 1']],
    ['SeLeCt\nFROM', ['keyword SeLeCt', 'keyword FROM']],
    ['page_title $a a$1 été', ['name page_title', 'name $a', 'name a$1', 'name été']],
    ['日本 😀x', ['name 日本', 'name 😀x']],
    ['from page p', ['keyword from', 'name page', 'name p']],
    ['select user, id', ['keyword select', 'name user', 'operator ,', 'name id']],
    ['create user x', ['keyword create', 'keyword user', 'name x']],
    ['select sql_no_cache a', ['keyword select', 'keyword sql_no_cache', 'name a']],
    ['a.select.from', ['name a', 'operator .', 'name select', 'operator .', 'name from']],
    ['`a``b`.`c', ['quoted-name `a``b`', 'operator .', 'quoted-name! `c']],
  ],
  functions: [
    ['count(a)', ['function count', 'operator (', 'name a', 'operator )']],
    ['count (a)', ['function count', 'operator (', 'name a', 'operator )']],
    ['count', ['name count']],
    ['left(a', ['function left', 'operator (', 'name a']],
    ['left join', ['keyword left', 'keyword join']],
    ['values (a', ['keyword values', 'operator (', 'name a']],
    ['in(a', ['keyword in', 'operator (', 'name a']],
    ['nosuch(a', ['name nosuch', 'operator (', 'name a']],
  ],
  numbers: [
    ['1 1.5 .5 1. 1e3', ['number 1', 'number 1.5', 'number .5', 'number 1.', 'number 1e3']],
    ['1.5e-3 0x1F 0b01', ['number 1.5e-3', 'number 0x1F', 'number 0b01']],
    ["x'4f' B'01' n'a'", ["number x'4f'", "number B'01'", "string n'a'"]],
    ['1a 0xg 12_', ['name 1a', 'name 0xg', 'name 12_']],
    ['-1', ['operator -', 'number 1']],
    ['t.1a', ['name t', 'operator .', 'name 1a']],
    ["ax'4f'", ['name ax', "string '4f'"]],
  ],
  strings: [
    ['\'a\' "b"', ["string 'a'", 'string "b"']],
    ['\'it\'\'s\' "a""b"', ["string 'it''s'", 'string "a""b"']],
    ["'a' 'b'", ["string 'a'", "string 'b'"]],
    ["'a\\'b'", ["string 'a\\'b'"]],
    ["'a\\'c'", ["string 'a\\'", 'name c', "string! '"], { sqlMode: noEscapes }],
    ['"a\\" b', ['quoted-name "a\\"', 'name b'], { sqlMode: ansi }],
    ['"a""b"."c', ['quoted-name "a""b"', 'operator .', 'quoted-name! "c'], { sqlMode: ansi }],
    ["'a\\'c'", ["string 'a\\'c'"], { sqlMode: ansi }],
    ['@"a"', ['variable @"a"'], { sqlMode: ansi }],
    ["'a", ["string! 'a"]],
    ["'a''", ["string! 'a''"]],
    ["'a\nb' c", ["string 'a\nb'", 'name c']],
    ["'é日😀' é", ["string 'é日😀'", 'name é']],
    ["'a;b';", ["string 'a;b'", 'delimiter ;']],
    ['"é', ['string! "é']],
  ],
  variables: [
    ['@a := @@global.b', ['variable @a', 'operator :=', 'variable @@global.b']],
    ["@`a b` @'c' @", ['variable @`a b`', "variable @'c'", 'operator @']],
    ['@@', ['variable @@']],
    ["'u'@'h'", ["string 'u'", 'operator @', "string 'h'"]],
    ['u@h', ['name u', 'operator @', 'name h']],
    ['`u`@`h`', ['quoted-name `u`', 'operator @', 'quoted-name `h`']],
  ],
  operators: [
    ['a<=>b<>c', ['name a', 'operator <=>', 'name b', 'operator <>', 'name c']],
    ['a||b&&!c', ['name a', 'operator ||', 'name b', 'operator &&', 'operator !', 'name c']],
    ['5--3', ['number 5', 'operator -', 'operator -', 'number 3']],
    ['a/b*c', ['name a', 'operator /', 'name b', 'operator *', 'name c']],
    ['\\N', ['keyword \\N']],
    ['a \\z b', ['name a', 'operator \\z', 'name b']],
  ],
  comments: [
    ['a -- b;\nc', ['name a', 'comment -- b;', 'name c']],
    ['--', ['comment --']],
    ['--x\na', ['comment --x', 'name a']],
    ['a --x', ['name a', 'operator -', 'operator -', 'name x']],
    ['a # b', ['name a', 'comment # b']],
    ['a/* b;\nc */d', ['name a', 'comment /* b;\nc */', 'name d']],
    ['/* é */ü', ['comment /* é */', 'name ü']],
    ['/* a', ['comment! /* a']],
    ["/* ' */ a", ["comment /* ' */", 'name a']],
    ['/*+ a */', ['comment /*+ a */']],
    ['/*!50003 a */', ['comment /*!50003', 'name a', 'comment */']],
    ["/*M! 'a' */", ['comment /*M!', "string 'a'", 'comment */']],
    ['/*!a', ['comment /*!', 'name a']],
    ['a; -- b', ['name a', 'delimiter ;', 'comment -- b'], { comments: true }],
  ],
  delimiters: [
    ['a;b', ['name a', 'delimiter ;', 'name b']],
    ['a;b//c', ['name a', 'operator ;', 'name b', 'delimiter //', 'name c'], { delimiter: '//' }],
    [
      'delimiter //\na;//',
      ['command delimiter', 'string //', 'name a', 'operator ;', 'delimiter //'],
    ],
    ['\\d $$\na$$', ['command \\d', 'string $$', 'name a', 'delimiter $$']],
    ['\\d page;', ['command \\d', 'name page', 'delimiter ;']],
    ['\\d `a b`', ['command \\d', 'quoted-name `a b`']],
    ['\\again \\G $> f;', ['command \\again', 'command \\G', 'redirect $> f;']],
    ['\\again; a', ['command \\again', 'delimiter ;', 'name a']],
    ['a\\gb\\G', ['name a', 'command \\g', 'name b', 'command \\G']],
    ['aéb\nc$$', ['name aéb', 'name c', 'delimiter $$'], { delimiter: '$$' }],
  ],
  commands: [
    ['use itwiki', ['command use', 'name itwiki']],
    [' USE  `it wiki`  ', ['command USE', 'quoted-name `it wiki`']],
    ['use d;select', ['command use', 'name d', 'delimiter ;', 'keyword select']],
    ['a;use d;b', ['name a', 'delimiter ;', 'command use', 'name d', 'delimiter ;', 'name b']],
    ['/* a */use d;', ['comment /* a */', 'command use', 'name d', 'delimiter ;']],
    ['use', ['command use']],
    ['a\nuse d', ['name a', 'keyword use', 'name d']],
    ['a\nuse d', ['name a', 'command use', 'name d'], { namedCommands: true }],
    ['quit;', ['command quit', 'delimiter ;']],
    ['quit now', ['name quit', 'name now']],
    ['source /tmp/a b.sql', ['command source', 'string /tmp/a b.sql']],
    ['\\. /tmp/a.sql', ['command \\.', 'string /tmp/a.sql']],
    ['a \\u d\nb', ['name a', 'command \\u', 'name d', 'name b']],
    ['a\\p b', ['name a', 'command \\p', 'name b']],
    ["'\\p' \\p", ["string '\\p'", 'command \\p']],
    ['a \\watch 2;b', ['name a', 'command \\watch', 'number 2', 'delimiter ;', 'name b']],
    ['\\timing on', ['command \\timing', 'string on']],
    ['\\f q 1 2', ['command \\f', 'name q 1 2']],
    ['\\fs q select 1', ['command \\fs', 'name q', 'keyword select', 'number 1']],
    ['quit\na "', ['command quit', 'name a', 'operator "']],
  ],
  redirects: [
    ['a $> f;', ['name a', 'redirect $> f;']],
    ['a; $>> f\nb', ['name a', 'delimiter ;', 'redirect $>> f', 'name b']],
    ["a\\G$| less -S 'x'", ['name a', 'command \\G', "redirect $| less -S 'x'"]],
    ['a$> f', ['name a$', 'operator >', 'name f']],
    ["'$> f'", ["string '$> f'"]],
    ['é $> é', ['name é', 'redirect $> é']],
  ],
};

describe.each(Object.entries(casesByTopic))(
  'tokenize splits an edited text into tokens: %s',
  (_topic, cases) => {
    it.each(cases)('%j', (text, tokens, overrides) => {
      const found = tokenize(text, { ...options, ...overrides });
      const described = found.map(
        ({ kind, start, end, isOpen }) => `${kind}${isOpen ? '!' : ''} ${text.slice(start, end)}`,
      );
      expect(described).toEqual(tokens);
    });
  },
);

/** Pieces that begin or end a construct; the test combines three at a time. */
const pieces = [
  'a',
  ' ',
  "'",
  '"',
  '`',
  ';',
  '\n',
  '/*',
  '*/',
  '-- ',
  '\\',
  '@',
  'x',
  '.',
  '1',
  '$>',
  'é',
  '😀',
  'use ',
  '/*!',
];

describe('the tokens of any text', () => {
  it('are in order, do not overlap, and cover everything but blanks', () => {
    // One expectation for all texts, because one per token would take most of the time.
    const errors: [text: string, start: number, end: number, between: string][] = [];
    for (const first of pieces) {
      for (const second of pieces) {
        for (const third of pieces) {
          const text = `${first}${second}${third}b ${second}`;
          let end = 0;
          for (const token of tokenize(text, options)) {
            const { start } = token;
            const between = text.slice(end, start);
            if (start < end || token.end <= start || between.trim() !== '')
              errors.push([text, start, token.end, between]);
            end = token.end;
          }
          const rest = text.slice(end);
          if (rest.trim() !== '') errors.push([text, end, text.length, rest]);
        }
      }
    }
    expect(errors).toEqual([]);
  });
});
