import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { History } from '../../src/terminal/history.js';

let directory: string;
let file: string;
let warnings: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'history-'));
  file = join(directory, 'history');
  warnings = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

function open(limit?: number, path = file): History {
  const warn = (problem: string) => warnings.push(problem);
  return History.open({ file: path, ignore: undefined, warn, ...(limit && { limit }) });
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

/** Texts, and the line that each becomes. */
const lines: [string, string, string][] = [
  ['blanks', 'select 1;', 'select\\0401;'],
  ['line breaks and tabs', 'select\n\t1;', 'select\\012\\0111;'],
  ['backslashes', "'\\n\\040'", "'\\134n\\134040'"],
  ['what looks like an escape', '\\^A\\M-a', '\\134^A\\134M-a'],
  ['a backslash at the end', 'a\\', 'a\\134'],
  ['controls', '\x01\x1b\x7f\0', '\\001\\033\\177\\000'],
  ['letters of other scripts', 'é日本', 'é日本'],
  ['a joined emoji', '👨‍👩', '👨\\342\\200\\215👩'],
  ['an unseen override', 'a\u202eb', 'a\\342\\200\\256b'],
  ['two line breaks of Windows', 'a\r\n\r\nb', 'a\\015\\012\\015\\012b'],
];

/** Lines as `mariadb` 10.11.19 wrote them, the last ones under LC_ALL=C, and their texts. */
const written: [string, string][] = [
  ['select\\0401;', 'select 1;'],
  ["select\\040'\\012x';", "select '\nx';"],
  ['\\040\\040\\040select\\0403;', '   select 3;'],
  ["select\\040'\\134n\\040\\134\\134';", "select '\\n \\\\';"],
  ["'\\^[[31m\\^A\\^?'", "'\x1b[31m\x01\x7f'"],
  ['a\\^M\\012b', 'a\r\nb'],
  ["'\\M-C\\M-)\\M-f\\M^W\\M-%\\M-f\\M^\\\\M-,'", "'é日本'"],
  ["'\\M-B\\240\\M-o\\M-;\\M-?x'", "'\u00a0\ufeffx'"],
];

describe('the file', () => {
  it.each(lines)('keeps %s as one line that can be read back', (_, text, line) => {
    open().add(text);
    expect(readFileSync(file, 'utf8')).toBe(`_HiStOrY_V2_\n${line}\n`);
    expect(open().entries).toEqual([text]);
  });

  it.each(written)('reads %s', (line, text) => {
    writeFileSync(file, `_HiStOrY_V2_\n${line}\n`, { mode: 0o600 });
    expect(open().entries).toEqual([text]);
  });

  it('keeps what is no escape as it stands, and marks bytes that are no UTF-8', () => {
    const bytes = Buffer.from('_HiStOrY_V2_\nselect 1\\9\\xa\\$\\M\\^\nb\xff\n', 'latin1');
    writeFileSync(file, bytes);
    expect(open().entries).toEqual(['select 1\\9\\xa\\$\\M\\^', 'b\ufffd']);
  });

  it('is made for its owner alone', () => {
    open().add('a');
    expect(modeOf(file)).toBe('600');
  });

  it('is not made before there is an entry', () => {
    expect(open().entries).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it.each([0o644, 0o666, 0o640, 0o755])(
    'is narrowed when it is read, from mode %i (decimal)',
    (mode) => {
      writeFileSync(file, '_HiStOrY_V2_\na\n');
      chmodSync(file, mode);
      expect(open().entries).toEqual(['a']);
      expect(modeOf(file)).toBe('600');
    },
  );

  it('begins with the header if it was empty', () => {
    writeFileSync(file, '');
    open().add('a');
    expect(readFileSync(file, 'utf8')).toBe('_HiStOrY_V2_\na\n');
  });

  it('of plain lines is read, and gets header and escapes with the first entry', () => {
    writeFileSync(file, 'select 1;\nsélect \\n;\n');
    const history = open();
    expect(history.entries).toEqual(['select 1;', 'sélect \\n;']);
    expect(readFileSync(file, 'utf8')).toBe('select 1;\nsélect \\n;\n');
    history.add('c d');
    expect(readFileSync(file, 'utf8')).toBe(
      '_HiStOrY_V2_\nselect\\0401;\nsélect\\040\\134n;\nc\\040d\n',
    );
    expect(readdirSync(directory)).toEqual(['history']);
  });

  it('goes on in a new line where the last one was cut short', () => {
    writeFileSync(file, '_HiStOrY_V2_\na');
    open().add('b');
    expect(open().entries).toEqual(['a', 'b']);
  });

  it('takes the entries of several shells at a time', () => {
    const [one, other] = [open(), open()];
    one.add('a');
    other.add('b');
    one.add('c');
    expect(one.entries).toEqual(['a', 'c']);
    expect(open().entries).toEqual(['a', 'b', 'c']);
  });

  it('is found by its name again when another program replaced it', () => {
    const history = open();
    history.add('a');
    rmSync(file);
    writeFileSync(file, '_HiStOrY_V2_\nb\n');
    history.add('c');
    expect(open().entries).toEqual(['b', 'c']);
  });

  it('passes over a header in the middle, empty lines and repeats', () => {
    writeFileSync(file, '_HiStOrY_V2_\na\na\n_HiStOrY_V2_\n\n\\040\nb\na\n');
    expect(open().entries).toEqual(['a', 'b', 'a']);
  });

  it('may be a symbolic link, and stays one', () => {
    const target = join(directory, 'target');
    symlinkSync(target, file);
    const history = open(2);
    for (const text of ['a', 'b', 'c', 'd', 'e']) history.add(text);
    expect(open(2).entries).toEqual(['d', 'e']);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('_HiStOrY_V2_\nd\ne\n');
  });
});

describe('a file that grows', () => {
  it('is cut down to the limit when it is more than a quarter above', () => {
    const texts = Array.from({ length: 125 }, (_, n) => `select\n${n}`);
    const history = open(100);
    for (const text of texts) history.add(text);
    expect(history.entries).toEqual(texts.slice(25));
    expect(open(100).entries).toEqual(texts.slice(25));
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(127);
    history.add('x');
    expect(open(100).entries).toEqual([...texts.slice(26), 'x']);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(102);
    expect(modeOf(file)).toBe('600');
    expect(readdirSync(directory)).toEqual(['history']);
  });

  it.each([
    ['stays as it is while another program replaces it', 0, 7],
    ['is cut down all the same when one was ended at that', 61, 4],
  ])('%s', (_, secondsAgo, parts) => {
    const history = open(2);
    for (const text of ['a', 'b', 'c', 'd', 'e']) history.add(text);
    const temporary = `${file}.tmp`;
    writeFileSync(temporary, 'x');
    const then = Date.now() / 1000 - secondsAgo;
    utimesSync(temporary, then, then);
    expect(open(2).entries).toEqual(['d', 'e']);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(parts);
  });

  it.runIf(process.getuid?.() !== 0)('stays as it is where the directory is not writable', () => {
    const history = open(2);
    for (const text of ['a', 'b', 'c', 'd', 'e']) history.add(text);
    chmodSync(directory, 0o500);
    expect(open(2).entries).toEqual(['d', 'e']);
    chmodSync(directory, 0o700);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(7);
    expect(warnings).toEqual([]);
  });

  it('does not get what is larger than 256 KiB, which is recalled all the same', () => {
    const history = open();
    const large = `select '${'x'.repeat(256 << 10)}'`;
    history.add(large);
    expect(history.entries).toEqual([large]);
    expect(open().entries).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

describe('a file that cannot be used', () => {
  /** How it comes about, and what is said. */
  const cases: [string, () => string, RegExp][] = [
    [
      'a directory',
      () => directory,
      /^cannot (read|write) the history file '.*' \(.+\); statements/,
    ],
    [
      'in no directory',
      () => join(directory, 'none', 'x'),
      /^cannot write .* \(no such file or dir/,
    ],
    [
      'too large',
      () => {
        writeFileSync(file, '');
        truncateSync(file, (64 << 20) + 1);
        return file;
      },
      /larger than 64 MiB/,
    ],
  ];

  it.each(cases)('%s: one warning, and memory serves', (_, make, said) => {
    const history = open(undefined, make());
    history.add('a');
    history.add('b');
    expect(history.entries).toEqual(['a', 'b']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(said);
  });

  it.runIf(process.getuid?.() !== 0)('one without rights: one warning', () => {
    writeFileSync(file, '_HiStOrY_V2_\na\n', { mode: 0o600 });
    chmodSync(file, 0);
    const history = open();
    history.add('b');
    expect(history.entries).toEqual(['b']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('(permission denied)');
  });

  it.each([
    ['/dev/null', () => '/dev/null'],
    [
      'a link to it',
      () => {
        symlinkSync('/dev/null', file);
        return file;
      },
    ],
  ])('%s keeps nothing, and says nothing', (_, make) => {
    const path = make();
    const history = open(undefined, path);
    history.add('a');
    expect(history.entries).toEqual(['a']);
    expect(open(undefined, path).entries).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('none at all is memory alone', () => {
    const history = History.open({ file: undefined, ignore: undefined });
    history.add('a');
    expect(history.entries).toEqual(['a']);
  });
});
