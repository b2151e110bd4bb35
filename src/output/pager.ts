import type { ChildProcess } from 'node:child_process';
import { spawnShell } from '../child-process.js';
import type { Sink } from './sink.js';

/** A shell's status for a program that it did not find, or could not run. */
const notRun: ReadonlySet<number | null> = new Set([126, 127]);
/**
 * What is kept to be printed after all if the program turns out to be missing. One that never reads
 * takes less: so much a socket holds, and one piece that waits.
 */
const keptBytes = 1024 * 1024;

/** What less is told where nobody did: the text's character set, and that colours are meant. */
const lessDefaults = { LESSCHARSET: 'utf-8', LESS: '-R' };

export interface PagerOptions {
  /** Where the output goes if there is no such program: the terminal. */
  direct: Sink;
  /** The environment of the program; ours without it. */
  env?: NodeJS.ProcessEnv;
  /** The program is about to have the terminal. */
  before(): void;
  /** It has given the terminal back. */
  after(): void;
  /** The reader left before the end: what follows is dropped, and need not be asked for. */
  onQuit?(): void;
  /** The program is not there; everything is going to be printed straight. */
  onMissing?(command: string): void;
}

/** What became of an output: printed straight, read to its end, left by its reader. */
export type PagedEnd = 'direct' | 'paged' | 'quit';

/** A running pager, into which an output is written. */
export class Pager {
  readonly #command: string;
  readonly #options: PagerOptions;
  readonly #child: ChildProcess;
  /** Settled when it has ended: whether it was there at all. */
  readonly #exited: Promise<'ran' | 'missing'>;
  #kept: Buffer[] | undefined = [];
  #taken = 0;
  #gone = false;
  #ended = false;
  /** Where the output goes on if there was no such program. */
  #replayed: Promise<void> | undefined;

  /** Starts the program: `before` is called, and `after` as soon as it has ended. */
  constructor(command: string, options: PagerOptions) {
    this.#command = command;
    this.#options = options;
    options.before();
    // Ctrl-C is the pager's while it runs; without a listener it would end us too.
    process.on('SIGINT', ignore);
    this.#child = spawnShell(command, {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...lessDefaults, ...(options.env ?? process.env) },
    });
    this.#child.stdin?.on('error', () => {});
    this.#exited = new Promise((resolve) => {
      // Not `close`, which waits for whoever inherited the pipe.
      this.#child.on('exit', (code) => resolve(this.#onExit(notRun.has(code))));
      this.#child.on('error', () => resolve(this.#onExit(true)));
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#gone) return this.#afterwards(bytes);
    this.#kept?.push(Buffer.from(bytes));
    const taken = await new Promise<boolean>((resolve) => {
      this.#child.stdin?.write(bytes, (error) => resolve(!error));
    });
    if (!taken) {
      await this.#exited;
      return this.#replayed;
    }
    this.#taken += bytes.length;
    if (this.#taken > keptBytes) this.#kept = undefined;
  }

  async end(): Promise<PagedEnd> {
    const left = this.#gone;
    this.#ended = true;
    this.#child.stdin?.end();
    if ((await this.#exited) === 'missing') {
      await this.#replayed;
      return 'direct';
    }
    return left ? 'quit' : 'paged';
  }

  #onExit(missing: boolean): 'ran' | 'missing' {
    this.#gone = true;
    process.removeListener('SIGINT', ignore);
    this.#child.stdin?.destroy();
    const { after, onMissing, onQuit, direct } = this.#options;
    after();
    const kept = this.#kept;
    this.#kept = undefined;
    if (missing && kept !== undefined) {
      onMissing?.(this.#command);
      this.#replayed = Promise.resolve(direct.write(Buffer.concat(kept)));
      // Whoever writes next, or ends, hears of a failure.
      this.#replayed.catch(() => {});
      return 'missing';
    }
    if (!this.#ended) onQuit?.();
    return 'ran';
  }

  async #afterwards(bytes: Uint8Array): Promise<void> {
    if (this.#replayed === undefined) return;
    await this.#replayed;
    return this.#options.direct.write(bytes);
  }
}

function ignore(): void {}
