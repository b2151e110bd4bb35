import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, it } from 'vitest';
import { query } from '../../src/library/index.js';
import { type Farm, startFarm } from '../farm/farm.js';
import { loadSql } from '../farm/load-sql.js';
import { program } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let farm: Farm;
let home: string;

beforeAll(async () => {
  home = homeWithCredentials();
  farm = await startFarm({ sections: ['s2', 's5'] });
  // After this time, the servers close the connection of a client that does not read.
  const sql = 'set global net_write_timeout = 3; set global max_statement_time = 60;';
  await Promise.all(
    [farm.endpoints.s2, farm.endpoints.s5].map(({ socket }) => loadSql(socket, sql)),
  );
  return () => farm.stop();
});

interface BashResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command line in bash; $OURS is the program, and $CLIENT is the client for itwiki. */
async function runBash(line: string, env: Record<string, string> = {}): Promise<BashResult> {
  const { address, port } = farm.endpoints.s2;
  const { name, password } = farm.users.research;
  const child = spawn('bash', ['-c', line], {
    cwd: emptyDirectory(),
    env: {
      PATH: process.env.PATH,
      HOME: home,
      LC_ALL: 'C.UTF-8',
      ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
      ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
      OURS: program,
      CLIENT: `mariadb --no-defaults -h ${address} -P ${port} -u${name} -p${password} itwiki`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** 50 MB: more than the program buffers in memory (src/spill/spill-buffer.ts), so a file holds the rest. */
const rows = "select seq, repeat('x', 500) from seq_1_to_100000";

/** Returns how many statements containing `mark` are running on s2. */
async function running(mark: string): Promise<number> {
  const { address, port } = farm.endpoints.s2;
  const { name, password } = farm.users.admin;
  const sql = `select count(*) from information_schema.processlist where info like '%${mark}%' and info not like '%processlist%'`;
  const { stdout } = await runBash(
    `mariadb --no-defaults -h ${address} -P ${port} -u${name} -p${password} -Ne "${sql}"`,
  );
  return Number(stdout);
}

const soon = { timeout: 15_000, interval: 100 };

/** Several readers pause for 8 s at the same time, so a test takes long on a busy machine. */
const slowTest = { timeout: 90_000 };

describe.concurrent('a reader that pauses for longer than the server waits', slowTest, () => {
  it.for([
    ['rows', '', `-e "${rows}"`],
    [
      'several statements with messages',
      '2> /dev/null',
      `-vv -e "${rows}; select 1; ${rows} limit 3"`,
    ],
    ['a statement that fails after the rows', '2>&1', `-e "${rows}; select 1 from nowhere"`],
    ['HTML', '', `--html -e "${rows}"`],
    ['XML', '', `--xml -e "${rows}"`],
    ['vertical', '', `--vertical -e "${rows}"`],
    ['compressed connections', '', `--compress -e "${rows}"`],
  ])('gets the same output as from the client: %s', async ([_what, redirect, args], { expect }) => {
    const line = (command: string) =>
      `${command} ${args} ${redirect} | (sleep 8; sha256sum); echo "\${PIPESTATUS[0]}"`;
    const [ours, client] = [await runBash(line('"$OURS" itwiki')), await runBash(line('$CLIENT'))];
    expect(ours).toEqual(client);
  });

  it.for(['csv', 'json', 'jsonl', 'markdown'])(
    'gets the same output as a file: %s',
    async (format, { expect }) => {
      const run = `"$OURS" itwiki --format ${format} -e "${rows}"`;
      const line = `${run} > f; ${run} | (sleep 8; cmp - f); echo "\${PIPESTATUS[@]}"`;
      expect(await runBash(line)).toEqual({ code: 0, stdout: '0 0\n', stderr: '' });
    },
  );

  it('gets all rows of many wikis', async ({ expect }) => {
    const sql = "select seq, repeat('x', 500) from seq_1_to_50000";
    const run = `"$OURS" -s --wikis s2,s5 -e "${sql}"`;
    const line = `${run} > f; ${run} | (sleep 8; cmp - f); echo "\${PIPESTATUS[@]}"`;
    expect(await runBash(line)).toEqual({ code: 0, stdout: '0 0\n', stderr: '' });
  });

  it('can be a program that uses the library', async ({ expect }) => {
    const { name: user, password } = farm.users.research;
    const { address: host, port } = farm.endpoints.s2;
    const login = { host, port, user, password };
    const result = query<{ seq: number }>('itwiki', rows, login);
    let count = 0;
    for await (const { seq } of result) {
      if (Number(seq) !== ++count) throw new Error(`${seq} in place of ${count}`);
      if (count === 1000) await new Promise((resolve) => setTimeout(resolve, 8000));
    }
    expect(count).toBe(100_000);
  });
});

describe.concurrent('while the program buffers rows', slowTest, () => {
  it('the statement ends on the server', async ({ expect }) => {
    const mark = 'mark_kept';
    const line = `"$OURS" itwiki -e "${rows.replace('seq,', `seq as ${mark},`)}" | (sleep 10; wc -l)`;
    const run = runBash(line);
    await expect.poll(() => running(mark), soon).toBe(1);
    await expect.poll(() => running(mark), soon).toBe(0);
    expect(await run).toEqual({ code: 0, stdout: '100001\n', stderr: '' });
  });

  it.for([
    ['INT', 130],
    ['TERM', 143],
  ])('SIG%s ends the program', async ([signal, status], { expect }) => {
    // Without job control, bash starts background commands with SIGINT ignored.
    const line = `set -m; "$OURS" itwiki -e "${rows}" > >(sleep 20) & pid=$!
      sleep 4; kill -${signal} $pid; wait $pid; echo "$?"`;
    const { stdout } = await runBash(line.replace('sleep 20', 'exec sleep 20 >&- 2>&-'));
    expect(stdout).toBe(`${status}\n`);
  });

  it('a reader that exits causes no error', async ({ expect }) => {
    const line = `"$OURS" itwiki -e "${rows}" | (sleep 4; head -n 1 | cut -c 1-3)
      echo "\${PIPESTATUS[0]}"`;
    expect(await runBash(line)).toEqual({ code: 0, stdout: 'seq\n0\n', stderr: '' });
  });

  it('a killed connection gives all rows received so far, then the error', async ({ expect }) => {
    const mark = 'mark_kill';
    const sql = `select seq as ${mark}, repeat('x', 500), if(seq > 60000, sleep(1), 0) from seq_1_to_100000`;
    const { address, port } = farm.endpoints.s2;
    const { name, password } = farm.users.admin;
    const kill = `mariadb --no-defaults -h ${address} -P ${port} -u${name} -p${password} -Ne`;
    const line = `"$OURS" itwiki -e "${sql}" 2> err | (until [ -e killed ]; do sleep 0.1; done; awk -F'\\t' 'NF != 3 || (NR > 1 && $1 != NR - 1) { bad++ } END { print bad + 0, (NR > 50000) }') &
      until [ "$id" ]; do
        id=$(${kill} "select id from information_schema.processlist where info like '%${mark}%' and state = 'User sleep'")
        sleep 0.1
      done
      ${kill} "kill $id"; touch killed; wait; cut -c 1-5 err | tail -n 1`;
    expect((await runBash(line)).stdout).toBe('0 1\nERROR\n');
  });
});

describe.concurrent('if rows cannot be buffered', slowTest, () => {
  const many = "select seq, repeat('x', 500) from seq_1_to_200000";

  it('a short pause of the reader loses nothing', async ({ expect }) => {
    const line = `"$OURS" itwiki -e "${many}" | (sleep 3; wc -l); echo "\${PIPESTATUS[0]}"`;
    const TMPDIR = join(emptyDirectory(), 'no');
    expect(await runBash(line, { TMPDIR })).toEqual({ code: 0, stdout: '200001\n0\n', stderr: '' });
  });

  it('a long pause causes an error that names the directory', async ({ expect }) => {
    const line = `"$OURS" itwiki -e "${many}" 2> err | (sleep 12; awk -F'\\t' 'NF != 2 || length($2) != 500 && NR > 1 { bad++ } END { print bad + 0 }')
      echo "\${PIPESTATUS[0]}"; cat err`;
    const TMPDIR = join(emptyDirectory(), 'no');
    const { stdout } = await runBash(line, { TMPDIR });
    expect(stdout).toMatch(/^0\n1\n[\s\S]*cannot buffer rows in '.*no' \(ENOENT\): set TMPDIR/);
  });

  // Only root may mount a file system.
  it.skipIf(process.getuid?.() !== 0)(
    'reports that the file system is full',
    async ({ expect }) => {
      const directory = join(emptyDirectory(), 'small');
      mkdirSync(directory);
      const line = `mount -t tmpfs -o size=4m tmpfs ${directory}
      "$OURS" itwiki -e "${many}" 2> err | (sleep 12; wc -l > lines); echo "\${PIPESTATUS[0]}"
      cat err; umount ${directory}`;
      const { stdout } = await runBash(line, { TMPDIR: directory });
      expect(stdout).toMatch(
        /^1\n[\s\S]*cannot buffer rows in '.*small' \(it is full\): set TMPDIR/,
      );
    },
  );
});
