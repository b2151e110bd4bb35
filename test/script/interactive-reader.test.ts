import { describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { analyze } from '../../src/script/analyze.js';
import { getContinuationPrompt } from '../../src/script/lexical-state.js';
import { createReader, describeItem } from './read-script.js';

const options = { delimiter: ';', sqlMode: defaultSqlMode };

/** A text, whether Enter runs it, and the construct that each of its lines continues. */
const analysisCases: [text: string, complete: boolean, openConstructs: string][] = [
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
  ['\\fs x', true, ''],
  ['\\fs x ', true, ''],
  ['\\fs', true, ''],
  ['\\fs x /*', false, ''],
  ['select 1 \\fs x', false, ''],
  ['\\fs x\nselect 1', false, '|-'],
  ['\\fs x select 1;', true, ''],
  ["select 'é日😀\n", false, "|'"],
];

describe('analyze determines whether an edited text is complete', () => {
  it.each(analysisCases)(
    '%j: complete %s, open constructs %j',
    (text, complete, openConstructs) => {
      const actual = analyze(text, options);
      expect({
        complete: actual.isComplete,
        openConstructs: actual.openConstructs.join('|'),
      }).toEqual({
        complete,
        openConstructs,
      });
    },
  );

  it('with the current delimiter, SQL mode and options', () => {
    expect(analyze('select 1;', { ...options, delimiter: '//' }).isComplete).toBe(false);
    expect(analyze("select '\\';", options).isComplete).toBe(false);
    const noEscapes = { ...defaultSqlMode, noBackslashEscapes: true };
    const ansi = { ...defaultSqlMode, ansiQuotes: true };
    expect(analyze('select 1 "\\";', options).isComplete).toBe(false);
    expect(analyze('select 1 "\\";', { ...options, sqlMode: ansi }).isComplete).toBe(true);
    expect(analyze("select '\\';", { ...options, sqlMode: noEscapes }).isComplete).toBe(true);
    expect(analyze('select\nquit', { ...options, namedCommands: true }).isComplete).toBe(true);
    expect(analyze('/* x */', { ...options, comments: true }).isComplete).toBe(false);
  });

  it('returns the construct that determines the prompt of each line', () => {
    const { openConstructs } = analyze('a\n\'\n\'"\n"`\n`/*\n*/', options);
    const prompts = openConstructs.map((openConstruct) =>
      openConstruct === '' ? 'P>' : getContinuationPrompt(openConstruct),
    );
    expect(prompts).toEqual(['P>', '    -> ', "    '> ", '    "> ', '    `> ', '   /*> ']);
  });
});

/**
 * A text; for each of its items the number of bytes consumed when the item is read; and the text
 * that remains for the editor.
 */
const consumptionCases: [text: string, items: string[], rest: string][] = [
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
  ['a; \\z b\n', ['2 1 a', "7 1 ! Unknown command '\\z'."], ''],
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

describe('ScriptReader reports the consumed bytes after each item and the remaining text', () => {
  it.each(consumptionCases)('%j', (text, items, rest) => {
    const reader = createReader({ source: 'terminal', characterSet: 'utf8mb4' });
    const actual: string[] = [];
    for (const item of reader.read(Buffer.from(text))) {
      const description = Buffer.from(describeItem(item), 'latin1').toString();
      actual.push(`${reader.consumed} ${description}`);
    }
    expect(actual).toEqual(items);
    expect(Buffer.from(reader.remaining).toString()).toBe(rest);
  });

  it('reads the remaining text again after the user has edited it', () => {
    const reader = createReader({ source: 'terminal' });
    const read = (text: string) => [...reader.read(Buffer.from(text))].map(describeItem);
    expect(read("a; b '\n")).toEqual(['1 a']);
    const rest = Buffer.from(reader.remaining).toString();
    reader.clear();
    expect(read(`${rest.trimEnd()}c';\n`)).toEqual(["2 b 'c'"]);
    expect(reader.openConstruct).toBe('');
  });

  it('keeps the text after the current item if reading stops there', () => {
    const reader = createReader({ source: 'terminal' });
    for (const item of reader.read(Buffer.from('a; b;\nc;\n'))) {
      if (item.kind === 'statement') break;
    }
    expect(Buffer.from(reader.remaining).toString()).toBe(' b;\nc;\n');
  });

  it('reports an unknown command in a statement once', () => {
    let reader = createReader({ source: 'terminal' });
    const read = (text: string, reportedLength = 0) => {
      reader = createReader({ source: 'terminal' });
      reader.skipReported(reportedLength);
      return [...reader.read(Buffer.from(text))].map(describeItem);
    };
    const problem = "1 ! Unknown command '\\z'.";
    expect(read('é \\p \\z b\n')).toEqual(['1 :print <\xc3\xa9 >', problem]);
    const { remaining, reportedLength } = reader;
    const reported = Buffer.from(remaining.subarray(0, reportedLength)).toString();
    expect(reported).toBe('é  \\z');
    const text = Buffer.from(remaining).toString();
    expect(read(`${text}\\z\n`, reportedLength)).toEqual(["1 ! Unknown command '\\z'."]);
    expect(reader.reportedLength).toBe(reportedLength + ' b\n\\z'.length);
    expect(read(`${text}\\z\n`)).toEqual([problem, "1 ! Unknown command '\\z'."]);
    expect(analyze(text, { ...options, reported }).isComplete).toBe(false);
    expect(analyze(`${text}\\z`, { ...options, reported }).isComplete).toBe(true);
    expect(analyze(text, options).isComplete).toBe(true);
  });

  it('replaces the typed statement when `pending` is set', () => {
    const reader = createReader({ source: 'terminal' });
    for (const item of reader.read(Buffer.from('a \\e b\n'))) {
      if (item.kind === 'command') reader.pending = Buffer.from('c');
    }
    expect(Buffer.from(reader.remaining).toString()).toBe('c b\n');
  });
});
