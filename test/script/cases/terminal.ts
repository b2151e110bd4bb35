import type { ReadOptions, ScriptCase } from '../read-script.js';

// Text typed at a prompt, where reading it differs from batch mode, or must not differ.

const noQuery = '1 ! No query specified\n';

const terminalOptions = (overrides: ReadOptions): ReadOptions => ({
  source: 'terminal',
  ...overrides,
});

/** Returns the cases with source `terminal` and the given options. */
function interactiveCases(cases: ScriptCase[], overrides: ReadOptions = {}): ScriptCase[] {
  return cases.map(([text, items, caseOptions]) => [
    text,
    items,
    terminalOptions({ ...overrides, ...caseOptions }),
  ]);
}

export const typedCases: ScriptCase[] = interactiveCases([
  ['', []],
  ['\n\na;', ['3 a']],
  ['a', []],
  ['a\n', []],
  ['a;b', ['1 a']],
  ['a\n\nb;', ['1 a\n\nb']],
  [';', [noQuery]],
  ['  ;', [noQuery]],
  ['\\g', [noQuery]],
  ['\\G', [noQuery]],
  ['a;;', ['1 a', noQuery]],
  ['a\\G;', ['1\\G a', noQuery]],
  ['\\g;', [noQuery, noQuery]],
  ['go', [noQuery]],
  ['go;', ['1 go']],
  ['a;go;', ['1 a', '1 go']],
  ['a;go', ['1 a']],
  ['-- x;\n;', ['2 ! No query specified\n']],
  ['/* x */;', [noQuery]],
  ['a; b ;', ['1 a', '1 b']],
  ['quit', ['1 :quit']],
  ['quit;', ['1 :quit']],
  ['EXIT ;', ['1 :exit']],
  ['a\nquit\n;', ['1 a\nquit']],
  ['a\nquit;\nb;', ['1 a\nquit', '3 b']],
  ['a;quit;b;', ['1 a', '1 :quit']],
  ['a;b\\q', ['1 a', '1 :quit']],
  ['a \\q', ['1 :quit']],
  ['a;exit x;b;', ['1 a', '1 exit x', '1 b']],
  ["'a\\q\n';", ["1 'a\\q\n'"]],
  ['/* \\q\n*/a;', ['2  a']],
  ['clear', []],
  ['a\nclear\nb;', ['1 a\nclear\nb']],
  ['a\n\\c\nb;', ['3 b']],
  ['a \\c', []],
  ["a 'x\\c\n';", ["1 a 'x\\c\n'"]],
  ['a `x\\c\n`;', ['1 a `x\\c\n`']],
  ['print', ['1 :print <>']],
  ['print;', ['1 :print <print>']],
  ['a\nprint\n;', ['1 a\nprint']],
  ['a\\p\n;', ['1 :print <a>', '1 a']],
  ['nopager;\na;', ['1 :nopager', '2 a']],
  ['notee', ['1 :notee']],
  ['help x;', ['1 :help [x]']],
  ['\\h x', ['1 :help [x]']],
  ['prompt P>;\na', ['1 :prompt [P>]']],
  ['use d;e;', ['1 :use [d]', '1 e']],
  ['use d e;\n;', ['1 :use [d]', '2 ! No query specified\n']],
  ['use', ['1 :use']],
  ["use 'd;\n';", ["1 use 'd;\n'"]],
  ['\\u d;', ['1 :use [d;]']],
  ['a \\u d;\n;', ['1 :use [d;]', '1 a']],
  ['a\nuse d\n;', ['1 a\nuse d']],
  ['charset latin1;', ['1 :charset [latin1]']],
  ['delimiter //\na;\n//', ['2 a;']],
  ['delimiter // x\na//', ['2 a']],
  ['delimiter', ["1 ! DELIMITER must be followed by a 'delimiter' character or string"]],
  ['a;delimiter //\nb//\n;', ['1 a']],
  ['a\ndelimiter //\n;', ['1 a\ndelimiter //']],
  ['\\d //\na;//', ['2 a;']],
  ['\\1', ["1 ! Unknown command '\\1'."]],
  ['a \\z b;', ["1 ! Unknown command '\\z'.", '1 a \\z b']],
  ['a\\\nb;', ['1 a\nb']],
  ['reset connection;', ['1 reset connection']],
  ['-- x\na;', ['2 a']],
  ['--x\na;', ['2 a']],
  ['a--x\n;', ['1 a--x']],
  ["a -- x'\n;", ['1 a']],
  ['# x\na # y;\n;', ['2 a']],
  ['/* x\n\n y */ a;', ['3  a']],
  ['/* x */\na;', ['2 a']],
  ['a /* x\n; */ b;', ['1 a  b']],
  ['/*! x\n y */;', ['1 /*! x\n y */']],
  ["a /*! 'x\n y' */;", ["1 a /*! 'x\n y' */"]],
  ['a /*!99 x\n/* y\n z */ w */;', ['1 a /*!99 x\n w */']],
  ["a 'x\n\n-- y\n';", ["1 a 'x\n\n-- y\n'"]],
  ['a "x\n;y";', ['1 a "x\n;y"']],
  ['a `x\n;y`;', ['1 a `x\n;y`']],
]);

export const typedWithComments: ScriptCase[] = interactiveCases(
  [
    ['-- x\na;', ['1 -- x', '2 a']],
    ['a -- x\n;', ['1 a -- x']],
    ['/* x */\n;', ['1 /* x */']],
    ['/* x\n y */ a;', ['1 /* x\n y */ a']],
    ['a; -- x\nb;', ['1 a -- x', '2 b']],
    ['a;/* x */\nb;', ['1 a', '1 /* x */\nb']],
    ['  -- x\n;', ['1   -- x']],
  ],
  { comments: true },
);

export const typedWithNamedCommands: ScriptCase[] = interactiveCases(
  [
    ['a\nquit', ['1 :quit']],
    ['a\nquit;\n;', ['1 a\nquit', '3 ! No query specified\n']],
    ['a\nuse d\nb;', ['1 :use [d]', '1 a\nb']],
    ['a\nprint\n;', ['1 :print <a\n>', '1 a']],
    ['a\nclear\nb;', ['3 b']],
    ["a 'x\nclear\n';", ["1 a 'x\nclear\n'"]],
    ['a\ngo', ['1 a']],
    ['a /*\nquit\n*/;', ['1 a']],
  ],
  { namedCommands: true },
);

export const typedInBinaryMode: ScriptCase[] = interactiveCases(
  [
    ['use d;', ['1 :use [d]']],
    ['\\u d\na;', ['1 :use [d]', '2 a']],
    ['b \\z a;', ["1 ! Unknown command '\\z'.", '1 b \\z a']],
    ['delimiterx\n;', ['1 delimiterx']],
  ],
  { binaryMode: true },
);
