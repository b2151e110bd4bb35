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

/** Texts, and the lines of the file that they become. */
const lines: [string, string, string][] = [
  ['blanks', 'select 1;', 'select\\0401;'],
  ['line breaks and tabs', 'select\n\t1;', 'select\\012\\0111;'],
  ['backslashes', "'\\n\\040'", "'\\134n\\134040'"],
  ['text that looks like an escape', '\\^A\\M-a', '\\134^A\\134M-a'],
  ['a backslash at the end', 'a\\', 'a\\134'],
  ['control characters', '\x01\x1b\x7f\0', '\\001\\033\\177\\000'],
  ['letters of other scripts', 'é日本', 'é日本'],
  ['an emoji with a joiner', '👨‍👩', '👨\\342\\200\\215👩'],
  ['an invisible right-to-left override', 'a\u202eb', 'a\\342\\200\\256b'],
  ['two Windows line breaks', 'a\r\n\r\nb', 'a\\015\\012\\015\\012b'],
];

/** Lines that `mariadb` 10.11.19 wrote, the last ones under LC_ALL=C, and their texts. */
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

describe('the history file', () => {
  it.each(lines)('stores %s in one line and reads it back', (_, text, line) => {
    open().add(text);
    expect(readFileSync(file, 'utf8')).toBe(`_HiStOrY_V2_\n${line}\n`);
    expect(open().entries).toEqual([text]);
  });

  it.each(written)('reads the line %s of mariadb', (line, text) => {
    writeFileSync(file, `_HiStOrY_V2_\n${line}\n`, { mode: 0o600 });
    expect(open().entries).toEqual([text]);
  });

  it('keeps backslashes that start no escape, and replaces bytes that are not UTF-8', () => {
    const bytes = Buffer.from('_HiStOrY_V2_\nselect 1\\9\\xa\\$\\M\\^\nb\xff\n', 'latin1');
    writeFileSync(file, bytes);
    expect(open().entries).toEqual(['select 1\\9\\xa\\$\\M\\^', 'b\ufffd']);
  });

  it('is created with mode 0600', () => {
    open().add('a');
    expect(modeOf(file)).toBe('600');
  });

  it('is not created before there is an entry', () => {
    expect(open().entries).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it.each([0o644, 0o666, 0o640, 0o755])(
    'gets mode 0600 when it is read with mode %i (decimal)',
    (mode) => {
      writeFileSync(file, '_HiStOrY_V2_\na\n');
      chmodSync(file, mode);
      expect(open().entries).toEqual(['a']);
      expect(modeOf(file)).toBe('600');
    },
  );

  it('gets the header if it was empty', () => {
    writeFileSync(file, '');
    open().add('a');
    expect(readFileSync(file, 'utf8')).toBe('_HiStOrY_V2_\na\n');
  });

  it('may have plain lines; the first new entry converts it to the format with header and escapes', () => {
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

  it('gets a line end before a new entry if its last line is incomplete', () => {
    writeFileSync(file, '_HiStOrY_V2_\na');
    open().add('b');
    expect(open().entries).toEqual(['a', 'b']);
  });

  it('collects the entries of several shells that run at the same time', () => {
    const [one, other] = [open(), open()];
    one.add('a');
    other.add('b');
    one.add('c');
    expect(one.entries).toEqual(['a', 'c']);
    expect(open().entries).toEqual(['a', 'b', 'c']);
  });

  it('is reopened by its name after another program replaced it', () => {
    const history = open();
    history.add('a');
    rmSync(file);
    writeFileSync(file, '_HiStOrY_V2_\nb\n');
    history.add('c');
    expect(open().entries).toEqual(['b', 'c']);
  });

  it('is read without headers in the middle, empty lines and repeated entries', () => {
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

describe('a history file that grows', () => {
  it('is shortened to the limit when it has more than 1.25 times as many entries', () => {
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
    ['is not shortened while another program replaces it', 0, 7],
    ['is shortened if a program that was replacing it has been killed', 61, 4],
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

  it.runIf(process.getuid?.() !== 0)('is not shortened if its directory is not writable', () => {
    const history = open(2);
    for (const text of ['a', 'b', 'c', 'd', 'e']) history.add(text);
    chmodSync(directory, 0o500);
    expect(open(2).entries).toEqual(['d', 'e']);
    chmodSync(directory, 0o700);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(7);
    expect(warnings).toEqual([]);
  });

  it('does not store entries of more than 256 KiB, which stay in memory', () => {
    const history = open();
    const large = `select '${'x'.repeat(256 << 10)}'`;
    history.add(large);
    expect(history.entries).toEqual([large]);
    expect(open().entries).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

describe('a history file that cannot be used', () => {
  /** The problem, a function that creates it, and the expected warning. */
  const cases: [string, () => string, RegExp][] = [
    [
      'a directory',
      () => directory,
      /^cannot (read|write) the history file '.*' \(.+\); statements/,
    ],
    [
      'in a directory that does not exist',
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

  it.each(cases)('%s: warns once and keeps the history in memory', (_, make, expectedWarning) => {
    const history = open(undefined, make());
    history.add('a');
    history.add('b');
    expect(history.entries).toEqual(['a', 'b']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(expectedWarning);
  });

  it.runIf(process.getuid?.() !== 0)('without permission: warns once', () => {
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
      'a symbolic link to /dev/null',
      () => {
        symlinkSync('/dev/null', file);
        return file;
      },
    ],
  ])('%s stores nothing, without a warning', (_, make) => {
    const path = make();
    const history = open(undefined, path);
    history.add('a');
    expect(history.entries).toEqual(['a']);
    expect(open(undefined, path).entries).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('no file: keeps the history in memory only', () => {
    const history = History.open({ file: undefined, ignore: undefined });
    history.add('a');
    expect(history.entries).toEqual(['a']);
  });
});
