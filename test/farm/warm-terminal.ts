import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { signalNumbers } from '../../src/signals.js';
import { bundleProgram } from '../bundle-program.js';
import { pollUntil } from './poll-until.js';
import { programModule } from './sections.js';
import { baseEnvironment, TmuxWindow } from './tmux-window.js';
import { mark, type TerminalCall, type TerminalReply } from './warm-process.js';

/** Milliseconds. */
const START_TIMEOUT = 20_000;
const END_TIMEOUT = 2000;

/** More processes than this are ended when their runs are over, because each has some 90 MB. */
const MOST_IDLE = 6;

const idle: WarmTerminal[] = [];

/** Returns an idle terminal whose process lives. */
function takeIdle(): WarmTerminal | undefined {
  for (;;) {
    const terminal = idle.pop();
    if (terminal === undefined || !terminal.isDead) return terminal;
    void terminal.window.close();
  }
}

/**
 * A terminal on which a process runs the built program many times, because the start of Node.js and of
 * the program takes longer than most tests.
 */
export class WarmTerminal {
  readonly window: TmuxWindow;
  readonly #connection: Socket;
  /** Set when the run has ended. */
  #reply: TerminalReply | undefined;
  #isDead = false;

  private constructor(window: TmuxWindow, connection: Socket) {
    this.window = window;
    this.#connection = connection;
    connection.on('close', () => {
      this.#isDead = true;
    });
    connection.on('error', () => {});
    createInterface({ input: connection }).on('line', (line) => {
      this.#reply = JSON.parse(line);
    });
  }

  /** True if the process has ended. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Starts a run, in an idle process if there is one. The caller has to call `release`. */
  static async run(call: TerminalCall): Promise<WarmTerminal> {
    const terminal = takeIdle() ?? (await WarmTerminal.#start(call));
    const { columns, rows } = call;
    terminal.#reply = undefined;
    terminal.window.forgetOutput();
    terminal.#connection.ref();
    await terminal.window.command('resize-window', '-x', `${columns}`, '-y', `${rows}`);
    terminal.#connection.write(`${JSON.stringify(call)}\n`);
    const hasStarted = () => terminal.isDead || terminal.window.output.includes(mark);
    if (!(await pollUntil(hasStarted, START_TIMEOUT)) || terminal.isDead) {
      await terminal.window.close();
      throw new Error('the program did not start on a warm terminal');
    }
    return terminal;
  }

  static async #start({ columns, rows }: TerminalCall): Promise<WarmTerminal> {
    const directory = mkdtempSync(join(tmpdir(), 'warm-terminal-'));
    const path = join(directory, 'socket');
    const server = createServer().listen(path);
    try {
      const connected = once(server, 'connection', { signal: AbortSignal.timeout(START_TIMEOUT) });
      const bundle = await bundleProgram(join(import.meta.dirname, 'warm-terminal-program.ts'));
      const command = [process.execPath, bundle, programModule, path];
      const env = { ...baseEnvironment(), TERM: 'tmux-256color' };
      const cwd = tmpdir();
      const window = await TmuxWindow.open(command, { columns, rows, cwd, env });
      const [connection] = (await connected) as [Socket];
      return new WarmTerminal(window, connection);
    } finally {
      server.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** The bytes that the program has written. */
  get output(): Buffer {
    const all = this.window.output;
    const start = all.indexOf(mark) + mark.length;
    const end = all.indexOf(mark, start);
    return all.subarray(start, end === -1 ? undefined : end);
  }

  /** The exit status of a program that has ended, 128 + n for signal n; all its output has arrived. */
  get exitStatus(): number | undefined {
    const { end } = this.#reply ?? {};
    const isComplete = this.window.output.lastIndexOf(mark) !== this.window.output.indexOf(mark);
    if (end === undefined || !isComplete) return undefined;
    return typeof end === 'number' ? end : 128 + signalNumbers[end];
  }

  /** Ends the run, as the end of an ssh connection does, unless it has ended. */
  async release(): Promise<void> {
    if (this.#reply === undefined && !this.#isDead) this.#connection.write('hang up\n');
    await pollUntil(() => this.#reply !== undefined || this.#isDead, END_TIMEOUT);
    const isReusable = this.#reply?.isReusable === true && !this.#isDead;
    if (isReusable && idle.length < MOST_IDLE) {
      this.#connection.unref();
      idle.push(this);
    } else {
      await this.window.close();
    }
  }
}
