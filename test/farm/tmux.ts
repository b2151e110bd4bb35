import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollUntil } from './poll-until.js';
import { runInHelper } from './run-in-helper.js';
import { baseEnvironment, TmuxWindow, type WindowOptions } from './tmux-window.js';
import { WarmTerminal } from './warm-terminal.js';

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

/**
 * A program on its own terminal, which is a window of a private tmux server. The program gets only PATH
 * and TMPDIR of the caller's environment, and an empty HOME. The kernel ends the server, and with it the
 * program, when this process ends.
 */
export class Tmux {
  /** The program's home directory, which `close` removes. */
  readonly home: string;
  readonly #directory: string;
  readonly #window: TmuxWindow;
  /** Set if the program runs in a process that has run it before. */
  readonly #warm: WarmTerminal | undefined;
  /** The cursor's absolute row when text was last typed. */
  #lastRow = -1;
  #closed = false;

  private constructor(directory: string, window: TmuxWindow, warm?: WarmTerminal) {
    this.#directory = directory;
    this.home = join(directory, 'home');
    this.#window = window;
    this.#warm = warm;
  }

  /** Starts a command, by default on 100 × 50 cells. The caller always has to call `close`. */
  static async start(command: string[], options: TerminalOptions = {}): Promise<Tmux> {
    return Tmux.#startIn(options, async (directory, place) => {
      return new Tmux(directory, await TmuxWindow.open(command, place));
    });
  }

  /** Does the same with the built program, in a process that has run it before: much faster. */
  static async startWarm(args: string[], options: TerminalOptions = {}): Promise<Tmux> {
    return Tmux.#startIn(options, async (directory, place) => {
      const warm = await WarmTerminal.run({ args, ...place });
      return new Tmux(directory, warm.window, warm);
    });
  }

  /** Creates the temporary directory, and calls `start`. */
  static async #startIn(
    { parentDirectory = tmpdir(), columns = 100, rows = 50, ...options }: TerminalOptions,
    start: (directory: string, place: WindowOptions) => Promise<Tmux>,
  ): Promise<Tmux> {
    const directory = mkdtempSync(join(parentDirectory, 'terminal-'));
    try {
      const home = join(directory, 'home');
      mkdirSync(home);
      options.prepareHome?.(home);
      const env = { ...baseEnvironment(), HOME: home, TERM: 'tmux-256color', ...options.env };
      return await start(directory, { columns, rows, env, cwd: options.cwd ?? home });
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Types text literally; a line feed presses Enter. */
  async type(text: string): Promise<void> {
    this.#lastRow = await this.#absoluteRow();
    const [first = '', ...more] = text.split('\n');
    if (first !== '') await this.#window.command('send-keys', '-l', '--', first);
    for (const line of more) {
      await this.press('Enter');
      if (line !== '') await this.#window.command('send-keys', '-l', '--', line);
    }
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `Up`, `M-Enter`, `BSpace`, `PPage` … */
  async press(...keys: string[]): Promise<void> {
    this.#lastRow = await this.#absoluteRow();
    await this.#window.command('send-keys', ...keys);
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** Pastes text as a terminal does: as a bracketed paste, if the program enabled that. */
  async paste(text: string): Promise<void> {
    await this.#sendAtOnce(text, '-p');
  }

  /** Types text, where `\r` is Enter and `\x03` Ctrl-C, so that the program reads all of it at once. */
  async typeAtOnce(text: string): Promise<void> {
    await this.#sendAtOnce(text, '-r');
  }

  async #sendAtOnce(text: string, option: string): Promise<void> {
    const file = join(this.#directory, 'pasted');
    writeFileSync(file, text);
    this.#lastRow = await this.#absoluteRow();
    await this.#window.paste(file, option);
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
    const lines = await this.#window.command('capture-pane', '-p', ...flags);
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
    return (await this.#window.command('display-message', '-p', text)).join('\n');
  }

  /** Returns the cursor's row, counted from the first line that was ever on the screen. */
  async #absoluteRow(): Promise<number> {
    return (await this.#cursorState()).total;
  }

  async #cursorState(): Promise<{ column: number; row: number; total: number; ended: boolean }> {
    const numbers = await this.format('#{cursor_x} #{cursor_y} #{history_size} #{pane_dead}');
    const [column = 0, row = 0, scrolled = 0, dead] = numbers.split(' ').map(Number);
    const ended = dead === 1 || this.#warm?.exitStatus !== undefined;
    return { column, row, total: row + scrolled, ended };
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#window.command('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Waits until the terminal has a size; tmux sets it up to 250 ms after `resize`. */
  async waitForSize(columns: number, rows: number): Promise<void> {
    const isSet = async () => (await this.#stty('size')) === `${rows} ${columns}\n`;
    await this.waitUntil('the new size of the terminal', isSet);
  }

  /** All bytes that the program has written, as latin1. */
  get rawOutput(): string {
    return (this.#warm ?? this.#window).output.toString('latin1');
  }

  /** True if the terminal does not echo typed text itself, as with a line editor. */
  async isEchoOff(): Promise<boolean> {
    return / -echo\b/.test(await this.#stty('-a'));
  }

  /** Returns what stty(1) prints about the terminal. */
  async #stty(question: string): Promise<string> {
    const terminal = await this.format('#{pane_tty}');
    const { stdout, stderr } = await runInHelper({
      command: 'stty',
      args: ['-F', terminal, question],
      options: { env: baseEnvironment() },
      input: '',
    });
    if (stderr.length > 0) throw new Error(Buffer.from(stderr).toString());
    return Buffer.from(stdout).toString();
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
      if (seen === this.#window.outputCount && performance.now() - looked < 200) return false;
      seen = this.#window.outputCount;
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
      if (this.#warm?.exitStatus !== undefined) return true;
      // tmux may know the status before it has read all output; it marks the pane as dead after that.
      const shown = await this.format('#{pane_dead} #{pane_dead_status},#{pane_dead_signal}');
      const [dead = '', ...rest] = shown.split(' ');
      status = rest.join(' ');
      if (status !== ',') return dead === '1';
      this.#window.checkProgram();
      return false;
    };
    await this.waitUntil('the end of the program', known, options);
    if (this.#warm?.exitStatus !== undefined) return this.#warm.exitStatus;
    const [code, signal] = status.split(',');
    return signal === '' ? Number(code) : 128 + Number(signal);
  }

  /** Closes the terminal under the program, as the end of an ssh connection does (SIGHUP). */
  async hangUp(): Promise<void> {
    await this.#window.close();
  }

  /**
   * Closes the terminal, which ends its program. If a process of the terminal survives, kills it and
   * throws.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await (this.#warm?.release() ?? this.#window.close());
    const left = await this.#waitForProcesses();
    const names = left.map(killByPid);
    await pollUntil(() => !left.some(isAlive), DEFAULT_TIMEOUT);
    rmSync(this.#directory, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`left behind by a closed terminal: ${names.join(', ')}`);
  }

  /** Waits until no process of the terminal is alive; returns those that are after three seconds. */
  async #waitForProcesses(): Promise<number[]> {
    const end = performance.now() + 3000;
    for (;;) {
      const processes = processesOf(this.#directory);
      // Only these are looked at until they have ended, since to look through all takes milliseconds.
      const isOver = await pollUntil(() => !processes.some(isAlive), end - performance.now());
      if (processes.length === 0 || !isOver) return processes.filter(isAlive);
    }
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
