import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { allWikis, countsTsv, filesIn, runLine, runningStatements, startLine } from './wikis.js';

/* Runs with a low limit of open files (`ulimit -n`). */

const context = { home: homeWithCredentials() };
const run = (limit: number, args: string) =>
  runLine(`ulimit -n ${limit}; exec "$OURS" --wikis all ${args}`, context);

const count = "-e 'select count(*) n from page'";
const warning = (connections: string, limit: number) =>
  `analytics-mysql: Warning: only ${connections} per section, because the limit of open files is ${limit}; raise it with 'ulimit -n'\n`;

describe('a run with a low limit of open files', () => {
  it.each([
    [48, 'one connection'],
    [70, '2 connections'],
  ])('of %i opens %s to each section', async (limit, connections) => {
    const { stdout, stderr, code } = await run(limit, `--per-section 8 ${count}`);
    expect([stdout, code]).toEqual([countsTsv(allWikis), 0]);
    expect(stderr.startsWith(warning(connections, limit))).toBe(true);
  });

  it('makes a file for each wiki, which needs two open files for each connection', async () => {
    const directory = emptyDirectory();
    const args = `--per-section 8 --output ${directory}/ ${count}`;
    const { stderr, code } = await run(64, args);
    expect([code, stderr.split('\n')[0]]).toEqual([0, warning('one connection', 64).trimEnd()]);
    expect(Object.keys(filesIn(directory))).toHaveLength(allWikis.length + 1);
  });

  it('of one connection per section gives no warning', async () => {
    expect((await run(48, `-s ${count}`)).stderr).toBe('');
  });

  it.each(['', '--output x.csv', '--output d/ --format parquet'])(
    'that is too low for one connection to each section is refused at once %s',
    async (output) => {
      const cwd = emptyDirectory();
      const line = `ulimit -n 32; exec "$OURS" --wikis all ${output} ${count}`;
      const { stdout, stderr, code } = await runLine(line, { ...context, cwd });
      expect([stdout, code, readdirSync(cwd)]).toEqual(['', 1, []]);
      expect(stderr).toMatch(
        /^analytics-mysql: the limit of open files is 32, and this run needs \d+: raise it with 'ulimit -n', or choose fewer sections\n$/,
      );
    },
  );

  it('stops its statements on the servers after Ctrl-C', async () => {
    // Other files run their statements on the same servers.
    const sql = 'select sleep(601)';
    const line = `ulimit -n 70; exec "$OURS" --wikis all --per-section 8 -s -e '${sql}'`;
    const running = startLine(line, context);
    const ours = async () =>
      (await runningStatements('s3')).filter((text) => text.includes('sleep(601)')).length;
    await expect.poll(ours, { timeout: 20_000 }).toBe(2);
    running.child.kill('SIGINT');
    const { stderr, signal } = await running.ended;
    expect([signal, stderr]).toEqual(['SIGINT', expect.not.stringContaining('still be running')]);
    await expect.poll(ours).toBe(0);
  });
});
