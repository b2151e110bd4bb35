import { type EndingSignal, effectiveSignals } from '../signals.js';
import { KeyDecoder, type KeyInput, LineDecoder } from './key-decoder.js';
import { isDumb, wantsColours } from './styles.js';

const pasteOn = '\x1b[?2004h';
const pasteOff = '\x1b[?2004l';

/** How long, in ms, a stop may take to come; where nobody controls jobs it never does. */
const stopDelay = 100;

/**
 * The terminal on standard input and output. Between `take` and `release` it is in raw mode and
 * belongs to the editor; what is typed while nothing is edited is kept for the next time. It is put
 * right on every way out but SIGKILL and SIGSTOP.
 */
export class Terminal {
  readonly colours: boolean;
  /** It knows no escape sequences, and edits its lines by itself. */
  readonly dumb: boolean;
  /**
   * Ctrl-C while nothing is edited: a query runs. What was typed ahead is dropped then, as a
   * terminal does. Without it, Ctrl-C is typed ahead as well.
   */
  onInterrupt: (() => void) | undefined;
  /** Something was typed, and `nextInput` has it: set by who edits. */
  onInput: (() => void) | undefined;
  /** The screen has another size; is left to someone else; was left to someone else. */
  onScreenChange: ((what: 'resized' | 'leaving' | 'back') => void) | undefined;

  readonly #input: KeyInput[] = [];
  readonly #decoder: { write(chunk: Uint8Array): void };
  #isTaken = false;
  #isListening = false;
  #isStopped = false;
  #hasEnded = false;

  private constructor(environment: NodeJS.ProcessEnv) {
    this.dumb = isDumb(environment);
    this.colours = wantsColours(environment);
    const deliver = (input: KeyInput) => this.#deliver(input);
    this.#decoder = this.dumb ? new LineDecoder(deliver) : new KeyDecoder(deliver);
  }

  /** The terminal that standard input and output are; nothing happens to it before `take`. */
  static open(environment = process.env): Terminal {
    return new Terminal(environment);
  }

  get columns(): number {
    return process.stdout.columns || 80;
  }

  get rows(): number {
    return process.stdout.rows || 24;
  }

  /** Raw mode and bracketed paste; keys are read from now on. Safe to call twice. */
  take(): void {
    if (!this.#isListening) this.#listen();
    if (this.#isTaken || this.#hasEnded) return;
    this.#isTaken = true;
    this.#setMode(true);
    process.stdin.resume();
  }

  /** Gives the terminal back as it was, for another program or at the end. Safe to call twice. */
  release(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    process.stdin.pause();
    this.#setMode(false);
  }

  /** Goes to the beginning of a row: the next one, if another program left the cursor within one. */
  beginRow(): void {
    // At a row's beginning the blanks just fill it; else they go on into the next one.
    if (!this.dumb) this.write(`${' '.repeat(this.columns)}\r\x1b[K`);
  }

  write(text: string): void {
    if (text !== '' && !this.#hasEnded) process.stdout.write(text);
  }

  /** What was typed first of all that nobody has taken yet. */
  nextInput(): KeyInput | undefined {
    return this.#input.shift() ?? (this.#hasEnded ? { kind: 'end' } : undefined);
  }

  #listen(): void {
    this.#isListening = true;
    process.stdin.on('data', (chunk: Buffer) => this.#decoder.write(chunk));
    process.stdin.on('end', () => this.#end());
    process.stdin.on('error', () => this.#end());
    // A terminal that was closed takes nothing more; reading tells that it has gone.
    process.stdout.on('error', () => this.#end());
    process.stdout.on('resize', () => this.onScreenChange?.('resized'));
    process.on('SIGCONT', () => this.#resume());
    process.on('SIGINT', () => this.#interrupt());
    process.on('exit', () => this.release());
    for (const signal of effectiveSignals()) if (signal !== 'SIGINT') this.#releaseOn(signal);
  }

  /** Another listener decides what the signal means; without one it ends the process as ever. */
  #releaseOn(signal: EndingSignal): void {
    const onSignal = () => {
      this.release();
      process.removeListener(signal, onSignal);
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }

  #deliver(input: KeyInput): void {
    if (input.kind === 'key' && input.name === 'ctrl-z') this.#stop('SIGTSTP');
    else if (input.kind === 'key' && input.name === 'ctrl-\\') this.#stop('SIGQUIT');
    else if (input.kind === 'key' && input.name === 'ctrl-c') this.#interrupt();
    else this.#keep(input);
  }

  /** Tells who edits once of all that came together, so that it is painted once. */
  #keep(input: KeyInput): void {
    if (this.#input.push(input) === 1) queueMicrotask(() => this.#tell());
  }

  #tell(): void {
    if (!this.#isStopped) this.onInput?.();
  }

  #interrupt(): void {
    if (this.onInput === undefined && this.onInterrupt !== undefined) {
      this.#input.length = 0;
      this.onInterrupt();
    } else if (this.#isTaken) {
      this.#keep({ kind: 'key', name: 'ctrl-c', text: '', sequence: '\x03' });
    }
  }

  #end(): void {
    this.#hasEnded = true;
    this.onInput?.();
  }

  /** Does what the terminal does by itself when it is not in raw mode. */
  #stop(signal: 'SIGTSTP' | 'SIGQUIT'): void {
    this.#tell();
    this.#isStopped = true;
    this.onScreenChange?.('leaving');
    this.#setMode(false);
    process.kill(0, signal);
    // Behind a stop the time is over as well, but the signal that ends it is there, and comes first.
    setTimeout(() => setImmediate(() => this.#goOnUnstopped()), stopDelay);
  }

  #goOnUnstopped(): void {
    if (!this.#isStopped) return;
    this.write('\r\n');
    this.#resume();
  }

  #resume(): void {
    if (!this.#isTaken) return;
    if (!this.#isStopped) this.#setMode(false);
    this.#isStopped = false;
    this.#setMode(true);
    this.onScreenChange?.('back');
    this.#tell();
  }

  /** Both are done at once, on the way out too; a terminal that has gone is told as an error. */
  #setMode(raw: boolean): void {
    if (this.dumb || this.#hasEnded) return;
    process.stdin.setRawMode(raw);
    process.stdout.write(raw ? pasteOn : pasteOff);
  }
}
