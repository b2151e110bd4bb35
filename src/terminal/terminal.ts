import { type EndingSignal, getEffectiveSignals } from '../signals.js';
import {
  KeyDecoder,
  type KeyInput,
  LineDecoder,
  type SizeReport,
  sizeQuery,
} from './key-decoder.js';
import { isDumb, wantsColors } from './styles.js';

const enableBracketedPaste = '\x1b[?2004h';
const disableBracketedPaste = '\x1b[?2004l';

/**
 * How long, in ms, to wait until SIGTSTP stops the process. Without job control the signal has no
 * effect, and editing continues after this time.
 */
const stopTimeout = 100;

/** How long, in ms, to wait for the terminal's answer to a question about its size. */
const sizeTimeout = 200;
/** How long, in ms, to wait until a size that the terminal has reported is known to this process. */
const sizeChangeTimeout = 500;

/**
 * What happens to the screen: its size changes; the process may stop, because of a key that the
 * terminal would echo as `echo`; it continues (`back`), perhaps after another program has written to
 * the screen; or a signal ends it.
 */
export type ScreenChange =
  | { kind: 'resized' }
  | { kind: 'leaving'; echo: string }
  | { kind: 'back' }
  | { kind: 'ending' };

/**
 * The terminal on standard input and output. Between `acquire` and `release` it is in raw mode and
 * belongs to the editor. Input that is typed while nothing is edited is queued for the next edit.
 * The terminal's modes are restored however the process ends, except by SIGKILL and SIGSTOP.
 */
export class Terminal {
  readonly colors: boolean;
  /** True if the terminal supports no escape sequences; it then edits lines itself. */
  readonly isDumb: boolean;
  /**
   * Called for Ctrl-C while nothing is edited, that is, while a query runs. Input that was typed
   * ahead is dropped then, as a terminal does. If undefined, Ctrl-C is queued like other keys.
   */
  onInterrupt: (() => void) | undefined;
  /** Called when `nextInput` has something to return. The editor sets it while it edits. */
  onInput: (() => void) | undefined;
  /** Called when something happens to the screen. The editor sets it while it edits. */
  onScreenChange: ((change: ScreenChange) => void) | undefined;

  readonly #input: KeyInput[] = [];
  readonly #decoder: { write(chunk: Uint8Array): void };
  #isAcquired = false;
  #isListening = false;
  #isStopped = false;
  #hasEnded = false;
  #sizeRequest: { timer: NodeJS.Timeout; onSettled: () => void } | undefined;

  private constructor(environment: NodeJS.ProcessEnv) {
    this.isDumb = isDumb(environment);
    this.colors = wantsColors(environment);
    const deliver = (input: KeyInput | SizeReport) => this.#deliver(input);
    this.#decoder = this.isDumb ? new LineDecoder(deliver) : new KeyDecoder(deliver);
  }

  /** Returns the terminal on standard input and output, unchanged until `acquire`. */
  static open(environment = process.env): Terminal {
    return new Terminal(environment);
  }

  get columns(): number {
    return process.stdout.columns || 80;
  }

  get rows(): number {
    return process.stdout.rows || 24;
  }

  /** Enables raw mode and bracketed paste, and starts to read keys. Safe to call twice. */
  acquire(): void {
    if (!this.#isListening) this.#listen();
    if (this.#isAcquired || this.#hasEnded) return;
    this.#isAcquired = true;
    this.#setMode(true);
    process.stdin.resume();
  }

  /** Restores the terminal's modes, for another program or at the end. Safe to call twice. */
  release(): void {
    if (!this.#isAcquired) return;
    this.#isAcquired = false;
    process.stdin.pause();
    this.#setMode(false);
  }

  /** Moves the cursor to the start of a row: the next row if the cursor is inside one. */
  moveToRowStart(): void {
    // From the start of a row the blanks just fill it; from elsewhere they wrap into the next row.
    if (!this.isDumb) this.write(`${' '.repeat(this.columns)}\r\x1b[K`);
  }

  write(text: string): void {
    if (text !== '' && !this.#hasEnded) process.stdout.write(text);
  }

  /**
   * Calls `onSettled` as soon as the terminal confirms `columns` and `rows`, or after a time if it
   * does not. tmux, for instance, rewraps its rows up to 250 ms before the process learns the size.
   */
  confirmSize(onSettled: () => void): void {
    this.cancelSizeRequest();
    this.#sizeRequest = { timer: setTimeout(() => this.#settleSize(), sizeTimeout), onSettled };
    this.write(sizeQuery);
  }

  /** Ignores the answer to the last `confirmSize`. */
  cancelSizeRequest(): void {
    clearTimeout(this.#sizeRequest?.timer);
    this.#sizeRequest = undefined;
  }

  #settleSize(): void {
    const request = this.#sizeRequest;
    this.cancelSizeRequest();
    request?.onSettled();
  }

  #handleSizeReport(columns: number, rows: number): void {
    const request = this.#sizeRequest;
    if (request === undefined) return;
    if (columns === this.columns && rows === this.rows) {
      this.#settleSize();
      return;
    }
    // The next `resized` is about to come.
    clearTimeout(request.timer);
    request.timer = setTimeout(() => this.#settleSize(), sizeChangeTimeout);
  }

  /** Removes the oldest queued input and returns it; undefined if nothing is queued. */
  nextInput(): KeyInput | undefined {
    return this.#input.shift() ?? (this.#hasEnded ? { kind: 'end' } : undefined);
  }

  /**
   * Removes the queued input up to its last Ctrl-C; returns false if it has none. A Ctrl-C that arrives
   * together with the Enter before it is queued, because the edit has not ended yet.
   */
  takeInterrupt(): boolean {
    const isCtrlC = (input: KeyInput) => input.kind === 'key' && input.name === 'ctrl-c';
    const end = this.#input.findLastIndex(isCtrlC) + 1;
    this.#input.splice(0, end);
    return end > 0;
  }

  #listen(): void {
    this.#isListening = true;
    process.stdin.on('data', (chunk: Buffer) => this.#decoder.write(chunk));
    process.stdin.on('end', () => this.#handleEnd());
    process.stdin.on('error', () => this.#handleEnd());
    // A write to a terminal that was closed fails.
    process.stdout.on('error', () => this.#handleEnd());
    process.stdout.on('resize', () => this.onScreenChange?.({ kind: 'resized' }));
    process.on('SIGCONT', () => this.#resume());
    process.on('SIGINT', () => this.#interrupt());
    process.on('exit', () => this.release());
    for (const signal of getEffectiveSignals()) if (signal !== 'SIGINT') this.#releaseOn(signal);
  }

  /**
   * Releases the terminal on the signal. Other listeners then handle the signal; if there are none,
   * it ends the process as by default.
   */
  #releaseOn(signal: EndingSignal): void {
    const onSignal = () => {
      this.#leaveRow();
      this.release();
      process.removeListener(signal, onSignal);
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }

  /** Moves the cursor to the start of a row, where the messages of the ending program begin. */
  #leaveRow(): void {
    if (!this.#isAcquired) return;
    if (this.onScreenChange === undefined || this.#isStopped) this.moveToRowStart();
    else this.onScreenChange({ kind: 'ending' });
  }

  #deliver(input: KeyInput | SizeReport): void {
    if (input.kind === 'key' && input.name === 'ctrl-z') this.#suspend('SIGTSTP', '^Z');
    else if (input.kind === 'key' && input.name === 'ctrl-\\') this.#suspend('SIGQUIT', '^\\');
    else if (input.kind === 'key' && input.name === 'ctrl-c') this.#interrupt();
    else if (input.kind === 'size') this.#handleSizeReport(input.columns, input.rows);
    else this.#queueInput(input);
  }

  /** Calls `onInput` once for all input that arrives together, so that the editor paints once. */
  #queueInput(input: KeyInput): void {
    if (this.#input.push(input) === 1) queueMicrotask(() => this.#notifyInput());
  }

  #notifyInput(): void {
    if (!this.#isStopped) this.onInput?.();
  }

  #interrupt(): void {
    if (this.onInput === undefined && this.onInterrupt !== undefined) {
      this.#input.length = 0;
      this.onInterrupt();
    } else if (this.#isAcquired) {
      this.#queueInput({ kind: 'key', name: 'ctrl-c', text: '', sequence: '\x03' });
    }
  }

  #handleEnd(): void {
    this.#hasEnded = true;
    this.onInput?.();
  }

  /** Handles Ctrl-Z and Ctrl-\ as the terminal itself does when it is not in raw mode. */
  #suspend(signal: 'SIGTSTP' | 'SIGQUIT', echo: string): void {
    this.#notifyInput();
    this.#isStopped = true;
    this.onScreenChange?.({ kind: 'leaving', echo });
    this.#setMode(false);
    process.kill(0, signal);
    // After a stop the timeout has expired as well, but SIGCONT is pending and is handled first.
    setTimeout(() => setImmediate(() => this.#resumeIfNotStopped()), stopTimeout);
  }

  #resumeIfNotStopped(): void {
    // If a signal is ending the process, the terminal is already released.
    if (!this.#isStopped || !this.#isAcquired) return;
    this.write('\r\n');
    this.#resume();
  }

  #resume(): void {
    if (!this.#isAcquired) return;
    if (!this.#isStopped) this.#setMode(false);
    this.#isStopped = false;
    this.#setMode(true);
    this.onScreenChange?.({ kind: 'back' });
    this.#notifyInput();
  }

  /** Takes effect synchronously, also while the process exits. `error` reports a closed terminal. */
  #setMode(raw: boolean): void {
    if (this.isDumb || this.#hasEnded) return;
    process.stdin.setRawMode(raw);
    process.stdout.write(raw ? enableBracketedPaste : disableBracketedPaste);
  }
}
