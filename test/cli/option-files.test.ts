import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileRequest, readOptionFiles } from '../../src/cli/option-files.js';
import { Failure } from '../../src/failure.js';
import { mariadb, scratchDirectory } from './client.js';

const directory = scratchDirectory();

function put(name: string, text: string, mode = 0o644): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const user = (name: string) => `[client]\nuser=${name}\n`;

/** The same files told to both: ours by a request, the client by options and environment. */
interface Told {
  only?: string;
  extra?: string;
  groupSuffix?: string;
  home?: string;
  userHome?: string;
}

const withoutName = (text: string) => text.replaceAll(/\x07(mariadb|analytics-mysql): /g, '');

function ours(told: Told) {
  const request: FileRequest = {
    only: told.only,
    extra: told.extra,
    none: false,
    groupSuffix: told.groupSuffix ?? '',
    // The two files that the client of Debian looks for, whatever they hold on this machine.
    global: ['/etc/my.cnf', '/etc/mysql/my.cnf'],
    home: told.home,
    userHome: told.userHome,
  };
  try {
    const { options, notes } = readOptionFiles(request);
    const line = options.map(({ body }) => `--${body} `).join('');
    return { line, error: withoutName(notes.map((note) => `${note}\n`).join('')) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const last = 'Fatal error in defaults handling. Program aborted';
    return { line: undefined, error: `${error.message}\n${last}\n` };
  }
}

function theirs(told: Told) {
  const args = [
    ...(told.only === undefined ? [] : [`--defaults-file=${told.only}`]),
    ...(told.extra === undefined ? [] : [`--defaults-extra-file=${told.extra}`]),
    ...(told.groupSuffix === undefined ? [] : [`--defaults-group-suffix=${told.groupSuffix}`]),
    '--print-defaults',
  ];
  const env: NodeJS.ProcessEnv = {};
  if (told.home !== undefined) env.MYSQL_HOME = told.home;
  if (told.userHome !== undefined) env.HOME = told.userHome;
  const { stdout, stderr } = mariadb(args, env);
  return { line: stdout.split('\n')[1], error: withoutName(stderr) };
}

const a = put('a.cnf', user('a'));
const suffixed = put('suffix.cnf', '[client]\nport=1\n[clientx]\nport=2\n[MYSQLX]\nport=3\n');
const home = dirname(put('home/.my.cnf', user('home')));
const mysqlHome = dirname(put('mysql/my.cnf', user('mysql')));
const writable = put('writable.cnf', user('w'), 0o666);
const wrongHome = dirname(put('wrong/.my.cnf', 'user=a\n'));
const writableHome = dirname(put('writable/.my.cnf', 'user=a\n', 0o666));

for (const name of ['b', 'a', 'Z', '10', '9', 'é', '.hidden', 'a.b']) {
  put(`dir/${name}.cnf`, user(name));
}
put('dir/x.ini', user('ini'));
put('dir/x.CNF', user('upper'));
put('dir/x', user('none'));
put('dir/c.cnf', `!include ${a}\n[mysql]\nport=9\n`);
put('dir/d.cnf', 'wrong\n[client]\nuser=never\n');
put('dir/e.cnf', '[client]\nuser=e\n!includedir /nonexistent/directory\nuser=never\n');
put('dir/f.cnf', user('writable'), 0o666);
put('dir/directory.cnf/x', user('never'));
symlinkSync('/nonexistent/file', join(directory, 'dir/dangling.cnf'));
symlinkSync('loop.cnf', join(directory, 'dir/loop.cnf'));
put('dir/z.cnf', user('last'));
for (let level = 1; level <= 12; level++) {
  put(
    `deep/${level}.cnf`,
    `[client]\nport=${level}\n!include ${directory}/deep/${level + 1}.cnf\n`,
  );
}

const includes = (text: string) => ({ only: put(`${text.length}-${Math.random()}.cnf`, text) });

describe('the files and their order are those of the mariadb client', () => {
  const cases: [name: string, told: Told][] = [
    ['none of ours', {}],
    ['~/.my.cnf', { userHome: home }],
    ['an empty HOME', { userHome: '' }],
    ['MYSQL_HOME, the extra file, then ~/.my.cnf', { home: mysqlHome, extra: a, userHome: home }],
    ['an empty MYSQL_HOME', { home: '', userHome: home }],
    ['--defaults-file alone', { only: a, userHome: home, home: mysqlHome }],
    ['an empty --defaults-file', { only: '', userHome: home }],
    ['an empty --defaults-extra-file', { extra: '', userHome: home }],
    ['a missing --defaults-file', { only: '/nonexistent.cnf' }],
    ['a missing --defaults-extra-file', { extra: '/nonexistent.cnf' }],
    ['an unreadable --defaults-file', { only: join(directory, 'dir/loop.cnf') }],
    ['a writable --defaults-file', { only: writable }],
    ['a writable --defaults-extra-file', { extra: writable, userHome: home }],
    ['a directory as --defaults-file', { only: directory }],
    ['a mistake in ~/.my.cnf', { userHome: wrongHome }],
    ['a mistake in a writable ~/.my.cnf', { userHome: writableHome }],
    ['no suffix', { only: suffixed }],
    ['a suffix', { only: suffixed, groupSuffix: 'x' }],
    ['another suffix', { only: suffixed, groupSuffix: 'y' }],
    ['!include', includes(`[client]\nuser=1\n!include ${a}\nuser=2\n`)],
    ['!include in a group of no interest', includes(`[nope]\n!include ${a}\nuser=2\n`)],
    ['!include with blanks', includes(`  !  include \t ${a}  \r\n`)],
    ['!include with quotes', includes(`!include "${a}"\n`)],
    ['!include with a comment', includes(`!include ${a} # c\n`)],
    ['!include of a directory', includes(`!include ${directory}\n[client]\nuser=1\n`)],
    ['!include of a mistake', includes(`!include ${directory}/dir/d.cnf\n[client]\nuser=1\n`)],
    ['!includedir', includes(`!includedir ${directory}/dir\n[client]\nuser=1\n`)],
    ['!includedir with a slash', includes(`!includedir ${directory}/dir/\n`)],
    ['eleven levels', includes(`!include ${directory}/deep/1.cnf\n[client]\nuser=end\n`)],
  ];
  it.each(cases)('%s', (_, told) => {
    expect(ours(told)).toEqual(theirs(told));
  });

  it('a file that includes itself ends', () => {
    const path = join(directory, 'self.cnf');
    put('self.cnf', `!include ${path}\n[client]\nuser=1\n`);
    expect(ours({ only: path })).toEqual(theirs({ only: path }));
  });

  it('a relative path is relative to the working directory, not to the file', () => {
    put('sub/relative.cnf', '!include a.cnf\n');
    const told = { only: join(directory, 'sub/relative.cnf') };
    const there = mariadb([`--defaults-file=${told.only}`, '--print-defaults'], {}, directory);
    expect(there.stdout.split('\n')[1]).toBe('--user=a ');
    // The tests run elsewhere: nothing is found.
    expect(ours(told)).toEqual(theirs(told));
  });

  it('tells which files it looked at', () => {
    const request = { extra: undefined, none: false, groupSuffix: '', global: [], home: undefined };
    const only = includes(`!include ${a}\n!include ${writable}\n!include /nonexistent\n`).only;
    expect(readOptionFiles({ ...request, only, userHome: undefined }).triedFiles).toEqual([
      { path: only, outcome: 'read' },
      { path: a, outcome: 'read' },
      { path: writable, outcome: 'world-writable' },
      { path: '/nonexistent', outcome: 'missing' },
    ]);
    const loop = { ...request, only: undefined, userHome: undefined };
    const path = join(directory, 'dir/loop.cnf');
    expect(readOptionFiles({ ...loop, global: [path] }).triedFiles).toEqual([
      { path, outcome: 'unreadable' },
    ]);
  });
});
