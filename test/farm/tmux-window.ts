import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollUntil } from './poll-until.js';
import { TmuxControl } from './tmux-control.js';

/*
 * Windows of tmux servers, which this process keeps for its next windows, because the start of a server
 * takes longer than many programs run on it.
 */

/** Settings that hide tmux's own text, and keep the last screen of a program that has ended. */
const settings = `
set -g status off
set -g remain-on-exit on
set -g remain-on-exit-format ''
set -g history-limit 20000
set -g escape-time 0
set -g default-terminal tmux-256color
set -g allow-passthrough off
set -g monitor-bell off
set -g bell-action none
set -g automatic-rename off
`;

/** Milliseconds. */
const START_TIMEOUT = 10_000;

/** Returns the variables that the server, and by default each program, gets of the caller's. */
export function baseEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, LC_ALL: 'C.UTF-8' };
}

/** A running tmux server, with a client in control mode. */
interface Server {
  process: ChildProcess;
  control: TmuxControl;
}

/** The servers without a window. Each window has a server of its own. */
const idle: Server[] = [];

/** Returns a server without a window. */
async function takeServer(): Promise<Server> {
  for (;;) {
    const server = idle.pop();
    if (server === undefined) return startServer();
    if (!server.control.hasEnded) return server;
  }
}

async function startServer(): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'tmux-'));
  const socket = join(directory, 'socket');
  const configuration = join(directory, 'tmux.conf');
  writeFileSync(configuration, settings);
  const env = baseEnvironment();
  // The kernel kills the server when this process ends.
  const words = ['--pdeathsig', 'KILL', 'tmux', '-D', '-S', socket, '-f', configuration];
  const server = spawn('setpriv', words, { env, cwd: '/', stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => server.once('error', reject));
  failed.catch(() => {});
  try {
    const up = pollUntil(() => existsSync(socket), START_TIMEOUT);
    if (!(await Promise.race([up, failed]))) throw new Error('tmux did not start');
    // The first window keeps the session while there are no others.
    const start = ['new-session', '-d', 'cat', ';', 'attach-session'];
    const control = new TmuxControl(['-u', '-S', socket, '-C', ...start], env);
    await control.attached;
    server.unref();
    return { process: server, control };
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  } finally {
    // The client is connected, and no other will be.
    rmSync(directory, { recursive: true, force: true });
  }
}

export interface WindowOptions {
  columns: number;
  rows: number;
  cwd: string;
  /** All variables of the program; undefined leaves one out. */
  env: NodeJS.ProcessEnv;
}

/** A window with one pane, in which a program runs. */
export class TmuxWindow {
  readonly #server: Server;
  readonly #pane: string;
  #output: Buffer[] = [];
  #outputCount = 0;
  #isClosed = false;

  private constructor(server: Server, pane: string) {
    this.#server = server;
    this.#pane = pane;
    server.control.onOutput = (from, data) => {
      if (from !== pane) return;
      this.#output.push(data);
      this.#outputCount += 1;
    };
  }

  /** Starts a command in a new window. */
  static async open(
    command: string[],
    { columns, rows, cwd, env }: WindowOptions,
  ): Promise<TmuxWindow> {
    const server = await takeServer();
    server.control.setRef(true);
    const run = (...words: string[]) => server.control.command(...words);
    await run('set-option', '-g', 'default-size', `${columns}x${rows}`);
    const [pane = ''] = await run('new-window', '-P', '-F', '#{pane_id}', 'cat');
    // The window then keeps its size. tmux 3.3 crashes if it is created with this setting.
    await run('resize-window', '-x', String(columns), '-y', String(rows));
    const window = new TmuxWindow(server, pane);
    const variables = Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}=${value}`,
    );
    // Started last, because tmux 3.3 can lose what a program writes just before its end while it has
    // something else to do.
    const words = ['env', '-i', ...variables, ...command];
    await window.command('respawn-pane', '-k', '-c', cwd, '--', ...words);
    return window;
  }

  /** All bytes that the program has written. */
  get output(): Buffer {
    const all = Buffer.concat(this.#output);
    this.#output = [all];
    return all;
  }

  /** Forgets what the program has written so far. */
  forgetOutput(): void {
    this.#output = [];
  }

  /** The number of pieces of output: while it stays the same, the screen can only have been resized. */
  get outputCount(): number {
    return this.#outputCount;
  }

  /** Runs a tmux command on the window; returns the lines of its reply. */
  command(name: string, ...words: string[]): Promise<string[]> {
    return this.#server.control.command(name, '-t', this.#pane, ...words);
  }

  /** Sends the text of a file to the program with `paste-buffer` and these options. */
  async paste(file: string, ...options: string[]): Promise<void> {
    const buffer = ['-b', this.#pane];
    await this.#server.control.command('load-buffer', ...buffer, file);
    await this.command('paste-buffer', '-d', ...buffer, ...options);
  }

  /** Makes tmux check whether the program has ended, which 3.3 sometimes misses. */
  checkProgram(): void {
    this.#server.process.kill('SIGCHLD');
  }

  /** Closes the window, as the end of an ssh connection does: its program gets SIGHUP. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { control } = this.#server;
    await this.command('kill-window').catch(() => {});
    control.setRef(false);
    if (!control.hasEnded) idle.push(this.#server);
  }
}
