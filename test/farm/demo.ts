import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFarm } from './farm.js';
import { makeHome, shellVariables } from './shell.js';

/*
 * `make demo`: starts a farm, runs the main commands on it, and stops it.
 */

/** The commands, which bash runs in a directory that contains only dump.sql. */
const commands = [
  'analytics-mysql itwiki --print-target',
  'analytics-mysql itwiki --use-x1 --print-target',
  'analytics-mysql wikishared --print-target --format json',
  "analytics-mysql itwiki -e 'show tables' > tables.tsv",
  'cat tables.tsv',
  "echo 'select page_title from page' | analytics-mysql itwiki > titles.tsv",
  'head -n 3 titles.tsv',
  'wc -l titles.tsv',
  "echo 'select page_id, page_title, page_lang from page order by 1 limit 5' | analytics-mysql simplewiki",
  'cat dump.sql',
  'analytics-mysql staging < dump.sql',
  "analytics-mysql staging -e 'select * from visits'",
  "analytics-mysql staging -- -e 'select 1'",
  "analytics-mysql -e 'select 1' itwiki",
  "analytics-mysql --wikis 'wikipedia - closed' -e 'select count(*) from page' > counts.tsv",
  'head -n 3 counts.tsv',
  "analytics-mysql --wikis s2,enwiki --dry-run -e 'select 1'",
  "analytics-mysql --wikis s2,enwiki -e 'select page_id, page_title from page' --format parquet --output edits/",
  'ls edits',
];

const dump = `DROP TABLE IF EXISTS visits;
CREATE TABLE visits (day date, wiki varchar(64), count bigint unsigned);
INSERT INTO visits VALUES ('2026-08-01', 'itwiki', 1234567), ('2026-08-02', 'itwiki', NULL);
`;

/** Prints a command line and runs it, with its output; returns true if it succeeded. */
async function show(command: string, env: NodeJS.ProcessEnv, cwd: string): Promise<boolean> {
  process.stdout.write(`\n$ ${command}\n`);
  const shell = spawn('bash', ['-o', 'pipefail', '-c', command], {
    cwd,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = await once(shell, 'exit');
  if (code !== 0) process.stdout.write(`(ended with ${signal ?? `exit code ${code}`})\n`);
  return code === 0;
}

async function main(): Promise<void> {
  console.log('Starting local replicas: MariaDB servers for s1 to s8, x1 and staging …');
  const farm = await startFarm();
  const failed: string[] = [];
  try {
    const home = makeHome(farm);
    writeFileSync(join(home, 'dump.sql'), dump);
    const { PATH, ...variables } = shellVariables(farm);
    const env = { ...variables, PATH, HOME: home, TERM: process.env.TERM, LC_ALL: 'C.UTF-8' };
    console.log('The user and the password are in ~/.my.cnf. These variables define the rest:');
    for (const [name, value] of Object.entries(variables)) console.log(`  ${name}=${value}`);
    for (const command of commands) {
      if (!(await show(command, env, home))) failed.push(command);
    }
  } finally {
    await farm.stop();
  }
  console.log('\nThe local replicas have been stopped.');
  if (failed.length > 0) {
    console.error(`${failed.length} of ${commands.length} commands failed:`);
    for (const command of failed) console.error(`  ${command}`);
    process.exitCode = 1;
  }
}

void main();
