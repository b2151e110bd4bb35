import { describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { analyse } from '../../src/script/analyse.js';
import { continuationPrompt } from '../../src/script/lexical-state.js';
import { newReader, shownItem } from './read-script.js';

const options = { delimiter: ';', sqlMode: defaultSqlMode };

/** A text, whether Enter runs it, and what is open where its lines begin. */
const looks: [text: string, complete: boolean, openings: string][] = [
  ['', true, ''],
  [' ', true, ''],
  ['\n', true, '|'],
  ['select 1', false, ''],
  ['select 1;', true, ''],
  ['select 1\\G', true, ''],
  ['select\n1', false, '|-'],
  ['select\n1;', true, '|-'],
  ['select\n\n1;', true, '|-|-'],
  ['select 1;\nselect 2', true, '|'],
  ['select 1;\nselect 2\nfrom t', true, '||-'],
  ["select 1; select 'a", true, ''],
  ["select 'a\nb", false, "|'"],
  ["select 'a\nb';", true, "|'"],
  ['select "a\nb', false, '|"'],
  ['select `a\nb', false, '|`'],
  ['select /* a\nb', false, '|/*'],
  ['/* a\nb */', true, '|/*'],
  ['/* a\nb */\nc', false, '|/*|'],
  ["/*! 'a\n' b", false, "|'"],
  ['-- it;', true, ''],
  ['-- it\nselect', false, '|'],
  ['select -- it;', false, ''],
  ['quit', true, ''],
  ['quit x', false, ''],
  ['quit;\nselect 1', true, '|'],
  ['use d', true, ''],
  ["use 'd", false, ''],
  ['select\nquit', false, '|-'],
  ['select \\p', true, ''],
  ['select \\c', true, ''],
  ['select \\z', true, ''],
  ["select '\\c", false, ''],
  ['delimiter //', true, ''],
  ['delimiter //\nselect 1;', true, '|'],
  ['delimiter //\nselect 1;\n//', true, '||-'],
  ['select 1 $> f', true, ''],
  ['select 1 \\watch', true, ''],
  ['\\watch 2', true, ''],
  ['\\f x', true, ''],
  ['\\fs x', false, ''],
  ['\\fs x\nselect 1', false, '|-'],
  ['\\fs x select 1;', true, ''],
  ["select 'é日😀\n", false, "|'"],
];

describe('a text that is edited is looked at', () => {
  it.each(looks)('%j: complete %s, open at its lines %j', (text, complete, openings) => {
    const seen = analyse(text, options);
    expect({ complete: seen.isComplete, openings: seen.openings.join('|') }).toEqual({
      complete,
      openings,
    });
  });

  it('with the delimiter, the escapes and the flags of the moment', () => {
    expect(analyse('select 1;', { ...options, delimiter: '//' }).isComplete).toBe(false);
    expect(analyse("select '\\';", options).isComplete).toBe(false);
    const noEscapes = { ...defaultSqlMode, noBackslashEscapes: true };
    const ansi = { ...defaultSqlMode, ansiQuotes: true };
    expect(analyse('select 1 "\\";', options).isComplete).toBe(false);
    expect(analyse('select 1 "\\";', { ...options, sqlMode: ansi }).isComplete).toBe(true);
    expect(analyse("select '\\';", { ...options, sqlMode: noEscapes }).isComplete).toBe(true);
    expect(analyse('select\nquit', { ...options, namedCommands: true }).isComplete).toBe(true);
    expect(analyse('/* x */', { ...options, comments: true }).isComplete).toBe(false);
  });

  it('and each line has its prompt', () => {
    const { openings } = analyse('a\n\'\n\'"\n"`\n`/*\n*/', options);
    const prompts = openings.map((opening) =>
      opening === '' ? 'P>' : continuationPrompt(opening),
    );
    expect(prompts).toEqual(['P>', '    -> ', "    '> ", '    "> ', '    `> ', '   /*> ']);
  });
});

/** A text, and for each item how much is consumed when it is out; then what is left for the editor. */
const consumptions: [text: string, items: string[], rest: string][] = [
  ['a;\n', ['2 1 a'], ''],
  ['a;b;\n', ['2 1 a', '4 1 b'], ''],
  ['a; b\n', ['2 1 a'], ' b\n'],
  ['a;\n  b\n', ['2 1 a'], '\n  b\n'],
  ["a; 'b\n", ['2 1 a'], " 'b\n"],
  ['a; /* b\n', ['2 1 a'], ' /* b\n'],
  ['a; -- b\n', ['2 1 a'], ''],
  ['a; /* b */ c\n', ['2 1 a'], ' /* b */ c\n'],
  ['é;\nü;b\n', ['3 1 é', '7 2 ü'], 'b\n'],
  ['a\n', [], 'a\n'],
  ['use d\na\n', ['6 1 :use [d]'], 'a\n'],
  ['use d;a\n', ['6 1 :use [d]'], 'a\n'],
  ['a \\p b\n', ['4 1 :print <a >'], 'a  b\n'],
  ['a \\p b; c\n', ['4 1 :print <a >', '7 1 a  b'], ' c\n'],
  ['a \\u d\nb\n', ['6 1 :use [d]'], 'a \nb\n'],
  ['a /* x */ \\p b\n', ['12 1 :print <a  >'], 'a /* x */  b\n'],
  ['a \\z b\n', ["4 1 ! Unknown command '\\z'."], 'a \\z b\n'],
  ['a \\c b\n', [], ' b\n'],
  ['a\\G$> f\nb\n', ['7 1\\G a => file [f]'], '\nb\n'],
  ['a $> f\nb\n', ['6 1 a => file [f]'], '\nb\n'],
  ['a\\watch 2; b\n', ['10 1 :\\watch [2] <a>'], ' b\n'],
  ['a\\timing b\n', ['10 1 :\\timing [b] <a>'], 'a\n'],
  ['\\fs q a\n', [], '\\fs q a\n'],
  ['\\fs q a;b\n', ['8 1 :\\fs [q] [a] <>'], 'b\n'],
  ['delimiter //\na;\n', [], 'a;\n'],
  ['quit\na;\n', ['5 1 :quit'], 'a;\n'],
  ['a\r\n;\r\nb\r\n', ['4 1 a'], '\r\nb\r\n'],
];

describe('what is read of a text is told item by item', () => {
  it.each(consumptions)('%j', (text, items, rest) => {
    const reader = newReader({ source: 'terminal', characterSet: 'utf8mb4' });
    const seen: string[] = [];
    for (const item of reader.read(Buffer.from(text))) {
      const shown = Buffer.from(shownItem(item), 'latin1').toString();
      seen.push(`${reader.consumed} ${shown}`);
    }
    expect(seen).toEqual(items);
    expect(Buffer.from(reader.rest).toString()).toBe(rest);
  });

  it('and the rest can be read anew, after it was edited', () => {
    const reader = newReader({ source: 'terminal' });
    const read = (text: string) => [...reader.read(Buffer.from(text))].map(shownItem);
    expect(read("a; b '\n")).toEqual(['1 a']);
    const rest = Buffer.from(reader.rest).toString();
    reader.clear();
    expect(read(`${rest.trimEnd()}c';\n`)).toEqual(["2 b 'c'"]);
    expect(reader.opening).toBe('');
  });

  it('and what stops in the middle leaves what is behind', () => {
    const reader = newReader({ source: 'terminal' });
    for (const item of reader.read(Buffer.from('a; b;\nc;\n'))) {
      if (item.kind === 'statement') break;
    }
    expect(Buffer.from(reader.rest).toString()).toBe(' b;\nc;\n');
  });

  it('and an edited statement takes the place of what was typed', () => {
    const reader = newReader({ source: 'terminal' });
    for (const item of reader.read(Buffer.from('a \\e b\n'))) {
      if (item.kind === 'command') reader.pending = Buffer.from('c');
    }
    expect(Buffer.from(reader.rest).toString()).toBe('c b\n');
  });
});
