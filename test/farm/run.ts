import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { referenceArguments } from './reference-client.js';
import { runInHelper } from './run-in-helper.js';
import { runWarm, type WarmReply, type WarmRequest } from './run-warm.js';
import { projectRoot, type Section } from './sections.js';

/*
 * Runs the built program and the mariadb client on the farm, and collects their output.
 */

export interface RunOptions {
  /** Standard input; empty by default. */
  input?: string | Buffer;
  /** Changes to the variables of environment(); undefined removes a variable. */
  env?: Record<string, string | undefined>;
  cwd?: string;
}

export interface RunResult {
  stdout: Buffer;
  stderr: string;
  /** The exit status; null if a signal ended the program. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Milliseconds after which a program that hangs is killed, just below vitest's own timeout. */
const TIMEOUT = 25_000;

/** The path of the script that the launcher runs with Node.js. */
export const programEntry = join(projectRoot, 'dist/launch/start.js');

/** The path of the built program. */
export const program = join(projectRoot, 'bin', 'analytics-mysql');

/**
 * Returns the environment of every program under test: PATH and TMPDIR of the caller, an empty HOME, no
 * certificate authorities, and the farm's name server and dblists, so that the argument `itwiki` is
 * enough to connect.
 */
export function environment(changes: RunOptions['env']): NodeJS.ProcessEnv {
  const farm = inject('farm');
  return {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    HOME: farm.home,
    LC_ALL: 'C.UTF-8',
    // The client reads all certificate authorities of the system at each start, which takes 40 ms.
    SSL_CERT_FILE: '/dev/null',
    ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
    ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
    ...changes,
  };
}

function start(command: string, args: string[], options: RunOptions): ChildProcess {
  const env = environment(options.env);
  return spawn(command, args, { env, cwd: options.cwd, timeout: TIMEOUT, killSignal: 'SIGKILL' });
}

async function run(command: string, args: string[], options: RunOptions): Promise<RunResult> {
  const { cwd, input = '' } = options;
  const env = environment(options.env);
  const { stdout, stderr, code, signal } = await runInHelper({
    command,
    args,
    options: { env, cwd, timeout: TIMEOUT, killSignal: 'SIGKILL' },
    input,
  });
  return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString(), code, signal };
}

async function collectResult(child: ChildProcess, input: RunOptions['input']): Promise<RunResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => stdout.push(data));
  child.stderr?.on('data', (data: Buffer) => stderr.push(data));
  // A program that ends before it has read all its input closes the pipe; tests ignore that.
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
 * read slowly. The caller has to end its standard input.
 */
export function startOurs(args: string[], options: Omit<RunOptions, 'input'> = {}): ChildProcess {
  return start(program, args, options);
}

/** Starts a Node.js program, given as text, with pipes to its standard streams. */
export function startScript(script: string, args: string[]): ChildProcess {
  return start(process.execPath, ['-e', script, ...args], {});
}

/** Starts a command line in bash, in which `analytics-mysql` is the built program. */
export function runInBash(
  line: string,
  options: RunOptions = {},
): { child: ChildProcess; ended: Promise<RunResult> } {
  const PATH = `${dirname(program)}:${process.env.PATH}`;
  const child = start('bash', ['-c', line], { ...options, env: { PATH, ...options.env } });
  return { child, ended: collectResult(child, options.input) };
}

/** Runs a program to its end on a new terminal of script(1), `columns` wide. */
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

/**
 * Runs the built program to its end, in a process that has run it before: much faster than runOurs, for
 * cases in which the start and the end of the process, its signals and the kinds of its standard streams
 * do not matter.
 */
export async function runOursWarm(args: string[], options: RunOptions = {}): Promise<RunResult> {
  return toRunResult(await runWarm(toWarmRequest(args, options), TIMEOUT));
}

/**
 * As runOursWarm; also returns the most resident memory that the process has ever had, in kB. The
 * process has run only programs that were measured, too.
 */
export async function runOursMeasured(
  args: string[],
  options: RunOptions = {},
): Promise<RunResult & { mostMemory: number }> {
  const reply = await runWarm(toWarmRequest(args, options), TIMEOUT, 'measured');
  return { ...toRunResult(reply), mostMemory: reply.mostMemory };
}

function toWarmRequest(args: string[], { input = '', env, cwd }: RunOptions): WarmRequest {
  return { args, env: environment(env), cwd, input };
}

function toRunResult({ stdout, stderr, end }: WarmReply): RunResult {
  return {
    stdout: Buffer.from(stdout),
    stderr: Buffer.from(stderr).toString(),
    ...(typeof end === 'number' ? { code: end, signal: null } : { code: null, signal: end }),
  };
}

/** Returns the arguments with which the mariadb client logs in to a section as `research`. */
export function clientArguments(section: Section): string[] {
  const { endpoints, users } = inject('farm');
  const { address, port } = endpoints[section];
  const { name, password } = users.research;
  return ['--no-defaults', '-h', address, '-P', String(port), `-u${name}`, `-p${password}`];
}

/** Runs the mariadb client to its end, with the arguments adapted by referenceArguments. */
export function runMariadb(args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run('mariadb', referenceArguments(args), options);
}

/** Runs the mariadb client to its end, as `research` on a section. */
export function runClient(
  section: Section,
  args: string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return runMariadb([...clientArguments(section), ...args], options);
}
