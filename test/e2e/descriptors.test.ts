import { beforeAll, describe, expect, it } from 'vitest';
import { clientArguments, program, runInBash } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let home: string;
beforeAll(() => {
  home = homeWithCredentials();
});

/** Runs a line in bash, in a directory of its own, where $OURS is the program and $CLIENT the client. */
async function bash(line: string) {
  const CLIENT = `mariadb ${clientArguments('s2').join(' ')} itwiki`;
  const env = { HOME: home, OURS: program, CLIENT };
  const { stdout, stderr, code } = await runInBash(line, { cwd: emptyDirectory(), env }).ended;
  return { code, stdout: stdout.toString(), stderr };
}

describe('--output that names an open descriptor', () => {
  const lines = 'before\na\n1\nafter\n';
  const ours = (path: string, more = '') =>
    `"$OURS" itwiki -e 'select 1 as a' --output ${path} ${more}`;

  it.each([
    ['/dev/stdout', '>'],
    ['/dev/stdout', '>>'],
    ['/dev/fd/1', '>'],
    ['/proc/self/fd/1', '>'],
    ['/proc/thread-self/fd/1', '>'],
    ['./link', '>'],
    ['./link-to-link', '>'],
  ])('writes through standard output: %s with %s', async (path, into) => {
    const line = `ln -s /dev/stdout link; ln -s link link-to-link
      ( echo before; ${ours(path)}; echo after ) ${into} f; cat f`;
    expect(await bash(line)).toEqual({ code: 0, stdout: lines, stderr: '' });
  });

  it.each([
    ['/dev/stderr', '2'],
    ['/dev/fd/3', '3'],
    ['/proc/self/fd/3', '3'],
  ])('writes through another one: %s', async (path, number) => {
    const line = `( echo before >&${number}; ${ours(path)}; echo after >&${number} ) ${number}> f; cat f`;
    expect(await bash(line)).toEqual({ code: 0, stdout: lines, stderr: '' });
  });

  it.each(['csv', 'json', 'jsonl', 'markdown', 'wikitable'])('writes %s there', async (format) => {
    const line = `( echo before >&3; ${ours('/dev/fd/3', `--format ${format}`)}; echo after >&3 ) 3> f
      ( echo before; ${ours('-', `--format ${format}`)}; echo after ) > g; cmp f g && wc -l < f`;
    const { code, stdout } = await bash(line);
    expect({ code, enough: Number(stdout) >= 3 }).toEqual({ code: 0, enough: true });
  });

  it('keeps the order of rows and messages, as the client does', async () => {
    const args = `-vv -e 'select 1; select 2'`;
    const line = `"$OURS" itwiki ${args} --output /dev/stdout > f 2> /dev/null; $CLIENT ${args} > g; cmp f g`;
    expect(await bash(line)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each(['/dev/stdout', '/dev/fd/3'])('is taken by --wikis as well: %s', async (path) => {
    const number = path.at(-1) === '3' ? 3 : 1;
    const line = `( echo before >&${number}
      "$OURS" --wikis itwiki -e 'select 1 as a' --output ${path} 2> /dev/null
      echo after >&${number} ) ${number}> f; cat f`;
    const stdout = 'before\nwiki\ta\nitwiki\t1\nafter\n';
    expect(await bash(line)).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('that is not open is an error', async () => {
    const { code, stderr } = await bash(ours('/dev/fd/55'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot write /dev/fd/55 (EBADF)')]);
  });

  it('says of a full disk that the output is incomplete', async () => {
    const { code, stderr } = await bash(`${ours('/dev/fd/3')} 3> /dev/full`);
    expect([code, stderr]).toEqual([
      1,
      'analytics-mysql: cannot write /dev/fd/3 (ENOSPC): what was written is incomplete\n',
    ]);
  });

  it('has no provenance beside it', async () => {
    const { code, stderr } = await bash(`${ours('/dev/stdout', '--provenance')}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--provenance needs --output')]);
  });
});

describe('a standard error that nobody reads', () => {
  /** Standard error is a pipe whose reader is gone. */
  const unread = (command: string) => `mkfifo p; exec 9<> p; exec 8> p; exec 9>&-; ${command} 2>&8`;

  it('changes nothing of a run over many wikis', async () => {
    const line = unread(`"$OURS" --wikis itwiki,frwiki -e 'select 1 as a' --output f`);
    const ended = await bash(`${line}; echo $?; cat f`);
    expect(ended.stdout).toBe('0\nwiki\ta\nfrwiki\t1\nitwiki\t1\n');
  });

  it.each([
    ['warnings of the program', '--loose-nonsense'],
    ['the explanation of -v', '-v'],
    ['messages beside a format for programs', '-vv --format csv'],
  ])('changes nothing of the status and the rows: %s', async (_what, args) => {
    const command = `"$OURS" itwiki ${args} -e 'select 1 as a; do 1'`;
    const loud = await bash(`${command} 2> /dev/null; echo $?`);
    expect((await bash(`${unread(command)}; echo $?`)).stdout).toBe(loud.stdout);
    expect((await bash(`${command} 2> /dev/full; echo $?`)).stdout).toBe(loud.stdout);
    expect(loud.stdout).toMatch(/\n0\n$/);
  });

  it.each([
    ['an unknown wiki', 'nowiki_at_all'],
    ['a statement that fails', 'itwiki'],
  ])('leaves the status of an error: %s', async (_what, wiki) => {
    const command = `"$OURS" ${wiki} -e 'select nothing_at_all'`;
    const loud = await bash(`${command} 2> /dev/null; echo $?`);
    expect((await bash(`${unread(command)}; echo $?`)).stdout).toBe(loud.stdout);
    expect(loud.stdout).not.toBe('0\n');
  });

  it('leaves the status of a run in which a wiki fails', async () => {
    const command = `"$OURS" --wikis itwiki,frwiki -e 'select 1 from information_schema.nothing_at_all; select no_column'`;
    const loud = await bash(`${command} 2> /dev/null; echo $?`);
    expect((await bash(`${unread(command)}; echo $?`)).stdout).toBe(loud.stdout);
  });
});

describe('messages on a standard output that nobody reads', () => {
  it('do not keep --output from being made', async () => {
    const line = `"$OURS" itwiki -vv -e 'select 1 as a; select sleep(0.3); select 2 as b' --output f 2> /dev/null | true
      echo "\${PIPESTATUS[0]}"; cat f`;
    const { stdout } = await bash(line);
    expect(stdout).toBe('0\na\n1\nsleep(0.3)\n0\nb\n2\n');
  });
});

describe('a program that closes its end early', () => {
  const rows = "select seq, repeat('x', 500) from seq_1_to_200000";

  it.each([
    ['a pipe', `"$OURS" itwiki -Ne "${rows}" | head -n 1 | cut -c 1-2; echo "\${PIPESTATUS[0]}"`],
    [
      'among several statements',
      `"$OURS" itwiki -Ne "${rows}; select sleep(20)" | head -n 1 | cut -c 1-2; echo "\${PIPESTATUS[0]}"`,
    ],
    [
      '--output >(…)',
      `"$OURS" itwiki -Ne "${rows}" --output >(head -n 1 | cut -c 1-2 > f); code=$?; until [ -s f ]; do sleep 0.05; done; cat f; echo $code`,
    ],
    [
      '--output /dev/fd/3',
      `"$OURS" itwiki -Ne "${rows}" --output /dev/fd/3 3> >(head -n 1 | cut -c 1-2 > f); code=$?; until [ -s f ]; do sleep 0.05; done; cat f; echo $code`,
    ],
    [
      'a compressed pipe',
      `mkfifo x.tsv.gz; head -c 100 > /dev/null < x.tsv.gz & "$OURS" itwiki -Ne "${rows}" --output x.tsv.gz; code=$?; printf '1\\t\\n'; echo $code`,
    ],
  ])('has seen enough: %s', async (_what, line) => {
    expect(await bash(line)).toEqual({ code: 0, stdout: '1\t\n0\n', stderr: '' });
  });
});
