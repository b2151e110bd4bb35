import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import { NamedQueries, namedQueriesDirectory } from '../../src/shell/named-queries.js';

let home: string;
let directory: string;
let queries: NamedQueries;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'named-queries-'));
  directory = join(home, '.config', 'analytics-mysql', 'queries');
  queries = new NamedQueries(directory);
});

afterEach(() => rmSync(home, { recursive: true }));

function write(name: string, bytes: string | Uint8Array): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), bytes);
}

/** The code of the Failure that comes of it. */
function codeOf(act: () => unknown): string {
  try {
    return `none: ${act()}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.message).toMatch(/^[^\n]+\.$/);
    return error.code;
  }
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe('the directory', () => {
  it.each<[Record<string, string>, string | undefined]>([
    [{ HOME: '/h' }, '/h/.config/analytics-mysql/queries'],
    [{ HOME: '/h', XDG_CONFIG_HOME: '/x' }, '/x/analytics-mysql/queries'],
    [{ HOME: '/h', XDG_CONFIG_HOME: '' }, '/h/.config/analytics-mysql/queries'],
    [{ HOME: '/h', XDG_CONFIG_HOME: 'x' }, '/h/.config/analytics-mysql/queries'],
    [{}, undefined],
  ])('of %j is %s', (environment, expected) => {
    expect(namedQueriesDirectory(environment)).toBe(expected);
  });

  it('is missing: nothing to list, nothing kept', () => {
    const none = new NamedQueries(undefined);
    expect(none.list()).toEqual([]);
    expect(codeOf(() => none.save('a', 'select 1'))).toBe('query-directory');
  });
});

describe('named queries', () => {
  it('are kept, listed by name, run, replaced and deleted', () => {
    expect(queries.list()).toEqual([]);
    expect(queries.save('b', 'select\n  $1;')).toBe(false);
    expect(queries.save('a', ' select 1\n')).toBe(false);
    expect(queries.names()).toEqual(['a', 'b']);
    expect(queries.list()).toEqual([
      { name: 'a', text: 'select 1' },
      { name: 'b', text: 'select\n  $1;' },
    ]);
    expect(queries.save('a', 'select 2')).toBe(true);
    expect(queries.get('a')).toBe('select 2');
    queries.delete('a');
    expect(queries.names()).toEqual(['b']);
  });

  it('are files of SQL, for their owner alone', () => {
    queries.save('a', "select '日本'");
    const file = join(directory, 'a.sql');
    expect(readFileSync(file, 'utf8')).toBe("select '日本'\n");
    expect(modeOf(file)).toBe('600');
    expect(modeOf(directory)).toBe('700');
    expect(modeOf(dirname(directory))).toBe('700');
    expect(readdirSync(directory)).toEqual(['a.sql']);
  });

  it('may be written by an editor', () => {
    write('a.sql', '\ufeff-- how many\r\nselect 1;\r\n\r\n');
    expect(queries.get('a')).toBe('-- how many\r\nselect 1;');
  });

  it('are those files alone that are named so', () => {
    for (const name of ['a.sql', 'b.sql~', '.c.sql', 'd', 'e f.sql', '-g.sql']) write(name, 'x');
    expect(queries.names()).toEqual(['a']);
  });

  it('stay symbolic links', () => {
    write('kept', 'select 1\n');
    symlinkSync(join(directory, 'kept'), join(directory, 'a.sql'));
    queries.save('a', 'select 2');
    expect(lstatSync(join(directory, 'a.sql')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(directory, 'kept'), 'utf8')).toBe('select 2\n');
  });

  it.each(['a', 'A', 'a-b.c_d', '1', 'é', '日本'])('may be named %s', (name) => {
    queries.save(name, 'select 1');
    expect(queries.names()).toEqual([name]);
  });

  it.each(['', '.', '..', '.a', '-a', 'a/b', '../a', 'a b', 'a\0', 'a\n', 'a'.repeat(101)])(
    'may not be named %j',
    (name) => {
      expect(codeOf(() => queries.save(name, 'select 1'))).toBe('query-name');
      expect(codeOf(() => queries.get(name))).toBe('query-name');
      expect(codeOf(() => queries.delete(name))).toBe('query-name');
    },
  );

  it('have a text', () => {
    expect(codeOf(() => queries.save('a', ' \n'))).toBe('query-empty');
  });

  it('are unknown where there are none', () => {
    expect(codeOf(() => queries.get('a'))).toBe('query-unknown');
    expect(codeOf(() => queries.delete('a'))).toBe('query-unknown');
  });
});

describe('a file that cannot be read', () => {
  const damages: [string, () => void][] = [
    ['no UTF-8', () => write('a.sql', Buffer.from('select \xff', 'latin1'))],
    ['UTF-16', () => write('a.sql', Buffer.from('select 1', 'utf16le'))],
    ['too large', () => write('a.sql', ' '.repeat((1 << 20) + 1))],
    ['a directory', () => mkdirSync(join(directory, 'a.sql'), { recursive: true })],
  ];

  it.each(damages)('(%s) is told, and never written over', (_, damage) => {
    damage();
    write('b.sql', 'select 1');
    const { ino, size, mtimeMs } = statSync(join(directory, 'a.sql'));
    expect(codeOf(() => queries.get('a'))).toBe('query-unreadable');
    expect(codeOf(() => queries.save('a', 'select 2'))).toBe('query-unreadable');
    expect(statSync(join(directory, 'a.sql'))).toMatchObject({ ino, size, mtimeMs });
    expect(queries.list()).toEqual([
      { name: 'a', problem: expect.stringMatching(/^Cannot read the query in '.*a\.sql': .+\.$/) },
      { name: 'b', text: 'select 1' },
    ]);
  });

  it('because the directory is a file', () => {
    mkdirSync(dirname(directory), { recursive: true });
    writeFileSync(directory, 'mine');
    expect(queries.names()).toEqual([]);
    expect(codeOf(() => queries.save('a', 'select 1'))).toMatch(/^query-un(read|writ)able$/);
    expect(readFileSync(directory, 'utf8')).toBe('mine');
  });

  it.runIf(process.getuid?.() !== 0)('for want of rights', () => {
    write('a.sql', 'select 1');
    chmodSync(join(directory, 'a.sql'), 0);
    expect(codeOf(() => queries.get('a'))).toBe('query-unreadable');
    expect(codeOf(() => queries.save('a', 'select 2'))).toBe('query-unreadable');
    chmodSync(directory, 0o500);
    expect(codeOf(() => queries.save('b', 'select 2'))).toBe('query-unwritable');
    expect(codeOf(() => queries.delete('a'))).toBe('query-unwritable');
    chmodSync(directory, 0o700);
  });
});
