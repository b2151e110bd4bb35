import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { explainDenied } from '../../src/cli/explain-denied.js';
import { readSettings } from '../../src/cli/read-settings.js';
import { Failure } from '../../src/failure.js';
import { scratchDirectory } from './client.js';

const root = scratchDirectory();
const directory = join(root, 'conf.d');
const shared = join(root, 'my.cnf');
const home = join(root, 'home');

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  mkdirSync(home);
});

function put(name: string, text = `[client]\nuser=${name}\npassword=secret-of-${name}\n`): void {
  writeFileSync(join(directory, `${name}.cnf`), text);
}

/** A file that nobody can open, not even root: a link to itself. */
function forbid(name: string): void {
  symlinkSync(`${name}.cnf`, join(directory, `${name}.cnf`));
}

function read(argv: string[] = []) {
  const env = { HOME: home, ANALYTICS_MYSQL_CREDENTIALS_DIR: directory };
  return readSettings(argv, env, { interactive: () => false, optionFiles: [shared] });
}

function refusal(argv: string[]): string {
  try {
    return `user ${read(argv).connect.user}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('the files of the access groups', () => {
  it('the first that may be read gives user and password', () => {
    forbid('analytics-research-client');
    put('research-wmde-client');
    put('stats-research-client');
    expect(read().connect).toMatchObject({
      user: 'research-wmde-client',
      password: 'secret-of-research-wmde-client',
    });
    expect(
      read().triedFiles.map(({ path, outcome }) => [path.replace(`${root}/`, ''), outcome]),
    ).toEqual([
      ['my.cnf', 'missing'],
      ['home/.my.cnf', 'missing'],
      ['conf.d/analytics-research-client.cnf', 'unreadable'],
      ['conf.d/research-client.cnf', 'missing'],
      ['conf.d/research-wmde-client.cnf', 'read'],
    ]);
  });

  it('one that everybody may write to is passed over with a warning', () => {
    put('analytics-research-client');
    chmodSync(join(directory, 'analytics-research-client.cnf'), 0o666);
    put('research-client');
    expect(read().connect.user).toBe('research-client');
    const path = join(directory, 'analytics-research-client.cnf');
    expect(read().warnings).toEqual([`Warning: World-writable config file '${path}' is ignored`]);
  });

  it.skipIf(process.getuid?.() === 0)('the kernel decides who may read', () => {
    put('analytics-research-client');
    chmodSync(join(directory, 'analytics-research-client.cnf'), 0);
    put('research-client');
    expect(read().connect.user).toBe('research-client');
  });

  const unasked: [name: string, argv: string[], userFile: string | undefined][] = [
    ['a user on the command line', ['-uanna'], undefined],
    ['--no-defaults', ['--no-defaults'], undefined],
    ['--defaults-file', [`--defaults-file=/dev/null`], undefined],
    ['a user in ~/.my.cnf', [], '[client]\nuser=anna\n'],
    ['a shortened name in ~/.my.cnf', [], '[client]\nloose-use=anna\n'],
  ];
  it.each(unasked)('are not looked for with %s', (_, argv, userFile) => {
    put('analytics-research-client');
    if (userFile) writeFileSync(join(home, '.my.cnf'), userFile);
    const { triedFiles: lookedAt, connect } = read(argv);
    expect(lookedAt.filter(({ path }) => path.startsWith(directory))).toEqual([]);
    expect(connect.user).not.toBe('analytics-research-client');
  });

  it('are looked for when a file gives a password alone', () => {
    put('research-client');
    writeFileSync(join(home, '.my.cnf'), '[client]\npassword=mine\n');
    expect(read().connect).toMatchObject({ user: 'research-client' });
  });

  it('are found by the system’s option file as well', () => {
    put('research-client');
    forbid('analytics-research-client');
    writeFileSync(shared, `!includedir ${directory}\n`);
    expect(read().connect.user).toBe('research-client');
    const { client } = read(['--client=mariadb']);
    expect(client?.fileOptions.filter((word) => word.startsWith('--user='))).toHaveLength(1);
  });
});

describe('--credentials', () => {
  const names = ['research-client', 'research-client.cnf', 'researchers'];
  it.each(names)('%s picks a file by name', (name) => {
    put('research-client');
    put('analytics-research-client');
    writeFileSync(join(home, '.my.cnf'), '[client]\nuser=anna\npassword=mine\n');
    const settings = read(['--credentials', name]);
    expect(settings.connect).toMatchObject({
      user: 'research-client',
      password: 'secret-of-research-client',
    });
  });

  it('a path picks any file, also with --no-defaults', () => {
    put('odd');
    expect(refusal(['--no-defaults', '--credentials', join(directory, 'odd.cnf')])).toBe(
      'user odd',
    );
    expect(refusal(['--credentials', join(directory, 'odd.cnf'), '-uanna'])).toBe('user anna');
  });

  it('says what is wrong', () => {
    forbid('research-client');
    put('stats-research-client');
    chmodSync(join(directory, 'stats-research-client.cnf'), 0o666);
    const cases = ['nosuch', 'researchers', 'research-wmde-client', '/nonexistent', 'analytics'];
    expect(
      cases.map((name) => refusal(['--credentials', name]).replaceAll(directory, '…')),
    ).toEqual([
      "credentials-unknown: unknown credentials 'nosuch'; known are analytics-research-client, " +
        'research-client, research-wmde-client, statistics-private-client, ' +
        'stats-research-client, or give a path with a slash',
      'credentials-unreadable: you may not read credentials file …/research-client.cnf; ' +
        'members of the group researchers may',
      'credentials-missing: credentials file …/research-wmde-client.cnf does not exist',
      'credentials-missing: credentials file /nonexistent does not exist',
      'credentials-world-writable: credentials file …/stats-research-client.cnf is not read ' +
        'because everybody may write to it; use chmod o-w',
    ]);
  });
});

describe('a denied login is explained', () => {
  it('by the files looked for, who may read them, and the groups that give access', () => {
    forbid('research-client');
    writeFileSync(shared, '[client]\nquick\n');
    const text = explainDenied(read());
    expect(text).not.toContain('\n');
    expect(text.replaceAll(root, '…').replace(/you are in .*/, 'you are in GROUPS')).toBe(
      'no credentials were found (read, but without a user name: …/my.cnf; ' +
        '…/conf.d/research-client.cnf exists, but only members of researchers may read it; ' +
        'not there: …/home/.my.cnf, …/conf.d/analytics-research-client.cnf, ' +
        '…/conf.d/research-wmde-client.cnf, …/conf.d/statistics-private-client.cnf, ' +
        '…/conf.d/stats-research-client.cnf); access comes with one of the groups ' +
        'analytics-privatedata-users, researchers, analytics-wmde-users, ' +
        'statistics-privatedata-users, analytics; you are in GROUPS',
    );
    expect(text).toMatch(/you are in [a-z0-9_-]+/);
  });

  it('with each file once, though it was met twice', () => {
    forbid('research-client');
    writeFileSync(shared, `!includedir ${directory}\n`);
    expect(explainDenied(read()).split('research-client.cnf exists')).toHaveLength(2);
  });

  it('not where there was a user name', () => {
    expect(explainDenied(read(['-uanna']))).toBe('');
  });

  it('by the lack of any file', () => {
    expect(explainDenied(read(['--no-defaults']))).toBe(
      'no user name was given and no option file was read; give -u, or --credentials NAME',
    );
  });
});
