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

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  /** On top of PATH, TMPDIR, HOME, TERM and LC_ALL; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** The directory in which its own temporary one is made, if not the system's. */
  within?: string;
  /** Called with the new HOME before the program starts. */
  furnish?: (home: string) => void;
}

export interface WaitOptions {
  /** Milliseconds. */
  timeout?: number;
}

/** Milliseconds that a condition is waited for, if not told otherwise. */
const PATIENCE = 10_000;

/** Nothing of tmux's own is on the screen, and a program's last screen stays when it has ended. */
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

/** The numbers of tmux's version: `3.3` for 3.3a. */
export function tmuxVersion(): string {
  const shown = execFileSync('tmux', ['-V'], { encoding: 'utf8' });
  return /[\d.]+/.exec(shown)?.[0] ?? '0';
}

/** Whether a process is there, and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** The processes whose environment names a directory: a terminal's program, and its children. */
function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(directory);
      } catch {
        return false; // it has just ended, or is another user's
      }
    })
    .map(Number)
    .filter(isAlive);
}

async function until(
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
 * A program on a terminal of its own: a window of a private tmux server, with nothing of the
 * caller's environment but PATH and TMPDIR, and an empty HOME. The server is an ordinary child, and
 * the kernel ends it with the caller.
 */
export class Tmux {
  /** Temporary, gone with `close`. */
  readonly home: string;
  readonly #directory: string;
  readonly #server: ChildProcess;
  readonly #control: TmuxControl;
  #output: Buffer[] = [];
  /** Counts what the program wrote, so that a screen is read again only if it can differ. */
  #pieces = 0;
  /** Where the cursor was when something was typed last. */
  #lastRow = -1;
  #closed = false;

  private constructor(directory: string, home: string, server: ChildProcess, control: TmuxControl) {
    this.#directory = directory;
    this.home = home;
    this.#server = server;
    this.#control = control;
    control.onOutput = (data) => {
      this.#output.push(data);
      this.#pieces += 1;
    };
  }

  /** Starts a command, 100 × 50 if not told otherwise; `close` has to be called, whatever happens. */
  static async start(command: string[], options: TerminalOptions = {}): Promise<Tmux> {
    const directory = mkdtempSync(join(options.within ?? tmpdir(), 'terminal-'));
    const home = join(directory, 'home');
    mkdirSync(home);
    options.furnish?.(home);
    const socket = join(directory, 'socket');
    const configuration = join(directory, 'tmux.conf');
    writeFileSync(configuration, settings);
    const own = { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, LC_ALL: 'C.UTF-8' };
    const server = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', 'tmux', '-D', '-S', socket, '-f', configuration],
      { env: own, cwd: directory, stdio: 'ignore' },
    );
    const failed = new Promise<never>((_, reject) => server.once('error', reject));
    failed.catch(() => {});
    try {
      const up = until(() => existsSync(socket), PATIENCE);
      if (!(await Promise.race([up, failed]))) throw new Error('tmux did not start');
      const { columns = 100, rows = 50, cwd = home } = options;
      const variables = { ...own, HOME: home, TERM: 'tmux-256color', ...options.env };
      const env = Object.entries(variables).flatMap(([name, value]) =>
        value === undefined ? [] : `${name}=${value}`,
      );
      const size = ['-x', String(columns), '-y', String(rows)];
      const start = ['new-session', '-d', ...size, 'cat'];
      // Set later: tmux 3.3 crashes when it makes its first window with this.
      const keepSize = ['set-option', '-g', 'window-size', 'manual'];
      const args = ['-u', '-S', socket, '-C', ...start, ';', ...keepSize, ';', 'attach-session'];
      const control = new TmuxControl(args, own);
      const terminal = new Tmux(directory, home, server, control);
      await control.attached;
      // Only now is all that it writes told.
      const words = ['env', '-i', ...env, ...command];
      await control.command('respawn-pane', '-k', '-c', cwd, '--', ...words);
      return terminal;
    } catch (error) {
      server.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Types text as it stands, a line end being the Enter key. */
  async type(text: string): Promise<void> {
    this.#lastRow = await this.#row();
    const [first = '', ...more] = text.split('\n');
    if (first !== '') await this.#control.command('send-keys', '-l', '--', first);
    for (const line of more) {
      await this.press('Enter');
      if (line !== '') await this.#control.command('send-keys', '-l', '--', line);
    }
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `Up`, `M-Enter`, `BSpace`, `PPage` … */
  async press(...keys: string[]): Promise<void> {
    this.#lastRow = await this.#row();
    await this.#control.command('send-keys', ...keys);
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** Pastes as a terminal does: in brackets, if the program asked for them. */
  async paste(text: string): Promise<void> {
    const file = join(this.#directory, 'pasted');
    writeFileSync(file, text);
    this.#lastRow = await this.#row();
    await this.#control.command('load-buffer', file);
    await this.#control.command('paste-buffer', '-p');
  }

  /** What stands on the screen, without blanks at the end of lines and empty lines at its end. */
  async screen(): Promise<string> {
    return this.#capture();
  }

  /** The same, from the first line that was scrolled away (as far as the history reaches). */
  async allLines(): Promise<string> {
    return this.#capture('-S', '-');
  }

  /** The screen with its colours, as escape sequences. */
  async screenWithColours(): Promise<string> {
    return this.#capture('-e');
  }

  async #capture(...flags: string[]): Promise<string> {
    const lines = await this.#control.command('capture-pane', '-p', ...flags);
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Where the cursor is, counted from 0. */
  async cursor(): Promise<{ column: number; row: number }> {
    const { column, row } = await this.#place();
    return { column, row };
  }

  /** Expands a format of tmux(1), FORMATS. */
  async format(text: string): Promise<string> {
    return (await this.#control.command('display-message', '-p', text)).join('\n');
  }

  /** The cursor's row, counted from the first line that was ever on the screen. */
  async #row(): Promise<number> {
    return (await this.#place()).total;
  }

  async #place(): Promise<{ column: number; row: number; total: number; ended: boolean }> {
    const numbers = await this.format('#{cursor_x} #{cursor_y} #{history_size} #{pane_dead}');
    const [column = 0, row = 0, scrolled = 0, dead] = numbers.split(' ').map(Number);
    return { column, row, total: row + scrolled, ended: dead === 1 };
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#control.command('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Waits until the program's terminal has a size, which tmux sets up to 250 ms after `resize`. */
  async waitForSize(columns: number, rows: number): Promise<void> {
    const terminal = await this.format('#{pane_tty}');
    const size = () => execFileSync('stty', ['-F', terminal, 'size'], { encoding: 'utf8' }).trim();
    await this.waitUntil('the new size of the terminal', () => size() === `${rows} ${columns}`);
  }

  /** All bytes that the program wrote up to now, as latin1. */
  get rawOutput(): string {
    this.#output = [Buffer.concat(this.#output)];
    return this.#output[0]?.toString('latin1') ?? '';
  }

  /** Whether the terminal shows what is typed only if the program does so, as with a line editor. */
  async isEchoOff(): Promise<boolean> {
    const terminal = await this.format('#{pane_tty}');
    return / -echo\b/.test(execFileSync('stty', ['-F', terminal, '-a'], { encoding: 'utf8' }));
  }

  /** The process id of the program that was started. */
  async pid(): Promise<number> {
    return Number(await this.format('#{pane_pid}'));
  }

  /**
   * Waits until the screen holds a text or fits an expression (or, for a function, until it gives
   * true), and gives that screen. Fails with the screen in its message.
   */
  async waitFor(
    sought: string | RegExp | ((screen: string) => boolean),
    { timeout = PATIENCE }: WaitOptions = {},
  ): Promise<string> {
    const fits = (screen: string) => {
      if (typeof sought === 'string') return screen.includes(sought);
      return sought instanceof RegExp ? sought.test(screen) : sought(screen);
    };
    let screen = '';
    let seen = -1;
    let looked = 0;
    const found = await until(async () => {
      // Once in a while it is read in any case: a resized screen changes by itself.
      if (seen === this.#pieces && performance.now() - looked < 200) return false;
      seen = this.#pieces;
      looked = performance.now();
      screen = await this.screen();
      return fits(screen);
    }, timeout);
    if (!found) throw new Error(`not on the screen: ${sought}\n${framed(screen)}`);
    return screen;
  }

  /**
   * Waits until the cursor stands behind a prompt, further down than when something was typed last;
   * gives the screen.
   */
  async waitForPrompt(prompt = /\[[^\]]*\]>$/, options: WaitOptions = {}): Promise<string> {
    let screen = '';
    const ready = async () => {
      const { column, row, total, ended } = await this.#place();
      if (ended) throw new Error(`the program has ended:\n${framed(await this.screen())}`);
      if (total <= this.#lastRow) return false;
      screen = await this.screen();
      const line = screen.split('\n')[row] ?? '';
      return prompt.test(line) && column >= line.length;
    };
    await this.waitUntil(`a prompt like ${prompt}`, ready, options);
    return screen;
  }

  /** Waits until the cursor stands behind a prompt, on whatever row: what was typed was taken back. */
  async waitForPromptAgain(prompt?: RegExp): Promise<string> {
    this.#lastRow = -1;
    return this.waitForPrompt(prompt);
  }

  /**
   * Waits for the prompt of less: a colon, or `(END)` where less has reached, or takes what it has
   * read for, the end. `above` has to be on the screen too. Gives the screen.
   */
  async waitForLess(above = /^/): Promise<string> {
    return this.waitFor((screen) => /\n(:|\(END\))$/.test(screen) && above.test(screen));
  }

  /** Types a line and Enter, and waits for the prompt behind what comes of it. */
  async run(line: string, prompt?: RegExp): Promise<string> {
    await this.enter(line);
    return this.waitForPrompt(prompt);
  }

  /** Waits until a condition that is not on the screen comes true. */
  async waitUntil(
    what: string,
    condition: () => boolean | Promise<boolean>,
    { timeout = PATIENCE }: WaitOptions = {},
  ): Promise<void> {
    if (await until(condition, timeout)) return;
    throw new Error(`did not come: ${what}\n${framed(await this.screen())}`);
  }

  /** Waits for the program's end; gives its exit status, 128 + n for signal n. */
  async waitForEnd(options: WaitOptions = {}): Promise<number> {
    let status = '';
    const known = async () => {
      // The status may be known before tmux has read what the program wrote last: then the pane is dead.
      const shown = await this.format('#{pane_dead} #{pane_dead_status},#{pane_dead_signal}');
      const [dead = '', ...rest] = shown.split(' ');
      status = rest.join(' ');
      if (status !== ',') return dead === '1';
      // tmux 3.3 misses the end of a child now and then, until it is told again.
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
   * Ends the server, and with it the terminal and its program. Throws if a process of the terminal
   * stays behind, and ends that then.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const ended = once(this.#server, 'exit');
    this.#server.kill('SIGTERM');
    await Promise.all([ended, this.#control.ended()]);
    const left = () => processesOf(this.#directory);
    const gone = await until(() => left().length === 0, 3000);
    const names = left().map((pid) => {
      const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      process.kill(pid, 'SIGKILL');
      return name;
    });
    await until(() => left().length === 0, PATIENCE);
    rmSync(this.#directory, { recursive: true, force: true });
    if (!gone) throw new Error(`left behind by a closed terminal: ${names.join(', ')}`);
  }
}

/** A screen as it is shown in the message of a failure. */
function framed(screen: string): string {
  return `┌────\n${screen.replaceAll(/^/gm, '│')}\n└────`;
}
