import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OptionFilesRequest, readOptionFiles } from '../../src/cli/option-files.js';
import { Failure } from '../../src/failure.js';
import { mariadb, scratchDirectory } from './client.js';

const directory = scratchDirectory();

function writeTestFile(name: string, text: string, mode = 0o644): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const user = (name: string) => `[client]\nuser=${name}\n`;

/**
 * The files to read: this program gets them as a request, the client by options and environment.
 */
interface FilesToRead {
  defaultsFile?: string;
  extraFile?: string;
  groupSuffix?: string;
  home?: string;
  userHome?: string;
}

const withoutName = (text: string) => text.replaceAll(/\x07(mariadb|analytics-mysql): /g, '');

function readWithProgram(files: FilesToRead) {
  const request: OptionFilesRequest = {
    defaultsFile: files.defaultsFile,
    extraFile: files.extraFile,
    noDefaults: false,
    groupSuffix: files.groupSuffix ?? '',
    // The two files that Debian's client reads; they may exist on this machine.
    systemFiles: ['/etc/my.cnf', '/etc/mysql/my.cnf'],
    home: files.home,
    userHome: files.userHome,
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

function readWithClient(files: FilesToRead) {
  const args = [
    ...(files.defaultsFile === undefined ? [] : [`--defaults-file=${files.defaultsFile}`]),
    ...(files.extraFile === undefined ? [] : [`--defaults-extra-file=${files.extraFile}`]),
    ...(files.groupSuffix === undefined ? [] : [`--defaults-group-suffix=${files.groupSuffix}`]),
    '--print-defaults',
  ];
  const env: NodeJS.ProcessEnv = {};
  if (files.home !== undefined) env.MYSQL_HOME = files.home;
  if (files.userHome !== undefined) env.HOME = files.userHome;
  const { stdout, stderr } = mariadb(args, env);
  return { line: stdout.split('\n')[1], error: withoutName(stderr) };
}

const a = writeTestFile('a.cnf', user('a'));
const suffixed = writeTestFile(
  'suffix.cnf',
  '[client]\nport=1\n[clientx]\nport=2\n[MYSQLX]\nport=3\n',
);
const home = dirname(writeTestFile('home/.my.cnf', user('home')));
const mysqlHome = dirname(writeTestFile('mysql/my.cnf', user('mysql')));
const writable = writeTestFile('writable.cnf', user('w'), 0o666);
const wrongHome = dirname(writeTestFile('wrong/.my.cnf', 'user=a\n'));
const writableHome = dirname(writeTestFile('writable/.my.cnf', 'user=a\n', 0o666));

for (const name of ['b', 'a', 'Z', '10', '9', 'é', '.hidden', 'a.b']) {
  writeTestFile(`dir/${name}.cnf`, user(name));
}
writeTestFile('dir/x.ini', user('ini'));
writeTestFile('dir/x.CNF', user('upper'));
writeTestFile('dir/x', user('none'));
writeTestFile('dir/c.cnf', `!include ${a}\n[mysql]\nport=9\n`);
writeTestFile('dir/d.cnf', 'wrong\n[client]\nuser=never\n');
writeTestFile('dir/e.cnf', '[client]\nuser=e\n!includedir /nonexistent/directory\nuser=never\n');
writeTestFile('dir/f.cnf', user('writable'), 0o666);
writeTestFile('dir/directory.cnf/x', user('never'));
symlinkSync('/nonexistent/file', join(directory, 'dir/dangling.cnf'));
symlinkSync('loop.cnf', join(directory, 'dir/loop.cnf'));
writeTestFile('dir/z.cnf', user('last'));
for (let level = 1; level <= 12; level++) {
  writeTestFile(
    `deep/${level}.cnf`,
    `[client]\nport=${level}\n!include ${directory}/deep/${level + 1}.cnf\n`,
  );
}

const includes = (text: string) => ({
  defaultsFile: writeTestFile(`${text.length}-${Math.random()}.cnf`, text),
});

describe('reads the same files in the same order as the mariadb client', () => {
  const cases: [name: string, files: FilesToRead][] = [
    ['only the files of the system', {}],
    ['~/.my.cnf', { userHome: home }],
    ['an empty HOME', { userHome: '' }],
    [
      'MYSQL_HOME, the extra file, then ~/.my.cnf',
      { home: mysqlHome, extraFile: a, userHome: home },
    ],
    ['an empty MYSQL_HOME', { home: '', userHome: home }],
    ['--defaults-file alone', { defaultsFile: a, userHome: home, home: mysqlHome }],
    ['an empty --defaults-file', { defaultsFile: '', userHome: home }],
    ['an empty --defaults-extra-file', { extraFile: '', userHome: home }],
    ['a missing --defaults-file', { defaultsFile: '/nonexistent.cnf' }],
    ['a missing --defaults-extra-file', { extraFile: '/nonexistent.cnf' }],
    ['an unreadable --defaults-file', { defaultsFile: join(directory, 'dir/loop.cnf') }],
    ['a world-writable --defaults-file', { defaultsFile: writable }],
    ['a world-writable --defaults-extra-file', { extraFile: writable, userHome: home }],
    ['a directory as --defaults-file', { defaultsFile: directory }],
    ['an error in ~/.my.cnf', { userHome: wrongHome }],
    ['an error in a world-writable ~/.my.cnf', { userHome: writableHome }],
    ['no group suffix', { defaultsFile: suffixed }],
    ['a group suffix', { defaultsFile: suffixed, groupSuffix: 'x' }],
    ['another group suffix', { defaultsFile: suffixed, groupSuffix: 'y' }],
    ['!include', includes(`[client]\nuser=1\n!include ${a}\nuser=2\n`)],
    ['!include in a group that is not read', includes(`[nope]\n!include ${a}\nuser=2\n`)],
    ['!include with blanks', includes(`  !  include \t ${a}  \r\n`)],
    ['!include with quotes', includes(`!include "${a}"\n`)],
    ['!include with a comment', includes(`!include ${a} # c\n`)],
    ['!include of a directory', includes(`!include ${directory}\n[client]\nuser=1\n`)],
    [
      '!include of a file with an error',
      includes(`!include ${directory}/dir/d.cnf\n[client]\nuser=1\n`),
    ],
    ['!includedir', includes(`!includedir ${directory}/dir\n[client]\nuser=1\n`)],
    ['!includedir with a slash', includes(`!includedir ${directory}/dir/\n`)],
    [
      'eleven levels of !include',
      includes(`!include ${directory}/deep/1.cnf\n[client]\nuser=end\n`),
    ],
  ];
  it.each(cases)('%s', (_, files) => {
    expect(readWithProgram(files)).toEqual(readWithClient(files));
  });

  it('stops at the maximum depth if a file includes itself', () => {
    const path = join(directory, 'self.cnf');
    writeTestFile('self.cnf', `!include ${path}\n[client]\nuser=1\n`);
    expect(readWithProgram({ defaultsFile: path })).toEqual(readWithClient({ defaultsFile: path }));
  });

  it('resolves a relative path against the working directory, not the file', () => {
    writeTestFile('sub/relative.cnf', '!include a.cnf\n');
    const files = { defaultsFile: join(directory, 'sub/relative.cnf') };
    const there = mariadb(
      [`--defaults-file=${files.defaultsFile}`, '--print-defaults'],
      {},
      directory,
    );
    expect(there.stdout.split('\n')[1]).toBe('--user=a ');
    // The tests run in another directory, so the file is not found.
    expect(readWithProgram(files)).toEqual(readWithClient(files));
  });

  it('returns which files it tried', () => {
    const request = {
      extraFile: undefined,
      noDefaults: false,
      groupSuffix: '',
      systemFiles: [],
      home: undefined,
    };
    const only = includes(
      `!include ${a}\n!include ${writable}\n!include /nonexistent\n`,
    ).defaultsFile;
    expect(
      readOptionFiles({ ...request, defaultsFile: only, userHome: undefined }).triedFiles,
    ).toEqual([
      { path: only, outcome: 'read' },
      { path: a, outcome: 'read' },
      { path: writable, outcome: 'world-writable' },
      { path: '/nonexistent', outcome: 'missing' },
    ]);
    const loop = { ...request, defaultsFile: undefined, userHome: undefined };
    const path = join(directory, 'dir/loop.cnf');
    expect(readOptionFiles({ ...loop, systemFiles: [path] }).triedFiles).toEqual([
      { path, outcome: 'unreadable' },
    ]);
  });
});
