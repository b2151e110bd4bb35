import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TmuxControl } from './tmux-control.js';

/*
 * Runs programs on terminals of tmux, for tests that type and read the screen.
 */

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  /** Changes to PATH, TMPDIR, HOME, TERM and LC_ALL; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** The directory in which the temporary directory is created; by default the system's. */
  parentDirectory?: string;
  /** Called with the new HOME before the program starts. */
  prepareHome?: (home: string) => void;
}

export interface WaitOptions {
  /** Milliseconds. */
  timeout?: number;
}

/** The default time to wait for a condition, in milliseconds. */
const DEFAULT_TIMEOUT = 10_000;

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
`;

/** Returns the number of tmux's version: `3.3` for 3.3a. */
export function tmuxVersion(): string {
  const shown = execFileSync('tmux', ['-V'], { encoding: 'utf8' });
  return /[\d.]+/.exec(shown)?.[0] ?? '0';
}

/** True if a process exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** Returns the processes whose environment has a directory: a terminal's program and its children. */
function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(directory);
      } catch {
        return false; // the process has just ended, or belongs to another user
      }
    })
    .map(Number)
    .filter(isAlive);
}

async function pollUntil(
  condition: () => boolean | Promise<boolean>,
  timeout: number,
): Promise<boolean> {
  const end = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await pause(20);
  }
  return true;
}

/**
 * A program on its own terminal, which is a window of a private tmux server. The program gets only PATH
 * and TMPDIR of the caller's environment, and an empty HOME. The server is a child of the caller, and
 * the kernel kills it when the caller ends.
 */
export class Tmux {
  /** The program's home directory, which `close` removes. */
  readonly home: string;
  readonly #directory: string;
  readonly #server: ChildProcess;
  readonly #control: TmuxControl;
  #output: Buffer[] = [];
  /** Counts the pieces of output, so that the screen is read again only if it may have changed. */
  #outputCount = 0;
  /** The cursor's absolute row when text was last typed. */
  #lastRow = -1;
  #closed = false;

  private constructor(directory: string, home: string, server: ChildProcess, control: TmuxControl) {
    this.#directory = directory;
    this.home = home;
    this.#server = server;
    this.#control = control;
    control.onOutput = (data) => {
      this.#output.push(data);
      this.#outputCount += 1;
    };
  }

  /** Starts a command, by default on 100 × 50 cells. The caller always has to call `close`. */
  static async start(command: string[], options: TerminalOptions = {}): Promise<Tmux> {
    const directory = mkdtempSync(join(options.parentDirectory ?? tmpdir(), 'terminal-'));
    const home = join(directory, 'home');
    mkdirSync(home);
    options.prepareHome?.(home);
    const socket = join(directory, 'socket');
    const configuration = join(directory, 'tmux.conf');
    writeFileSync(configuration, settings);
    const baseEnvironment = {
      PATH: process.env.PATH,
      TMPDIR: process.env.TMPDIR,
      LC_ALL: 'C.UTF-8',
    };
    const server = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', 'tmux', '-D', '-S', socket, '-f', configuration],
      { env: baseEnvironment, cwd: directory, stdio: 'ignore' },
    );
    const failed = new Promise<never>((_, reject) => server.once('error', reject));
    failed.catch(() => {});
    try {
      const up = pollUntil(() => existsSync(socket), DEFAULT_TIMEOUT);
      if (!(await Promise.race([up, failed]))) throw new Error('tmux did not start');
      const { columns = 100, rows = 50, cwd = home } = options;
      const variables = { ...baseEnvironment, HOME: home, TERM: 'tmux-256color', ...options.env };
      const env = Object.entries(variables).flatMap(([name, value]) =>
        value === undefined ? [] : `${name}=${value}`,
      );
      const size = ['-x', String(columns), '-y', String(rows)];
      const start = ['new-session', '-d', ...size, 'cat'];
      // Set after the session exists: tmux 3.3 crashes if its first window is created with this.
      const keepSize = ['set-option', '-g', 'window-size', 'manual'];
      const args = ['-u', '-S', socket, '-C', ...start, ';', ...keepSize, ';', 'attach-session'];
      const control = new TmuxControl(args, baseEnvironment);
      const terminal = new Tmux(directory, home, server, control);
      await control.attached;
      // Starts the program only now: the client receives output only while it is attached.
      const words = ['env', '-i', ...env, ...command];
      await control.command('respawn-pane', '-k', '-c', cwd, '--', ...words);
      return terminal;
    } catch (error) {
      server.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Types text literally; a line feed presses Enter. */
  async type(text: string): Promise<void> {
    this.#lastRow = await this.#absoluteRow();
    const [first = '', ...more] = text.split('\n');
    if (first !== '') await this.#control.command('send-keys', '-l', '--', first);
    for (const line of more) {
      await this.press('Enter');
      if (line !== '') await this.#control.command('send-keys', '-l', '--', line);
    }
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `Up`, `M-Enter`, `BSpace`, `PPage` … */
  async press(...keys: string[]): Promise<void> {
    this.#lastRow = await this.#absoluteRow();
    await this.#control.command('send-keys', ...keys);
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** Pastes text as a terminal does: as a bracketed paste, if the program enabled that. */
  async paste(text: string): Promise<void> {
    const file = join(this.#directory, 'pasted');
    writeFileSync(file, text);
    this.#lastRow = await this.#absoluteRow();
    await this.#control.command('load-buffer', file);
    await this.#control.command('paste-buffer', '-p');
  }

  /** Returns the screen's text, without trailing blanks in lines and empty lines at its end. */
  async screen(): Promise<string> {
    return this.#capture();
  }

  /** Returns the same with all lines that were scrolled off the screen (up to tmux's limit). */
  async allLines(): Promise<string> {
    return this.#capture('-S', '-');
  }

  /** Returns the screen with its colors, as escape sequences. */
  async screenWithColors(): Promise<string> {
    return this.#capture('-e');
  }

  async #capture(...flags: string[]): Promise<string> {
    const lines = await this.#control.command('capture-pane', '-p', ...flags);
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Returns the position of the cursor, counted from 0. */
  async cursor(): Promise<{ column: number; row: number }> {
    const { column, row } = await this.#cursorState();
    return { column, row };
  }

  /** Expands a format of tmux(1), FORMATS. */
  async format(text: string): Promise<string> {
    return (await this.#control.command('display-message', '-p', text)).join('\n');
  }

  /** Returns the cursor's row, counted from the first line that was ever on the screen. */
  async #absoluteRow(): Promise<number> {
    return (await this.#cursorState()).total;
  }

  async #cursorState(): Promise<{ column: number; row: number; total: number; ended: boolean }> {
    const numbers = await this.format('#{cursor_x} #{cursor_y} #{history_size} #{pane_dead}');
    const [column = 0, row = 0, scrolled = 0, dead] = numbers.split(' ').map(Number);
    return { column, row, total: row + scrolled, ended: dead === 1 };
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#control.command('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Waits until the terminal has a size; tmux sets it up to 250 ms after `resize`. */
  async waitForSize(columns: number, rows: number): Promise<void> {
    const terminal = await this.format('#{pane_tty}');
    const size = () => execFileSync('stty', ['-F', terminal, 'size'], { encoding: 'utf8' }).trim();
    await this.waitUntil('the new size of the terminal', () => size() === `${rows} ${columns}`);
  }

  /** All bytes that the program has written, as latin1. */
  get rawOutput(): string {
    this.#output = [Buffer.concat(this.#output)];
    return this.#output[0]?.toString('latin1') ?? '';
  }

  /** True if the terminal does not echo typed text itself, as with a line editor. */
  async isEchoOff(): Promise<boolean> {
    const terminal = await this.format('#{pane_tty}');
    return / -echo\b/.test(execFileSync('stty', ['-F', terminal, '-a'], { encoding: 'utf8' }));
  }

  /** Returns the process id of the program. */
  async pid(): Promise<number> {
    return Number(await this.format('#{pane_pid}'));
  }

  /**
   * Waits until the screen contains a text, matches a regular expression, or a function returns true
   * for it. Returns that screen. Throws, with the screen in the message, after the timeout.
   */
  async waitFor(
    sought: string | RegExp | ((screen: string) => boolean),
    { timeout = DEFAULT_TIMEOUT }: WaitOptions = {},
  ): Promise<string> {
    const matches = (screen: string) => {
      if (typeof sought === 'string') return screen.includes(sought);
      return sought instanceof RegExp ? sought.test(screen) : sought(screen);
    };
    let screen = '';
    let seen = -1;
    let looked = 0;
    const found = await pollUntil(async () => {
      // Reads it every 200 ms in any case: a resize changes the screen without output.
      if (seen === this.#outputCount && performance.now() - looked < 200) return false;
      seen = this.#outputCount;
      looked = performance.now();
      screen = await this.screen();
      return matches(screen);
    }, timeout);
    if (!found) throw new Error(`not on the screen: ${sought}\n${frameScreen(screen)}`);
    return screen;
  }

  /**
   * Waits until the cursor is after a prompt, in a lower row than when text was last typed. Returns
   * the screen.
   */
  async waitForPrompt(prompt = /\[[^\]]*\]>$/, options: WaitOptions = {}): Promise<string> {
    let screen = '';
    const ready = async () => {
      const { column, row, total, ended } = await this.#cursorState();
      if (ended) throw new Error(`the program has ended:\n${frameScreen(await this.screen())}`);
      if (total <= this.#lastRow) return false;
      screen = await this.screen();
      const line = screen.split('\n')[row] ?? '';
      return prompt.test(line) && column >= line.length;
    };
    await this.waitUntil(`a prompt like ${prompt}`, ready, options);
    return screen;
  }

  /** Waits until the cursor is after a prompt, in any row: the typed text was deleted. */
  async waitForPromptAgain(prompt?: RegExp): Promise<string> {
    this.#lastRow = -1;
    return this.waitForPrompt(prompt);
  }

  /**
   * Waits for the prompt of less: a colon, or `(END)` if less has read to the end or assumes so. The
   * screen also has to match `above`. Returns the screen.
   */
  async waitForLess(above = /^/): Promise<string> {
    return this.waitFor((screen) => /\n(:|\(END\))$/.test(screen) && above.test(screen));
  }

  /** Types a line and Enter, and waits for the next prompt. Returns the screen. */
  async run(line: string, prompt?: RegExp): Promise<string> {
    await this.enter(line);
    return this.waitForPrompt(prompt);
  }

  /** Waits until a condition is true. Throws, with the screen in the message, after the timeout. */
  async waitUntil(
    what: string,
    condition: () => boolean | Promise<boolean>,
    { timeout = DEFAULT_TIMEOUT }: WaitOptions = {},
  ): Promise<void> {
    if (await pollUntil(condition, timeout)) return;
    throw new Error(`did not come: ${what}\n${frameScreen(await this.screen())}`);
  }

  /** Waits until the program ends; returns its exit status, 128 + n for signal n. */
  async waitForEnd(options: WaitOptions = {}): Promise<number> {
    let status = '';
    const known = async () => {
      // tmux may know the status before it has read all output; it marks the pane as dead after that.
      const shown = await this.format('#{pane_dead} #{pane_dead_status},#{pane_dead_signal}');
      const [dead = '', ...rest] = shown.split(' ');
      status = rest.join(' ');
      if (status !== ',') return dead === '1';
      // tmux 3.3 sometimes misses the end of a child, until it gets another SIGCHLD.
      this.#server.kill('SIGCHLD');
      return false;
    };
    await this.waitUntil('the end of the program', known, options);
    const [code, signal] = status.split(',');
    return signal === '' ? Number(code) : 128 + Number(signal);
  }

  /** Closes the terminal under the program, as the end of an ssh connection does (SIGHUP). */
  async hangUp(): Promise<void> {
    await this.#control.command('kill-pane').catch(() => {});
  }

  /**
   * Ends the server, and with it the terminal and its program. If a process of the terminal survives,
   * kills it and throws.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const ended = once(this.#server, 'exit');
    this.#server.kill('SIGTERM');
    await Promise.all([ended, this.#control.ended()]);
    const remaining = () => processesOf(this.#directory);
    const allEnded = await pollUntil(() => remaining().length === 0, 3000);
    const names = allEnded ? [] : remaining().map(killByPid);
    if (!allEnded) await pollUntil(() => remaining().length === 0, DEFAULT_TIMEOUT);
    rmSync(this.#directory, { recursive: true, force: true });
    if (!allEnded) throw new Error(`left behind by a closed terminal: ${names.join(', ')}`);
  }
}

/** Kills a process; returns its command line. */
function killByPid(pid: number): string {
  const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  process.kill(pid, 'SIGKILL');
  return name;
}

/** Returns a screen in a frame, for error messages. */
function frameScreen(screen: string): string {
  return `┌────\n${screen.replaceAll(/^/gm, '│')}\n└────`;
}
