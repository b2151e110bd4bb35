import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileOptions, readOptionFile, readOptionFiles } from '../../src/cli/option-files.js';
import { Failure } from '../../src/failure.js';
import { toExactBytes } from '../../src/text/exact-bytes.js';
import { mariadb, scratchDirectory } from './client.js';

const directory = scratchDirectory();
const path = join(directory, 'x.cnf');

/** Removes the bell and the name of the program, which begin one of the client's messages. */
const withoutName = (text: string) => text.replaceAll(/\x07(mariadb|analytics-mysql): /g, '');

/** Reads files with this program, and returns the output that --print-defaults would have. */
function readWithProgram(read = () => readOptionFile(path, '')): {
  arguments: string;
  error: string;
} {
  try {
    const { options, notes } = read();
    const line = options.map(({ body }) => `--${body} `).join('');
    return { arguments: `${line}\n`, error: notes.map((note) => `${note}\n`).join('') };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.exitStatus).toBe(1);
    const last = 'Fatal error in defaults handling. Program aborted';
    return { arguments: '', error: `${withoutName(error.message)}\n${last}\n` };
  }
}

/** Reads the file with --print-defaults of the client. */
function readWithClient(file = path, env: NodeJS.ProcessEnv = {}) {
  const { stdout, stderr } = mariadb([`--defaults-file=${file}`, '--print-defaults'], env);
  return {
    arguments: stdout.split('\n').slice(1).join('\n'),
    error: withoutName(stderr),
  };
}

const client = (lines: string) => `[client]\n${lines}`;
const long = (length: number) => `user=${'x'.repeat(length - 5)}\nport=1\n`;

/** The option files to read. */
const files: string[] = [
  // quotes
  ...['"a b"', "'a b'", '"a', 'a"b', '"a"b', '\'a"', '"', "'", '""', '"a" "b"', "it''s", '"a\'b"'],
  ...[' "a" ', '" a "', `'it''s'`, '"\\"', "'a\\'b'", '"a\\"b # c"', '"a\\\\" # b', '"a\\" # b'],
  // escapes
  ...['\\tx\\ny\\rz\\bq\\\\w\\se\\qr\\"t', 'a\\', '\\x\\0\\a', '\\s a', 'a\\s', "\\'"],
  // comments
  ...['a # c', 'a# c', 'a#c', '#c', ' # c', 'a ; c', '"a # b" # c', "it's # c", "a 'x#y' # '"],
  ...["'a' # '", 'a"b # c" # d', '"a # b'],
  // blanks, empty values, bytes
  ...['   a   ', '\ta\tb\t', '', ' ', 'a=b', 'a\x0bb\x0c', 'é', 'a\r\rb\r', 'a\0b', '--user=a'],
]
  .map((value) => client(`user=${value}\n`))
  .concat([
    client('user = a\n'),
    client('  user  =a'),
    client('user'),
    client('user\n\n\n'),
    client('user # c=x\n'),
    client('user a\n'),
    client('=a\n'),
    client('--quick\n'),
    client('"user"=a\n'),
    client('u\\ser=a\n'),
    client('max allowed=1M\nmax_allowed_packet=1M\n'),
    client('skip-ssl\nloose-foo=1\nloose-quick\n'),
    client('password=p\npassword\nskip-password\n'),
    client('# c\n ; c\n  # c\n#\\\n# it\'s "\nuser=b\n'),
    client('\0user=a\nuser=b\n'),
    client('a\\\nb\n'),
    client(long(4093)),
    client(long(4094)),
    client(long(4095)),
    client(long(9000)),
    '[client]\r\nuser=a\r\n[mysql]\r\nquick\r\n',
    '\ufeff[client]\nuser=a\n',
    // groups
    '[client ]\nuser=a\n[ client]\nport=1\n',
    '[CLIENT]\nuser=a\n[MySQL]\nport=1\n',
    '  [client] # c\nuser=a\n',
    '[client]x]\nuser=a\n[mysql]user=x\nport=1\n',
    '[[client]]\nuser=a\n',
    '[cli#ent]\nuser=a\n[client;x]\nuser=a\n[]\nuser=b\n',
    '[mariadb-client]\na\n[client-server]\nb\n[client-mariadb]\nc\n[mariadb]\nd\n[mysqldump]\ne\n',
    '[nope]\nuser=a\n[client]\nuser=b\n[nope]\nuser=c\n[mysql]\nuser=d\n[client]\nuser=e\n',
    '',
    '\n\n#c\n',
    // errors
    'user=a\n[client]\n',
    '[client]\nuser=a\n\n[mysql\nuser=b\n',
    '[client]\nuser=a\n[\0client]\n',
    '\n\n#c\nx',
    // directives
    client('!foo\n!\n!INCLUDE x\n!includefoo\n! foo\nuser=a\n'),
    client('user=a\n!include\n'),
    client('!include  \t \n'),
    client('!includedir\n'),
    client('!include /nonexistent\nuser=a\n'),
    client('user=a\n!includedir /nonexistent/directory\nuser=b\n'),
    client('!include /nonexistent/#c\n!include/nonexistent\n!includedir/nonexistent\n'),
  ]);

describe('reads an option file like the mariadb client', () => {
  it.each(files)('%j', (text) => {
    writeFileSync(path, text);
    expect(readWithProgram()).toEqual(readWithClient());
  });

  it.each([
    'user=\xa0a\xa0b\xa0',
    'user=a\xa0 # c',
    'user="a\xa0"',
    'user=\xa0"a"\xa0',
    'user=\xc3\xa0',
    'user\xa0=a',
    '\xa0user=a',
    '\xa0',
    'user=\x80a\xff\x85',
    'user\xff=a',
    '\x85user=a',
    'password=p\xe4\n[client\xa0]\xa0\nuser=b',
    '!include\xa0/nonexistent\nuser=b',
  ])('%j in bytes', (lines) => {
    writeFileSync(path, Buffer.from(`[client]\n${lines}\n`, 'latin1'));
    const { stdout } = spawnSync('mariadb', [`--defaults-file=${path}`, '--print-defaults']);
    const words = readOptionFile(path, '').options.map(({ body }) => `--${body} `);
    const ours = toExactBytes(`${words.join('')}\n`).toString('latin1');
    expect(ours).toBe(stdout.toString('latin1').replace(/^.*\n/, ''));
  });

  it('keeps bytes that are not UTF-8', () => {
    writeFileSync(path, Buffer.from('[client]\nuser=\xff\xc3\xa9\n', 'latin1'));
    const body = readOptionFile(path, '').options[0]?.body ?? '';
    expect(toExactBytes(body)).toEqual(Buffer.from('user=\xff\xc3\xa9', 'latin1'));
  });
});

describe('finds option files like the mariadb client', () => {
  // The client shows paths with symbolic links resolved, also that of the temporary directory.
  const home = join(realpathSync(directory), 'home');
  mkdirSync(join(home, 'dir'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(home, name), text);
  write('good.cnf', client('user=a\n'));
  write('dir/good.cnf', client('user=b\n'));
  write('bad.cnf', 'user=a\n');
  symlinkSync('bad.cnf', join(home, 'link.cnf'));
  symlinkSync('nosuch', join(home, 'dangling.cnf'));
  symlinkSync('loop', join(home, 'loop'));

  const expectSameFiles = (file: string) => {
    const request = {
      defaultsFile: file,
      extraFile: undefined,
      noDefaults: false,
      groupSuffix: '',
      systemFiles: [],
      home: undefined,
      userHome: home,
    };
    const ours = readWithProgram((): FileOptions => readOptionFiles(request));
    expect(ours).toEqual(readWithClient(file, { HOME: home }));
  };
  const fromHere = relative(process.cwd(), home);

  it.each([
    '~/good.cnf',
    '~//good.cnf',
    '~/bad.cnf',
    '~/../home/bad.cnf',
    '~/nosuch.cnf',
    '~/./nosuch//x.cnf',
    '~',
    '~nosuchuser/good.cnf',
    `${fromHere}/good.cnf`,
    `${fromHere}/bad.cnf`,
    `${fromHere}//nosuch/../bad.cnf`,
    `${fromHere}/nosuch/../nosuch.cnf`,
    `${home}/nosuch//../nosuch.cnf`,
    `${home}/link.cnf`,
    `${home}/dangling.cnf`,
    `${home}/loop`,
    `${home}/nosuch/`,
    '',
  ])('--defaults-file=%s', expectSameFiles);

  it.each([
    '!include ~/good.cnf',
    '!include ~//bad.cnf',
    '!include ~/nosuch.cnf',
    '!include ~',
    `!include ${home}/link.cnf`,
    '!includedir ~/dir',
    `!includedir ${home}/dir`,
    `!includedir ${home}/good.cnf`,
    `!includedir ${home}/good.cnf/dir`,
    '!includedir /dev/null',
    `!includedir ${home}/loop`,
    `!includedir /${'x'.repeat(300)}`,
  ])('%s', (line) => {
    write('include.cnf', `${line}\n${client('port=1\n')}`);
    expectSameFiles(join(home, 'include.cnf'));
  });
});
