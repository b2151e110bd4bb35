import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
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
      /belongs to\s+another user.*Cannot write the result: the file belongs to another user/s,
    );
    await terminal.run(`select 1 as a $> ${rows}`);
    expect(readFileSync(path, 'utf8')).toBe('old\n');
    expect([readFileSync(rows, 'utf8'), statSync(rows).mode & 0o777]).toEqual(['a\n1\n', 0o600]);
  });
});
