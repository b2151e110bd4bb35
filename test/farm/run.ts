import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { projectRoot, type Section } from './places.js';
import { referenceArguments } from './reference-client.js';
import { runInHelper } from './run-in-helper.js';

export interface RunOptions {
  /** Standard input; without it, an empty one. */
  input?: string | Buffer;
  /** On top of the environment that environment() gives; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
}

export interface RunResult {
  stdout: Buffer;
  stderr: string;
  /** null if a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Milliseconds after which a program that hangs is killed, just under vitest's own limit. */
const LIMIT = 25_000;

/** What the launcher runs with Node. */
export const programEntry = join(projectRoot, 'dist/launch/start.js');

/** The built program. */
export const program = join(projectRoot, 'bin', 'analytics-mysql');

/**
 * The environment of every program under test: nothing of the caller's but PATH and TMPDIR, an
 * empty HOME, no certificate authorities, and the farm's name server and dblists, so that `itwiki` alone is enough.
 */
export function environment(changes: RunOptions['env']): NodeJS.ProcessEnv {
  const farm = inject('farm');
  return {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    HOME: farm.home,
    LC_ALL: 'C.UTF-8',
    // The client reads all authorities of the system at each start, which takes it 40 ms.
    SSL_CERT_FILE: '/dev/null',
    ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
    ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
    ...changes,
  };
}

function start(command: string, args: string[], options: RunOptions): ChildProcess {
  const env = environment(options.env);
  return spawn(command, args, { env, cwd: options.cwd, timeout: LIMIT, killSignal: 'SIGKILL' });
}

async function run(command: string, args: string[], options: RunOptions): Promise<RunResult> {
  const { cwd, input = '' } = options;
  const env = environment(options.env);
  const { stdout, stderr, code, signal } = await runInHelper({
    command,
    args,
    options: { env, cwd, timeout: LIMIT, killSignal: 'SIGKILL' },
    input,
  });
  return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString(), code, signal };
}

async function resultOf(child: ChildProcess, input: RunOptions['input']): Promise<RunResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => stdout.push(data));
  child.stderr?.on('data', (data: Buffer) => stderr.push(data));
  // A program that ends before it has read everything closes the pipe: not the test's concern.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input ?? '');
  const [code, signal] = await once(child, 'close');
  return {
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr).toString(),
    code,
    signal,
  };
}

/**
 * Starts bin/analytics-mysql with pipes to its standard streams, for tests that send signals or
 * read slowly. The caller ends its standard input.
 */
export function startOurs(args: string[], options: Omit<RunOptions, 'input'> = {}): ChildProcess {
  return start(program, args, options);
}

/** Starts a line of bash in which `analytics-mysql` is the built program. */
export function runInBash(
  line: string,
  options: RunOptions = {},
): { child: ChildProcess; ended: Promise<RunResult> } {
  const PATH = `${dirname(program)}:${process.env.PATH}`;
  const child = start('bash', ['-c', line], { ...options, env: { PATH, ...options.env } });
  return { child, ended: resultOf(child, options.input) };
}

/** Runs a program to its end on a terminal of its own, `columns` wide, made by script(1). */
export function runOnTerminal(
  columns: number,
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const words = [command, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const line = `stty cols ${columns}; ${words.join(' ')}`;
  return run('script', ['-qec', line, '/dev/null'], options);
}

/** Runs bin/analytics-mysql to its end. */
export function runOurs(args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run(program, args, options);
}

/** The arguments with which the mariadb client logs in at a section as `research`. */
export function clientArguments(section: Section): string[] {
  const { places, users } = inject('farm');
  const { address, port } = places[section];
  const { name, password } = users.research;
  return ['--no-defaults', '-h', address, '-P', String(port), `-u${name}`, `-p${password}`];
}

/** Runs the mariadb client to its end, with these arguments as referenceArguments adapts them. */
export function runMariadb(args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run('mariadb', referenceArguments(args), options);
}

/** Runs the mariadb client to its end, as `research` at a section. */
export function runClient(
  section: Section,
  args: string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return runMariadb([...clientArguments(section), ...args], options);
}
