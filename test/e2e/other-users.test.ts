import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, inject } from 'vitest';
import { test as testOnTerminal } from '../farm/on-terminal.js';
import { program, runOurs } from '../farm/run.js';
import { shellVariables } from '../farm/shell.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { homeWithCredentials } from './home.js';

/*
 * Files, pipes and directories of other users of the host, who can create them before the program
 * does. Only root can make them.
 */

/** The user and group `nobody`. */
const nobody = 65534;
const test = testOnTerminal.runIf(process.getuid?.() === 0);

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

const newPath = (name: string) => join(temporaryDirectory(), name);

/** Creates a file of another user, which everybody may read and write. */
function makeForeignFile(name: string, content = 'old\n'): string {
  const path = newPath(name);
  writeFileSync(path, content);
  chownSync(path, nobody, nobody);
  chmodSync(path, 0o666);
  return path;
}

/** Creates a named pipe, or with other `words` a device, of a user. */
function makeNode(owner: number, words = ['p']): string {
  const path = newPath('node');
  execFileSync('mknod', [path, ...words]);
  chownSync(path, owner, owner);
  chmodSync(path, 0o666);
  return path;
}

async function run(args: string[], options: Parameters<typeof runOurs>[1] = {}) {
  const result = await runOurs([...args, '-e', 'select 1 as a'], { env: { HOME }, ...options });
  return { code: result.code, stdout: result.stdout.toString(), stderr: result.stderr };
}

/** Runs the program with a reader of the pipe; returns its result and what the reader received. */
async function runIntoPipe(path: string, args: string[]) {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const result = await run(args);
    const bytes = Buffer.alloc(1000);
    return { ...result, received: bytes.subarray(0, readSync(reader, bytes)).toString() };
  } finally {
    closeSync(reader);
  }
}

const wikis: [string, string[]][] = [
  ['one wiki', ['itwiki']],
  ['many wikis', ['--wikis=itwiki,enwiki', '-s']],
];

describe.each(wikis)('--output of %s', (_, wiki) => {
  for (const name of ['x.csv', 'x.tsv.gz', 'x.parquet', 'x']) {
    test(`replaces a file of another user by one with mode 0600: ${name}`, async () => {
      const path = makeForeignFile(name);
      expect(await run([...wiki, `--output=${path}`])).toEqual({ code: 0, stdout: '', stderr: '' });
      const { uid, mode } = statSync(path);
      expect([uid, mode & 0o777]).toEqual([process.getuid?.(), 0o600]);
      expect(readFileSync(path, 'utf8')).not.toContain('old');
    });
  }

  test('keeps the mode of the own file', async () => {
    const path = newPath('x.csv');
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    await run([...wiki, `--output=${path}`]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('refuses a named pipe of another user, which receives nothing', async () => {
    const path = makeNode(nobody);
    expect(await runIntoPipe(path, [...wiki, `--output=${path}`])).toEqual({
      code: 1,
      stdout: '',
      stderr: `analytics-mysql: cannot write '${path}': the named pipe belongs to another user, who could read what is written; choose another file\n`,
      received: '',
    });
  });

  test('writes into the own named pipe', async () => {
    const path = makeNode(0);
    const result = await runIntoPipe(path, [...wiki, `--output=${path}`]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.received).toMatch(/1\n$/);
  });

  test('refuses a device of another user, but not one of root', async () => {
    const like = ['c', '1', '3'];
    const foreign = await run([...wiki, `--output=${makeNode(nobody, like)}`]);
    expect(foreign).toMatchObject({ code: 1, stdout: '' });
    expect(foreign.stderr).toContain('the device belongs to another user');
    const own = await run([...wiki, `--output=${makeNode(0, like)}`]);
    expect(own).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('writes into an inherited descriptor of a file of another user', async () => {
    const path = makeForeignFile('x.tsv', '');
    const command = `exec "$@" --output=/dev/fd/7 -e 'select 1 as a' 7>>'${path}'`;
    const words = [program, '--no-auto-rehash', ...wiki];
    execFileSync('bash', ['-c', command, 'bash', ...words], {
      env: { ...process.env, ...shellVariables(inject('farm')), HOME },
    });
    expect(readFileSync(path, 'utf8')).toMatch(/1\n$/);
  });
});

test('--provenance refuses a named pipe of another user', async () => {
  const path = newPath('x.csv');
  execFileSync('mknod', [`${path}.meta.json`, 'p']);
  chownSync(`${path}.meta.json`, nobody, nobody);
  const result = await run(['itwiki', `--output=${path}`, '--provenance']);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('the named pipe belongs to another user');
  expect(readFileSync(path, 'utf8')).toBe('a\n1\n');
});

describe('--tee', () => {
  test('creates a file with mode 0600 in batch', async () => {
    const path = newPath('said');
    expect(await run(['itwiki', `--tee=${path}`])).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('refuses a file of another user in batch', async () => {
    const path = makeForeignFile('said');
    expect(await run(['itwiki', `--tee=${path}`, '-B'])).toEqual({
      code: 0,
      stdout: `Error logging to file '${path}'\na\n1\n`,
      stderr: `\x07analytics-mysql: Can't create/write to file '${path}' (the file belongs to another user, who could read what is written)\n`,
    });
  });

  test('and $>> refuse a file of another user in the shell', async ({ shell }) => {
    const path = makeForeignFile('said');
    const rows = makeForeignFile('rows.tsv');
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.run(`tee ${path}`);
    await terminal.run(`select 1 as a $>> ${rows}`);
    expect(await terminal.screen()).toMatch(
      /belongs to\s+another user.*Cannot write '\S+': the file belongs to another user/s,
    );
    await terminal.run(`select 1 as a $> ${rows}`);
    expect(readFileSync(path, 'utf8')).toBe('old\n');
    expect([readFileSync(rows, 'utf8'), statSync(rows).mode & 0o777]).toEqual(['a\n1\n', 0o600]);
  });
});

describe('--resume', () => {
  /**
   * Runs a statement on two wikis, of which one exceeds a time limit; returns the arguments that
   * resume the run.
   */
  async function fail(output: string, ...options: string[]): Promise<string[]> {
    const sql = "select 1 as a, 2 + sleep(if(database() = 'enwiki', 9, 0)) as b";
    const limit = '--max-statement-time=0.2';
    const args = [
      '--wikis=itwiki,enwiki',
      '-s',
      limit,
      `--output=${output}`,
      ...options,
      '-e',
      sql,
    ];
    expect(await start(args)).toMatchObject({ code: 4 });
    return [...args, '--resume'];
  }

  async function start(args: string[]) {
    const { code, stderr } = await runOurs(args, { env: { HOME } });
    return { code, stderr };
  }

  const foreignParts: [string, (directory: string) => string][] = [
    ['directory', (directory) => directory],
    ['journal', (directory) => join(directory, 'journal')],
    ['file of rows', (directory) => join(directory, 'rows')],
    [
      'further file',
      (directory) => {
        writeFileSync(join(directory, 'further'), '');
        return join(directory, 'further');
      },
    ],
  ];
  for (const [what, find] of foreignParts) {
    test(`and a new run refuse a checkpoint whose ${what} belongs to another user`, async () => {
      const output = newPath('x.csv');
      const args = await fail(output);
      const directory = join(dirname(output), '.x.csv.run');
      chownSync(find(directory), nobody, nobody);
      const stderr = expect.stringMatching(
        /^analytics-mysql: cannot keep rows in '\S+': .* not a (directory|file) of yours; remove .*\n$/,
      );
      const before = readdirSync(directory);
      expect(await start(args)).toEqual({ code: 1, stderr });
      expect(await start(args.slice(0, -1))).toEqual({ code: 1, stderr });
      expect(readdirSync(directory)).toEqual(before);
    });
  }

  for (const options of [[], ['--union-columns']]) {
    test(`refuses the journal of another user in a directory of files ${options}`, async () => {
      const directory = `${newPath('files')}/`;
      const args = await fail(directory, ...options);
      const journal = options.length
        ? join(directory, '.analytics-mysql.run', 'journal')
        : join(directory, '_analytics-mysql.journal');
      chownSync(journal, nobody, nobody);
      const { code, stderr } = await start(args);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/belongs to another user: use --output|not a file of yours/),
      ]);
    });
  }

  test('queries a wiki again whose file another user has replaced', async () => {
    const directory = `${newPath('files')}/`;
    const args = await fail(directory);
    const file = join(directory, 'itwiki.tsv');
    writeFileSync(file, readFileSync(file, 'utf8').replace('1', '9'));
    chownSync(file, nobody, nobody);
    expect(await start(args)).toMatchObject({ code: 4 });
    expect([readFileSync(file, 'utf8'), statSync(file).uid]).toEqual(['1\t2\n', 0]);
  });
});
