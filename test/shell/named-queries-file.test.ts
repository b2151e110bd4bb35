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
import { findNamedQueriesDirectory, NamedQueries } from '../../src/shell/named-queries.js';

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

/** Returns the code of the Failure that `act` throws. */
function getFailureCode(act: () => unknown): string {
  try {
    return `none: ${act()}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.message).toMatch(/^[^\n]+\.$/);
    return error.code;
  }
}

function getMode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe('the directory of named queries', () => {
  it.each<[Record<string, string>, string | undefined]>([
    [{ HOME: '/h' }, '/h/.config/analytics-mysql/queries'],
    [{ HOME: '/h', XDG_CONFIG_HOME: '/x' }, '/x/analytics-mysql/queries'],
    [{ HOME: '/h', XDG_CONFIG_HOME: '' }, '/h/.config/analytics-mysql/queries'],
    [{ HOME: '/h', XDG_CONFIG_HOME: 'x' }, '/h/.config/analytics-mysql/queries'],
    [{}, undefined],
  ])('with the environment %j is %s', (environment, expected) => {
    expect(findNamedQueriesDirectory(environment)).toBe(expected);
  });

  it('may be undefined: list returns nothing, and save fails', () => {
    const none = new NamedQueries(undefined);
    expect(none.list()).toEqual([]);
    expect(getFailureCode(() => none.save('a', 'select 1'))).toBe('query-directory');
  });
});

describe('named queries', () => {
  it('are saved, listed by name, read, replaced and deleted', () => {
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

  it('are SQL files that only their owner can read', () => {
    queries.save('a', "select '日本'");
    const file = join(directory, 'a.sql');
    expect(readFileSync(file, 'utf8')).toBe("select '日本'\n");
    expect(getMode(file)).toBe('600');
    expect(getMode(directory)).toBe('700');
    expect(getMode(dirname(directory))).toBe('700');
    expect(readdirSync(directory)).toEqual(['a.sql']);
  });

  it('may have a byte order mark and CRLF from an editor', () => {
    write('a.sql', '\ufeff-- how many\r\nselect 1;\r\n\r\n');
    expect(queries.get('a')).toBe('-- how many\r\nselect 1;');
  });

  it('are only the files with a valid name', () => {
    for (const name of ['a.sql', 'b.sql~', '.c.sql', 'd', 'e f.sql', '-g.sql']) write(name, 'x');
    expect(queries.names()).toEqual(['a']);
  });

  it('are saved through symbolic links', () => {
    write('kept', 'select 1\n');
    symlinkSync(join(directory, 'kept'), join(directory, 'a.sql'));
    queries.save('a', 'select 2');
    expect(lstatSync(join(directory, 'a.sql')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(directory, 'kept'), 'utf8')).toBe('select 2\n');
  });

  it.each(['a', 'A', 'a-b.c_d', '1', 'é', '日本'])('can have the name %s', (name) => {
    queries.save(name, 'select 1');
    expect(queries.names()).toEqual([name]);
  });

  it.each(['', '.', '..', '.a', '-a', 'a/b', '../a', 'a b', 'a\0', 'a\n', 'a'.repeat(101)])(
    'cannot have the name %j',
    (name) => {
      expect(getFailureCode(() => queries.save(name, 'select 1'))).toBe('query-name');
      expect(getFailureCode(() => queries.get(name))).toBe('query-name');
      expect(getFailureCode(() => queries.delete(name))).toBe('query-name');
    },
  );

  it('cannot be empty', () => {
    expect(getFailureCode(() => queries.save('a', ' \n'))).toBe('query-empty');
  });

  it('are unknown if the directory is empty', () => {
    expect(getFailureCode(() => queries.get('a'))).toBe('query-unknown');
    expect(getFailureCode(() => queries.delete('a'))).toBe('query-unknown');
  });
});

describe('a file that cannot be read', () => {
  const damages: [string, () => void][] = [
    ['no UTF-8', () => write('a.sql', Buffer.from('select \xff', 'latin1'))],
    ['UTF-16', () => write('a.sql', Buffer.from('select 1', 'utf16le'))],
    ['too large', () => write('a.sql', ' '.repeat((1 << 20) + 1))],
    ['a directory', () => mkdirSync(join(directory, 'a.sql'), { recursive: true })],
  ];

  it.each(damages)('(%s) is reported, and never overwritten', (_, damage) => {
    damage();
    write('b.sql', 'select 1');
    const { ino, size, mtimeMs } = statSync(join(directory, 'a.sql'));
    expect(getFailureCode(() => queries.get('a'))).toBe('query-unreadable');
    expect(getFailureCode(() => queries.save('a', 'select 2'))).toBe('query-unreadable');
    expect(statSync(join(directory, 'a.sql'))).toMatchObject({ ino, size, mtimeMs });
    expect(queries.list()).toEqual([
      { name: 'a', problem: expect.stringMatching(/^Cannot read the query in '.*a\.sql': .+\.$/) },
      { name: 'b', text: 'select 1' },
    ]);
  });

  it('is reported if the directory is a file', () => {
    mkdirSync(dirname(directory), { recursive: true });
    writeFileSync(directory, 'mine');
    expect(queries.names()).toEqual([]);
    expect(getFailureCode(() => queries.save('a', 'select 1'))).toMatch(
      /^query-un(read|writ)able$/,
    );
    expect(readFileSync(directory, 'utf8')).toBe('mine');
  });

  it.runIf(process.getuid?.() !== 0)('is reported if access is denied', () => {
    write('a.sql', 'select 1');
    chmodSync(join(directory, 'a.sql'), 0);
    expect(getFailureCode(() => queries.get('a'))).toBe('query-unreadable');
    expect(getFailureCode(() => queries.save('a', 'select 2'))).toBe('query-unreadable');
    chmodSync(directory, 0o500);
    expect(getFailureCode(() => queries.save('b', 'select 2'))).toBe('query-unwritable');
    expect(getFailureCode(() => queries.delete('a'))).toBe('query-unwritable');
    chmodSync(directory, 0o700);
  });
});
