import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { loadPages } from '../farm/bench-pages.js';
import { startFarm } from '../farm/farm.js';
import { makeHome, shellVariables } from '../farm/shell.js';
import { type Contender, measure, ratio, typical } from './measure.js';
import { writeScripts } from './scripts.js';

const startRounds = 21;
const rowRounds = 5;
const shortStatements = Number(process.env.BENCH_STATEMENTS ?? 50_000);
const rows = Number(process.env.BENCH_ROWS ?? 2_000_000);
const tableRows = Math.min(rows, 100_000);

/** One line of the table that is printed. */
function line(work: string, measured: string, aim: string): void {
  console.log(`${work.padEnd(58)} ${measured.padStart(24)}   ${aim}`);
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function main(): Promise<void> {
  const farm = await startFarm({ sections: ['s2'] });
  try {
    const env = {
      ...shellVariables(farm),
      HOME: makeHome(farm),
      LC_ALL: 'C.UTF-8',
    };
    const figures = join(farm.directory, 'figures');
    const { address, port } = farm.places.s2;
    const ours = (name: string, ...args: string[]): Contender => ({
      name,
      command: 'analytics-mysql',
      args,
      env,
    });
    const client = (name: string, ...args: string[]): Contender => ({
      name,
      command: 'mariadb',
      args: ['-h', address, '-P', String(port), 'itwiki', ...args],
      env,
    });
    const node: Contender = { name: 'node -e 0', command: 'node', args: ['-e', '0'], env };

    line('work', 'measured (median)', 'aim');
    const target = await measure(
      [ours('print-target', 'itwiki', '--print-target'), node],
      startRounds,
      figures,
    );
    line('--print-target / node -e 0', ratio(target[0], target[1], 'wall').toFixed(2), '≤ 1.6');

    const one = await measure(
      [ours('select', 'itwiki', '-e', 'select 1'), client('select', '-e', 'select 1'), node],
      startRounds,
      figures,
    );
    const apart = typical(one[0], 'wall') - typical(one[1], 'wall');
    line("-e 'select 1' − mariadb -e 'select 1'", `${apart.toFixed(1)} ms`, '');
    line("-e 'select 1' / node -e 0", ratio(one[0], one[2], 'wall').toFixed(2), '');

    await loadPages(farm, rows);
    const sql = 'select * from page_big';
    const output = (name: string) => join(farm.directory, name);
    const contenders = [
      { ...ours('ours', 'itwiki', '-e', sql), output: output('ours.tsv') },
      { ...client('quick', '-B', '--quick', '-e', sql), output: output('quick.tsv') },
      { ...client('default', '-B', '-e', sql), output: output('default.tsv') },
    ];
    const [our, quick, stored] = await measure(contenders, rowRounds, figures);
    const digests = await Promise.all(contenders.map(({ output }) => digest(output)));
    const title = `${rows.toLocaleString('en')} rows`;
    const equal = new Set(digests).size === 1 ? 'yes' : 'NO';
    line(`${title}: CPU / mariadb -B --quick`, ratio(our, quick, 'cpu').toFixed(2), '≤ 0.6');
    line(`${title}: wall / mariadb -B`, ratio(our, stored, 'wall').toFixed(2), '≤ 0.6');
    line(`${title}: wall / mariadb -B --quick`, ratio(our, quick, 'wall').toFixed(2), '');
    line(`${title}: peak memory`, `${(typical(our, 'memory') / 1000).toFixed(0)} MB`, '≤ 130 MB');
    line(`${title}: the files are equal`, equal, 'yes');
    for (const [i, runs] of [our, quick, stored].entries()) {
      const wall = (typical(runs, 'wall') / 1000).toFixed(2);
      const cpu = typical(runs, 'cpu').toFixed(2);
      const memory = (typical(runs, 'memory') / 1000).toFixed(0);
      line(`  ${contenders[i]?.name}`, `${wall} s, CPU ${cpu} s, ${memory} MB`, '');
    }
    if (equal === 'NO') process.exitCode = 1;

    const tableSql = `${sql} limit ${tableRows}`;
    const tables = [
      { ...ours('ours', 'itwiki', '-t', '-e', tableSql), output: output('ours.table') },
      { ...client('client', '-t', '-e', tableSql), output: output('client.table') },
    ];
    const [ourTable, clientTable] = await measure(tables, rowRounds, figures);
    const tableDigests = await Promise.all(tables.map(({ output }) => digest(output)));
    const tableTitle = `${tableRows.toLocaleString('en')} rows as a table`;
    const tableEqual = new Set(tableDigests).size === 1 ? 'yes' : 'NO';
    line(
      `${tableTitle}: wall / mariadb -t`,
      ratio(ourTable, clientTable, 'wall').toFixed(2),
      '≤ 1.5',
    );
    line(`${tableTitle}: peak memory`, `${(typical(ourTable, 'memory') / 1000).toFixed(0)} MB`, '');
    line(`${tableTitle}: the files are equal`, tableEqual, 'yes');
    if (tableEqual === 'NO') process.exitCode = 1;

    const { name, password } = farm.users.admin;
    const login = [`-u${name}`, `-p${password}`];
    const scripts = writeScripts(farm.directory, shortStatements);
    const loads = [
      ['a dump of 50 MB', scripts.dump],
      ['one INSERT of 15 MB', scripts.insert],
      [`${shortStatements.toLocaleString('en')} short statements`, scripts.short],
    ] as const;
    for (const [title, input] of loads) {
      const [our, their] = await measure(
        [
          { ...ours('ours', 'itwiki', ...login), input },
          { ...client('client', ...login), input },
        ],
        rowRounds,
        figures,
      );
      const seconds = [our, their].map((runs) => `${(typical(runs, 'wall') / 1000).toFixed(2)} s`);
      const aim = input === scripts.short ? '' : '≤ 1.3';
      line(`${title}: wall / mariadb`, ratio(our, their, 'wall').toFixed(2), aim);
      line(`${title}: peak memory`, `${(typical(our, 'memory') / 1000).toFixed(0)} MB`, '≤ 150 MB');
      line('  ours, mariadb', seconds.join(', '), '');
    }
  } finally {
    await farm.stop();
  }
}

void main();
