import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { inject } from 'vitest';
import type { FarmInfo } from '../farm/farm.js';
import { pagesOf } from '../farm/many-contents.js';
import { manyNames, smallSizes, type WikiSection } from '../farm/many-names.js';
import type { Section } from '../farm/places.js';
import { environment, program, runMariadb } from '../farm/run.js';
import { homeWithCredentials } from './home.js';

/** The wikis of the farm by section, as its lists have them. */
export const namesOf = manyNames(smallSizes);

/** All wikis, sorted by code point: the order in which a run writes them. */
export const allWikis = Object.values(namesOf).flat().sort();

/** The section of a wiki. */
export function sectionOf(wiki: string): WikiSection {
  const sections = Object.keys(namesOf) as WikiSection[];
  const section = sections.find((one) => namesOf[one].includes(wiki));
  if (section === undefined) throw new Error(`${wiki} is in no section`);
  return section;
}

/** How a run ended, and what it said. */
export interface Ending {
  stdout: string;
  stderr: string;
  /** null if a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A run that goes on. */
export interface Running {
  child: ChildProcess;
  /** What it has said on standard error until now. */
  said(): string;
  ended: Promise<Ending>;
}

export interface Where {
  /** Another farm than that of all tests. */
  farm?: FarmInfo;
  /** The user's; with .my.cnf. */
  home?: string;
  cwd?: string;
}

/** The environment of a program that asks a farm's wikis as `research`. */
export function among({ farm = inject('farm'), home = homeWithCredentials() }: Where = {}) {
  return environment({
    HOME: home,
    ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
    ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
  });
}

/** Milliseconds after which a program that hangs is killed. */
const limits = { timeout: 55_000, killSignal: 'SIGKILL' } as const;

/** Starts the built program with `--wikis EXPR` and these arguments. */
export function startMany(wikis: string, args: string[], where: Where = {}): Running {
  const options = { env: among(where), cwd: where.cwd, ...limits };
  return follow(spawn(program, ['--wikis', wikis, ...args], options));
}

/** Runs it to its end. */
export function runMany(wikis: string, args: string[], where: Where = {}): Promise<Ending> {
  return startMany(wikis, args, where).ended;
}

/** Runs a line of bash to its end; `$OURS` is the built program. */
export function runLine(line: string, where: Where = {}): Promise<Ending> {
  return startLine(line, where).ended;
}

export function startLine(line: string, where: Where = {}): Running {
  const env = { ...among(where), OURS: program };
  return follow(spawn('bash', ['-c', line], { env, cwd: where.cwd, ...limits }));
}

function follow(child: ChildProcess): Running {
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
  return { child, said: () => stderr, ended };
}

/** What the mariadb client prints for a statement on one wiki: lines, the header first. */
async function clientLines(wiki: string, sql: string): Promise<string[]> {
  const farm = inject('farm');
  const { address, port } = farm.places[sectionOf(wiki)];
  const { name, password } = farm.users.research;
  const place = ['--no-defaults', '-h', address, '-P', String(port), '--skip-ssl'];
  const login = [`-u${name}`, `-p${password}`];
  const { stdout, stderr } = await runMariadb([...place, ...login, '-B', wiki, '-e', sql]);
  if (stderr !== '') throw new Error(stderr);
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

/** Asks each wiki by a client of its own, four at a time. */
export async function clientAnswers(wikis: string[], sql: string): Promise<Map<string, string[]>> {
  const answers = new Map<string, string[]>();
  const left = [...wikis];
  const work = async () => {
    for (let wiki = left.pop(); wiki !== undefined; wiki = left.pop()) {
      answers.set(wiki, await clientLines(wiki, sql));
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return answers;
}

/** What a run is to print, as the wikis' own clients answer. */
export async function expectedTsv(wikis: string[], sql: string): Promise<string> {
  const answers = await clientAnswers(wikis, sql);
  const [header = ''] = answers.get(wikis[0] ?? '') ?? [];
  const rows = wikis.flatMap((wiki) =>
    (answers.get(wiki) ?? []).slice(1).map((row) => `${wiki}\t${row}\n`),
  );
  return `wiki\t${header}\n${rows.join('')}`;
}

/** What `select count(*) n from page` gives for these wikis, in a run's form. */
export function countsTsv(wikis: string[]): string {
  return `wiki\tn\n${wikis.map((wiki) => `${wiki}\t${pagesOf(wiki)}\n`).join('')}`;
}

/** Asks a section's server as the administrator; rows, cells apart by tabs. */
export async function asAdmin(section: Section, sql: string, farm = inject('farm')) {
  const { address, port } = farm.places[section];
  const { name, password } = farm.users.admin;
  const place = ['--no-defaults', '-h', address, '-P', String(port), '--skip-ssl'];
  const login = [`-u${name}`, `-p${password}`];
  const { stdout, stderr } = await runMariadb([...place, ...login, '-BNe', sql]);
  if (stderr !== '') throw new Error(stderr);
  return stdout.toString().split('\n').slice(0, -1);
}

/** The statements of `research` that a section's server has under way. */
export function underWay(section: Section, farm = inject('farm')): Promise<string[]> {
  const sql = `select replace(info, '\\n', ' ') from information_schema.processlist
    where user = 'research' and info is not null`;
  return asAdmin(section, sql, farm);
}

/** Asks DuckDB. */
export async function duck(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  return rows;
}

/** The files below a directory by their relative paths, with what they hold, sorted. */
export function filesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(directory, name)).isFile()).sort();
  return Object.fromEntries(
    files.map((name) => [relative('.', name), readFileSync(join(directory, name), 'latin1')]),
  );
}
