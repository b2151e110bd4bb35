import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Farm, startFarm } from '../farm/farm.js';
import { killServer, serverPid } from '../farm/restart.js';
import { runMariadb, startOurs } from '../farm/run.js';
import { homeWithCredentials } from './home.js';

/** A farm for this file only, since its server is killed. */
let farm: Farm;
beforeAll(async () => {
  farm = await startFarm({ sections: ['s2'] });
});
afterAll(() => farm.stop());

/** True if the statement on the server is sleeping in the middle of its result set. */
async function isWaiting(mark: string): Promise<boolean> {
  const { name, password } = farm.users.admin;
  const server = ['-h', farm.address('s2'), '-P', String(farm.port('s2'))];
  const sql = `select count(*) from information_schema.processlist where state = 'User sleep' and info like '%${mark}%'`;
  const { stdout } = await runMariadb([
    ...['--no-defaults', ...server, `-u${name}`, `-p${password}`, '-Ne', sql],
  ]);
  return stdout.toString() === '1\n';
}

it('a server killed while its rows are buffered gives complete rows, then the error', async () => {
  const rows = 60_000;
  const mark = 'mark_killed_server';
  const sql = `select seq as ${mark}, repeat('x', 500), if(seq > ${rows}, sleep(100), 0) from seq_1_to_100000`;
  const env = {
    HOME: homeWithCredentials(),
    ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
    ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
  };
  const child = startOurs(['itwiki', '-e', sql], { env });
  child.stdin?.end();
  let stderr = '';
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  // Nobody reads, so the program buffers 30 MB, and the server continues until it sleeps.
  child.stdout?.pause();
  await expect.poll(() => isWaiting(mark), { timeout: 20_000, interval: 200 }).toBe(true);
  await killServer(serverPid(farm.info, 's2'));

  const chunks: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => chunks.push(data));
  child.stdout?.resume();
  const [code] = await once(child, 'close');
  const lines = Buffer.concat(chunks).toString().split('\n');
  const incomplete = lines
    .slice(1, -1)
    .filter((line, index) => line !== `${index + 1}\t${'x'.repeat(500)}\t0`);
  expect(incomplete).toEqual([]);
  // Rows in the buffer of the killed server are lost.
  expect(lines.length).toBeGreaterThan(rows - 1000);
  expect(lines.at(-1)).toBe('');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^ERROR (2013|2026) \(HY000\)/)]);
});
