import type { ScriptCase } from '../read-script.js';

// Commands and redirects of the interactive shell, which are valid only in typed text.

const noQuery = (line: number) => `${line} ! No query specified\n`;

const interactiveCases = (cases: ScriptCase[]): ScriptCase[] =>
  cases.map(([text, items, overrides]) => [text, items, { source: 'terminal', ...overrides }]);

export const shellCommands: ScriptCase[] = interactiveCases([
  ['\\watch', ['1 :\\watch <>']],
  ['\\watch 2', ['1 :\\watch [2] <>']],
  ['\\watch 2;', ['1 :\\watch [2] <>']],
  ['a \\watch', ['1 :\\watch <a>']],
  ['a\n\\watch 0.5', ['1 :\\watch [0.5] <a>']],
  ['a;\\watch 2', ['1 a', '1 :\\watch [2] <>']],
  ['a\\watch 2; b;', ['1 :\\watch [2] <a>', '1 b']],
  ['a \\watch 1 2', ['1 :\\watch [1] [2] <a>']],
  ["a '\\watch'; -- \\watch", ["1 a '\\watch'"]],
  ['\\WATCH;', ['1 :warnings', '1 ATCH']],
  ['\\w atch;', ['1 :nowarning', '1 atch']],
  ['\\timing', ['1 :\\timing <>']],
  ['\\timing on', ['1 :\\timing [on] <>']],
  ['\\timing off;a;', ['1 :\\timing [off] <>', '1 a']],
  ['a\n\\timing\n;', ['1 :\\timing <a>', '1 a']],
  ['\\t iming;', ['1 :notee', '1 iming']],
  ['\\f', ['1 :\\f <>']],
  ['\\f;', ['1 :\\f <>']],
  ['\\f q', ['1 :\\f [q] <>']],
  ['\\f q 1 \'a b;c\' "d" e\\ f', ['1 :\\f [q] [1] [a b;c] [d] [e f] <>']],
  ["\\f q ''", ['1 :\\f [q] [] <>']],
  ["\\f q 'a", ['1 :\\f [q] [a] <>']],
  ['\\f q\t1;b;', ['1 :\\f [q] [1] <>', '1 b']],
  ['\\f q 1//b//', ['1 :\\f [q] [1] <>', '1 b'], { delimiter: '//' }],
  ['\\fd q', ['1 :\\fd [q] <>']],
  ['\\fd', ['1 :\\fd <>']],
  ['\\fs', ['1 :\\fs <>']],
  ['\\fs;', ['1 :\\fs <>', noQuery(1)]],
  ['\\fs q', []],
  ['\\fs q;', ['1 :\\fs [q] <>']],
  ['\\fs q select 1;', ['1 :\\fs [q] [select 1] <>']],
  ['\\fs q select 1\\G', ['1 :\\fs [q] [select 1\\G] <>']],
  ["\\fs q select ';',\n -- c;\n 2; b;", ["1 :\\fs [q] [select ';',\n \n 2] <>", '1 b']],
  ['\\fs q\nselect 1;', ['1 :\\fs [q] [select 1] <>']],
  ['\\fs q use d;', ['1 :\\fs [q] [use d] <>']],
  ['\\fs q\nquit;', ['1 :\\fs [q] [quit] <>']],
  ['select 1 \\fs q;', ['1 :\\fs [q] [select 1] <>']],
  ['\\fs q a \\c\nb;', ['2 b']],
  ['\\fs q select 1 $> f;', ['1 :\\fs [q] [select 1 $> f] <>']],
  ['\\fs q select 1\\G $| x', ['1 :\\fs [q] [select 1\\G $| x] <>']],
]);

const unknown = (name: string, line = 1) =>
  `${line} ! Unknown command '\\${name}'.${name.length > 1 ? " Type 'help' for a list." : ''}`;

/**
 * A word that is not a command is not read as a letter and text, and changes nothing. The client
 * never discards an unknown command, which then is the beginning of a statement.
 */
export const unknownCommands: ScriptCase[] = interactiveCases([
  ['\\z', [unknown('z')]],
  ['\\z a;b;', [unknown('z'), '1 b']],
  ['\\z\na;', [unknown('z'), '2 a']],
  ['  \\z', [unknown('z')]],
  ['a; \\zoo b', ['1 a', unknown('zoo')]],
  ['a\n\\zoo b;', [unknown('zoo'), '1 a\n\\zoo b']],
  ['\\fs q \\zoo;', [unknown('zoo'), '1 :\\fs [q] [\\zoo] <>']],
  ['\\fx;', [unknown('fx')]],
  ['\\dx', [unknown('dx')]],
  ['\\dx;a;', [unknown('dx'), '1 a']],
  ['a \\dx b;c;', [unknown('dx'), '1 a \\dx b', '1 c']],
  ['a \\clip;', [unknown('clip'), '1 a \\clip']],
  ['\\timings', [unknown('timings')]],
  ['\\watchx', [unknown('watchx')]],
  ['\\help x', [unknown('help')]],
  ['\\edit', [unknown('edit')]],
  ['\\eé', ['1 :edit']],
  ['\\e1', ['1 :edit']],
  ['a \\c;b;', [noQuery(1), '1 b']],
  ['\\d//\na//', ['2 a']],
  ['\\d$$\na$$', ['2 a']],
  ['a\\gselect b;', ['1 a', '1 select b']],
  ['\\uenwiki', ['1 :use [enwiki]']],
  ['\\!ls', ['1 :system']],
  ['\\.f.sql', ['1 :source']],
  ['\\qx', ['1 :quit']],
]);

export const redirects: ScriptCase[] = interactiveCases([
  ['a $> f', ['1 a => file [f]']],
  ['a $> f;', ['1 a => file [f]']],
  ['a; $> f', ['1 a => file [f]']],
  ['a; $> f;', ['1 a => file [f]']],
  ['a;$>f', ['1 a => file [f]']],
  ['a $>> f ; ', ['1 a => append [f]']],
  ['a; $>> f g', ['1 a => append [f g]']],
  ["a $| grep 'x;y' | sort;", ["1 a => pipe [grep 'x;y' | sort]"]],
  ['a\n$| x\nb;', ['1 a => pipe [x]', '3 b']],
  ['a\\G $> f', ['1\\G a => file [f]']],
  ['a $> f\\G', ['1\\G a => file [f]']],
  ['a $> f \\g', ['1 a => file [f]']],
  ['a;b $> f', ['1 a', '1 b => file [f]']],
  ['a $> f//', ['1 a => file [f]'], { delimiter: '//' }],
  ['a; -- c\n;', ['1 a', noQuery(2)]],
  ['a$> f;', ['1 a$> f']],
  ['a $ > f;', ['1 a $ > f']],
  ['a $b;', ['1 a $b']],
  ["'a $> f';", ["1 'a $> f'"]],
  ['a `$> f`;', ['1 a `$> f`']],
  ['a /* $> f */;', ['1 a']],
  ['a -- $> f\n;', ['1 a']],
  ['$> f', [noQuery(1)]],
  ['a;\n$> f', ['1 a', noQuery(2)]],
  ['use d; $> f', ['1 :use [d]', noQuery(1)]],
  ['a $>', ['1 ! $> must be followed by a file name']],
  ['a; $>> ;', ['1 ! $>> must be followed by a file name']],
  ['a $| ;', ['1 ! $| must be followed by a command']],
  ['-- x\na $> f', ['2 a => file [f]']],
]);

/** In a script this syntax is not special: it is text for the server, or a client command. */
export const shellOnlyInScripts: ScriptCase[] = [
  ['a $> f;', ['1 a $> f']],
  ['a; $| f;', ['1 a', '1 $| f']],
  ['\\watch 2;', ['1 :nowarning', '1 atch 2']],
  ['\\timing;', ['1 :notee', '1 iming']],
  ['\\f x;', ["1 ! Unknown command '\\f'.", '1 \\f x']],
  ['\\fx;', ["1 ! Unknown command '\\f'.", '1 \\fx']],
  ['\\dt page', ['1 page']],
];
