import { beforeAll, describe, expect, it } from 'vitest';
import { clientArguments, program, runInBash } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let home: string;
beforeAll(() => {
  home = homeWithCredentials();
});

/** Runs a command line in bash in a new directory; $OURS is the program and $CLIENT the client. */
async function runBash(line: string) {
  const CLIENT = `mariadb ${clientArguments('s2').join(' ')} itwiki`;
  const env = { HOME: home, OURS: program, CLIENT };
  const { stdout, stderr, code } = await runInBash(line, { cwd: emptyDirectory(), env }).ended;
  return { code, stdout: stdout.toString(), stderr };
}

describe('--output to an open file descriptor', () => {
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
  ])('writes to the open standard output: %s with %s', async (path, redirect) => {
    const line = `ln -s /dev/stdout link; ln -s link link-to-link
      ( echo before; ${ours(path)}; echo after ) ${redirect} f; cat f`;
    expect(await runBash(line)).toEqual({ code: 0, stdout: lines, stderr: '' });
  });

  it.each([
    ['/dev/stderr', '2'],
    ['/dev/fd/3', '3'],
    ['/proc/self/fd/3', '3'],
  ])('writes to another open descriptor: %s', async (path, number) => {
    const line = `( echo before >&${number}; ${ours(path)}; echo after >&${number} ) ${number}> f; cat f`;
    expect(await runBash(line)).toEqual({ code: 0, stdout: lines, stderr: '' });
  });

  it.each(['csv', 'json', 'jsonl', 'markdown', 'wikitable'])('writes %s to it', async (format) => {
    const line = `( echo before >&3; ${ours('/dev/fd/3', `--format ${format}`)}; echo after >&3 ) 3> f
      ( echo before; ${ours('-', `--format ${format}`)}; echo after ) > g; cmp f g && wc -l < f`;
    const { code, stdout } = await runBash(line);
    expect({ code, hasRows: Number(stdout) >= 3 }).toEqual({ code: 0, hasRows: true });
  });

  it('keeps rows and messages in the same order as the client', async () => {
    const args = `-vv -e 'select 1; select 2'`;
    const line = `"$OURS" itwiki ${args} --output /dev/stdout > f 2> /dev/null; $CLIENT ${args} > g; cmp f g`;
    expect(await runBash(line)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each(['/dev/stdout', '/dev/fd/3'])('works with --wikis too: %s', async (path) => {
    const number = path.at(-1) === '3' ? 3 : 1;
    const line = `( echo before >&${number}
      "$OURS" --wikis itwiki -e 'select 1 as a' --output ${path} 2> /dev/null
      echo after >&${number} ) ${number}> f; cat f`;
    const stdout = 'before\nwiki\ta\nitwiki\t1\nafter\n';
    expect(await runBash(line)).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('is an error if the descriptor is not open', async () => {
    const { code, stderr } = await runBash(ours('/dev/fd/55'));
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("cannot write '/dev/fd/55' (EBADF)"),
    ]);
  });

  it('reports incomplete output if the disk is full', async () => {
    const { code, stderr } = await runBash(`${ours('/dev/fd/3')} 3> /dev/full`);
    expect([code, stderr]).toEqual([
      1,
      "analytics-mysql: cannot write '/dev/fd/3' (no space left on the device): it is incomplete\n",
    ]);
  });

  it('refuses --provenance', async () => {
    const { code, stderr } = await runBash(`${ours('/dev/stdout', '--provenance')}`);
    expect([code, stderr]).toEqual([13, expect.stringContaining('--provenance needs --output')]);
  });
});

describe('if standard error cannot be written', () => {
  /** Runs a command with a pipe for standard error whose reader is gone. */
  const withClosedStderr = (command: string) =>
    `mkfifo p; exec 9<> p; exec 8> p; exec 9>&-; ${command} 2>&8`;

  it('a run over many wikis writes the same output', async () => {
    const line = withClosedStderr(`"$OURS" --wikis itwiki,frwiki -e 'select 1 as a' --output f`);
    const ended = await runBash(`${line}; echo $?; cat f`);
    expect(ended.stdout).toBe('0\nwiki\ta\nfrwiki\t1\nitwiki\t1\n');
  });

  it.each([
    ['warnings of the program', '--loose-nonsense'],
    ['the explanation of -v', '-v'],
    ['messages with a format for programs', '-vv --format csv'],
  ])('the exit status and the rows are the same: %s', async (_what, args) => {
    const command = `"$OURS" itwiki ${args} -e 'select 1 as a; do 1'`;
    const expected = await runBash(`${command} 2> /dev/null; echo $?`);
    expect((await runBash(`${withClosedStderr(command)}; echo $?`)).stdout).toBe(expected.stdout);
    expect((await runBash(`${command} 2> /dev/full; echo $?`)).stdout).toBe(expected.stdout);
    expect(expected.stdout).toMatch(/\n0\n$/);
  });

  it.each([
    ['an unknown wiki', 'nowiki_at_all'],
    ['a statement that fails', 'itwiki'],
  ])('the exit status of an error is the same: %s', async (_what, wiki) => {
    const command = `"$OURS" ${wiki} -e 'select nothing_at_all'`;
    const expected = await runBash(`${command} 2> /dev/null; echo $?`);
    expect((await runBash(`${withClosedStderr(command)}; echo $?`)).stdout).toBe(expected.stdout);
    expect(expected.stdout).not.toBe('0\n');
  });

  it('the exit status of a run with a failed wiki is the same', async () => {
    const command = `"$OURS" --wikis itwiki,frwiki -e 'select 1 from information_schema.nothing_at_all; select no_column'`;
    const expected = await runBash(`${command} 2> /dev/null; echo $?`);
    expect((await runBash(`${withClosedStderr(command)}; echo $?`)).stdout).toBe(expected.stdout);
  });
});

it('reports the error of a statement that is longer than a pipe holds, to a slow reader', async () => {
  // After the first connection, Node.js has made standard error non-blocking.
  const line = `( printf 'kill connection_id();\\nselect 1;\\nconnect itwiki\\nselec '
      head -c 20000000 /dev/zero | tr '\\0' x
      printf ';\\nselec;\\n' ) > script.sql
    for command in "$OURS itwiki" "$CLIENT"; do
      $command -f < script.sql 2>&1 > /dev/null | sed -n 's/^\\(ERROR [0-9]*\\).*/\\1/p' > errors
      wc -l < errors; tail -n 2 errors
    done`;
  const errors = '4\nERROR 1064\nERROR 1064\n';
  expect(await runBash(line)).toEqual({ code: 0, stdout: errors + errors, stderr: '' });
});

describe('if nobody reads the messages on standard output', () => {
  it('the --output file is still written', async () => {
    const line = `"$OURS" itwiki -vv -e 'select 1 as a; select sleep(0.3); select 2 as b' --output f 2> /dev/null | true
      echo "\${PIPESTATUS[0]}"; cat f`;
    const { stdout } = await runBash(line);
    expect(stdout).toBe('0\na\n1\nsleep(0.3)\n0\nb\n2\n');
  });
});

describe('a reader that closes its end early', () => {
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
  ])('causes no error: %s', async (_what, line) => {
    expect(await runBash(line)).toEqual({ code: 0, stdout: '1\t\n0\n', stderr: '' });
  });
});
