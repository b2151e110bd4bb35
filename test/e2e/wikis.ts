import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { inject } from 'vitest';
import type { FarmInfo } from '../farm/farm.js';
import { pageCount } from '../farm/many-contents.js';
import { manyNames, smallSizes, type WikiSection } from '../farm/many-names.js';
import { environment, program, runMariadb, runOursWarm } from '../farm/run.js';
import type { Section } from '../farm/sections.js';
import { homeWithCredentials } from './home.js';

/** The wikis of the farm by section, as in its dblists. */
export const namesOf = manyNames(smallSizes);

/** All wikis, sorted by code point, which is the order of a run's output. */
export const allWikis = Object.values(namesOf).flat().sort();

/** Returns the section of a wiki; throws an Error if no section has it. */
export function sectionOf(wiki: string): WikiSection {
  const sections = Object.keys(namesOf) as WikiSection[];
  const section = sections.find((name) => namesOf[name].includes(wiki));
  if (section === undefined) throw new Error(`${wiki} is in no section`);
  return section;
}

/** The output of a run that ended, and its exit status. */
export interface Ending {
  stdout: string;
  stderr: string;
  /** null if a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A run in progress. */
export interface Running {
  child: ChildProcess;
  /** Returns what the run has written to standard error so far. */
  stderrSoFar(): string;
  ended: Promise<Ending>;
}

export interface RunContext {
  /** Replaces the farm that all tests share. */
  farm?: FarmInfo;
  /** The home directory, with a .my.cnf. */
  home?: string;
  cwd?: string;
}

/** Returns the variables with which a program queries a farm's wikis as `research`. */
function variablesFor({ farm = inject('farm'), home = homeWithCredentials() }: RunContext) {
  return {
    HOME: home,
    ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
    ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
  };
}

/** A program that hangs is killed after 55 seconds. */
const limits = { timeout: 55_000, killSignal: 'SIGKILL' } as const;

/** Starts the built program with `--wikis EXPR` and these arguments. */
export function startMany(wikis: string, args: string[], context: RunContext = {}): Running {
  const env = environment(variablesFor(context));
  const options = { env, cwd: context.cwd, ...limits };
  return collectOutput(spawn(program, ['--wikis', wikis, ...args], options));
}

/** Runs the built program with `--wikis EXPR` and these arguments to its end, as runOursWarm does. */
export async function runMany(
  wikis: string,
  args: string[],
  context: RunContext = {},
): Promise<Ending> {
  const options = { env: variablesFor(context), ...(context.cwd && { cwd: context.cwd }) };
  const { stdout, ...ending } = await runOursWarm(['--wikis', wikis, ...args], options);
  return { stdout: stdout.toString('latin1'), ...ending };
}

/** Runs a command line in bash until it ends; `$OURS` is the built program. */
export function runLine(line: string, context: RunContext = {}): Promise<Ending> {
  return startLine(line, context).ended;
}

/** Starts a command line in bash; `$OURS` is the built program. */
export function startLine(line: string, context: RunContext = {}): Running {
  const env = { ...environment(variablesFor(context)), OURS: program };
  return collectOutput(spawn('bash', ['-c', line], { env, cwd: context.cwd, ...limits }));
}

/** Closes standard input, and collects the output. */
function collectOutput(child: ChildProcess): Running {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => stdout.push(data));
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end();
  const ended = once(child, 'close').then(([code, signal]) => ({
    stdout: Buffer.concat(stdout).toString('latin1'),
    stderr,
    code,
    signal,
  }));
  return { child, stderrSoFar: () => stderr, ended };
}

/** Returns the lines that the mariadb client prints for a statement on one wiki, header first. */
async function readClientLines(wiki: string, sql: string): Promise<string[]> {
  const farm = inject('farm');
  const { address, port } = farm.endpoints[sectionOf(wiki)];
  const { name, password } = farm.users.research;
  const server = ['--no-defaults', '-h', address, '-P', String(port), '--skip-ssl'];
  const login = [`-u${name}`, `-p${password}`];
  const { stdout, stderr } = await runMariadb([...server, ...login, '-B', wiki, '-e', sql]);
  if (stderr !== '') throw new Error(stderr);
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

/** Queries each wiki with the mariadb client, four at a time; returns the lines of each wiki. */
async function queryWithClient(wikis: string[], sql: string): Promise<Map<string, string[]>> {
  const answers = new Map<string, string[]>();
  const remaining = [...wikis];
  const work = async () => {
    for (let wiki = remaining.pop(); wiki !== undefined; wiki = remaining.pop()) {
      answers.set(wiki, await readClientLines(wiki, sql));
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return answers;
}

/** Returns the TSV that a run is expected to print, from the mariadb client's output per wiki. */
export async function expectedTsv(wikis: string[], sql: string): Promise<string> {
  const answers = await queryWithClient(wikis, sql);
  const [header = ''] = answers.get(wikis[0] ?? '') ?? [];
  const rows = wikis.flatMap((wiki) =>
    (answers.get(wiki) ?? []).slice(1).map((row) => `${wiki}\t${row}\n`),
  );
  return `wiki\t${header}\n${rows.join('')}`;
}

/** Returns the TSV that a run prints for `select count(*) n from page` on these wikis. */
export function countsTsv(wikis: string[]): string {
  return `wiki\tn\n${wikis.map((wiki) => `${wiki}\t${pageCount(wiki)}\n`).join('')}`;
}

/** Queries a section's server as the administrator; returns rows with cells separated by tabs. */
export async function asAdmin(section: Section, sql: string, farm = inject('farm')) {
  const { address, port } = farm.endpoints[section];
  const { name, password } = farm.users.admin;
  const server = ['--no-defaults', '-h', address, '-P', String(port), '--skip-ssl'];
  const login = [`-u${name}`, `-p${password}`];
  const { stdout, stderr } = await runMariadb([...server, ...login, '-BNe', sql]);
  if (stderr !== '') throw new Error(stderr);
  return stdout.toString().split('\n').slice(0, -1);
}

/** Returns the statements of `research` that are running on a section's server. */
export function runningStatements(section: Section, farm = inject('farm')): Promise<string[]> {
  const sql = `select replace(info, '\\n', ' ') from information_schema.processlist
    where user = 'research' and info is not null`;
  return asAdmin(section, sql, farm);
}

/** Queries DuckDB and returns the rows. */
export async function runDuckDb(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  return rows;
}

/** Returns the contents of all files below a directory by relative path, sorted. */
export function filesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(directory, name)).isFile()).sort();
  return Object.fromEntries(
    files.map((name) => [relative('.', name), readFileSync(join(directory, name), 'latin1')]),
  );
}
