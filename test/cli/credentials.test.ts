import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { explainAccessDenied } from '../../src/cli/explain-access-denied.js';
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

function writeCredentials(
  name: string,
  text = `[client]\nuser=${name}\npassword=secret-of-${name}\n`,
): void {
  writeFileSync(join(directory, `${name}.cnf`), text);
}

/** Makes a file that nobody can open, not even root: a link to itself. */
function makeUnreadable(name: string): void {
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

describe('the credentials files of the access groups', () => {
  it('takes user and password from the first readable file', () => {
    makeUnreadable('analytics-research-client');
    writeCredentials('research-wmde-client');
    writeCredentials('stats-research-client');
    expect(read().connect).toMatchObject({
      user: 'research-wmde-client',
      password: 'secret-of-research-wmde-client',
    });
    expect(
      read().triedFiles.map(({ path, outcome }) => [path.replace(`${root}/`, ''), outcome]),
    ).toEqual([
      ['my.cnf', 'missing'],
      ['home/.my.cnf', 'missing'],
      ['home/.config/analytics-mysql/config.cnf', 'missing'],
      ['conf.d/analytics-research-client.cnf', 'unreadable'],
      ['conf.d/research-client.cnf', 'missing'],
      ['conf.d/research-wmde-client.cnf', 'read'],
    ]);
  });

  it('skips a world-writable file with a warning', () => {
    writeCredentials('analytics-research-client');
    chmodSync(join(directory, 'analytics-research-client.cnf'), 0o666);
    writeCredentials('research-client');
    expect(read().connect.user).toBe('research-client');
    const path = join(directory, 'analytics-research-client.cnf');
    expect(read().warnings).toEqual([`Warning: World-writable config file '${path}' is ignored`]);
  });

  it.skipIf(process.getuid?.() === 0)(
    'skips a file that the kernel does not let the user read',
    () => {
      writeCredentials('analytics-research-client');
      chmodSync(join(directory, 'analytics-research-client.cnf'), 0);
      writeCredentials('research-client');
      expect(read().connect.user).toBe('research-client');
    },
  );

  const withoutCredentials: [name: string, argv: string[], userFile: string | undefined][] = [
    ['a user on the command line', ['-uanna'], undefined],
    ['--no-defaults', ['--no-defaults'], undefined],
    ['--defaults-file', [`--defaults-file=/dev/null`], undefined],
    ['a user in ~/.my.cnf', [], '[client]\nuser=anna\n'],
    ['an abbreviated --user in ~/.my.cnf', [], '[client]\nloose-use=anna\n'],
  ];
  it.each(withoutCredentials)('are not read with %s', (_, argv, userFile) => {
    writeCredentials('analytics-research-client');
    if (userFile) writeFileSync(join(home, '.my.cnf'), userFile);
    const { triedFiles, connect } = read(argv);
    expect(triedFiles.filter(({ path }) => path.startsWith(directory))).toEqual([]);
    expect(connect.user).not.toBe('analytics-research-client');
  });

  it('are read when an option file gives a password but no user', () => {
    writeCredentials('research-client');
    writeFileSync(join(home, '.my.cnf'), '[client]\npassword=mine\n');
    expect(read().connect).toMatchObject({ user: 'research-client' });
  });

  it('can also be included by the option file of the system', () => {
    writeCredentials('research-client');
    makeUnreadable('analytics-research-client');
    writeFileSync(shared, `!includedir ${directory}\n`);
    expect(read().connect.user).toBe('research-client');
    const { client } = read(['--client=mariadb']);
    expect(client?.fileOptions.filter((word) => word.startsWith('--user='))).toHaveLength(1);
  });
});

describe('--credentials', () => {
  const names = ['research-client', 'research-client.cnf', 'researchers'];
  it.each(names)('finds the file by the name %s', (name) => {
    writeCredentials('research-client');
    writeCredentials('analytics-research-client');
    writeFileSync(join(home, '.my.cnf'), '[client]\nuser=anna\npassword=mine\n');
    const settings = read(['--credentials', name]);
    expect(settings.connect).toMatchObject({
      user: 'research-client',
      password: 'secret-of-research-client',
    });
  });

  it('reads any file by its path, also with --no-defaults', () => {
    writeCredentials('odd');
    expect(refusal(['--no-defaults', '--credentials', join(directory, 'odd.cnf')])).toBe(
      'user odd',
    );
    expect(refusal(['--credentials', join(directory, 'odd.cnf'), '-uanna'])).toBe('user anna');
  });

  it('reports unknown names, and missing, unreadable and world-writable files', () => {
    makeUnreadable('research-client');
    writeCredentials('stats-research-client');
    chmodSync(join(directory, 'stats-research-client.cnf'), 0o666);
    const cases = ['nosuch', 'researchers', 'research-wmde-client', '/nonexistent', 'analytics'];
    expect(
      cases.map((name) => refusal(['--credentials', name]).replaceAll(directory, '…')),
    ).toEqual([
      "credentials-unknown: unknown credentials 'nosuch'; use analytics-research-client, " +
        'research-client, research-wmde-client, statistics-private-client, ' +
        'stats-research-client, or a path with a slash',
      "credentials-unreadable: you may not read credentials file '…/research-client.cnf'; " +
        'only members of the group researchers may',
      "credentials-missing: credentials file '…/research-wmde-client.cnf' does not exist",
      "credentials-missing: credentials file '/nonexistent' does not exist",
      "credentials-world-writable: credentials file '…/stats-research-client.cnf' is ignored " +
        'because it is world-writable; use chmod o-w to fix it',
    ]);
  });
});

describe('the explanation of a denied login', () => {
  /** Returns the explanation with short paths and without the user's groups. */
  function explain(argv: string[] = []) {
    const explanation = explainAccessDenied(read(argv));
    if (explanation === undefined) return undefined;
    const { advice, triedFiles } = explanation;
    expect(advice).not.toContain('\n');
    return {
      advice: advice.replace(/you are in [a-z0-9_-]+.*/, 'you are in GROUPS'),
      triedFiles: triedFiles.map((line) => line.replaceAll(root, '…')),
    };
  }

  it('names the group that may read the existing files, and lists the tried files', () => {
    makeUnreadable('research-client');
    writeFileSync(shared, '[client]\nquick\n');
    expect(explain()).toEqual({
      advice:
        'no credentials were found; ask for membership of the group researchers; you are in GROUPS',
      triedFiles: [
        'without a user name: …/my.cnf',
        '…/conf.d/research-client.cnf exists, but only members of researchers may read it',
        'missing: …/home/.my.cnf, …/home/.config/analytics-mysql/config.cnf, ' +
          '…/conf.d/analytics-research-client.cnf, ' +
          '…/conf.d/research-wmde-client.cnf, …/conf.d/statistics-private-client.cnf, ' +
          '…/conf.d/stats-research-client.cnf',
      ],
    });
  });

  it('names all groups if no credentials file exists', () => {
    expect(explain()?.advice).toBe(
      'no credentials were found; ask for membership of one of the groups ' +
        'analytics-privatedata-users, researchers, analytics-wmde-users, ' +
        'statistics-privatedata-users, analytics; you are in GROUPS',
    );
  });

  it('names other credentials that the user may read, which are not used by themselves', () => {
    makeUnreadable('research-client');
    makeUnreadable('other-client');
    writeCredentials('discovery-stats-client');
    writeCredentials('wmf-client');
    writeCredentials('debian');
    expect(read().connect.user).toBeUndefined();
    expect(explain()?.advice).toBe(
      'no credentials were found; you may use --credentials discovery-stats-client or ' +
        '--credentials wmf-client',
    );
    for (const name of ['wmf-client', 'wmf-client.cnf'])
      expect(read(['--credentials', name]).connect.user).toBe('wmf-client');
    for (const name of ['debian', 'other-client', '../my'])
      expect(refusal(['--credentials', name]), name).toMatch(/^credentials-/);
  });

  it('lists a file once even if it was tried twice', () => {
    makeUnreadable('research-client');
    writeFileSync(shared, `!includedir ${directory}\n`);
    const lines = explain()?.triedFiles ?? [];
    expect(lines.filter((line) => line.includes('research-client.cnf exists'))).toHaveLength(1);
  });

  it('is not given if a user name was given', () => {
    expect(explain(['-uanna'])).toBeUndefined();
  });

  it('says that no option file was read', () => {
    expect(explain(['--no-defaults'])).toEqual({
      advice: 'no user name was given and no option file was read; use -u, or --credentials NAME',
      triedFiles: [],
    });
  });
});
