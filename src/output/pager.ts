import type { ChildProcess } from 'node:child_process';
import { spawnShell } from '../child-process.js';
import type { ScreenShape } from './screen-shape.js';
import type { Sink } from './sink.js';

/** The exit statuses of a shell that did not find the program or could not run it. */
const notRunStatuses: ReadonlySet<number | null> = new Set([126, 127]);
/**
 * Once the pager has accepted this many bytes, the program exists, and the output is no longer kept
 * for printing without it. A pager that never reads accepts less: what a socket buffers, and one
 * pending write.
 */
const maxReplayBytes = 1024 * 1024;

/**
 * Returns defaults for less, unless the environment sets them: the character set, to pass colors, and
 * to scroll sideways in a wide table.
 */
function lessDefaults(shape: ScreenShape): NodeJS.ProcessEnv {
  return { LESSCHARSET: 'utf-8', LESS: shape === 'wide table' ? '-RS' : '-R' };
}

export interface PagerOptions {
  /** Receives the output if the program does not exist: the terminal. */
  directSink: Sink;
  /** The environment of the program; by default that of this process. */
  env?: NodeJS.ProcessEnv;
  /** Called before the pager takes over the terminal. */
  onStart(): void;
  /** Called after the pager has exited. */
  onExit(): void;
  /** Called if the pager exits before the end; further output is dropped and not needed. */
  onQuit?(): void;
  /** Called if the program does not exist; all output goes to `directSink`. */
  onMissing?(command: string): void;
}

/** How an output ended: printed without a pager, accepted to its end, or cut off by the user. */
export type PagedOutcome = 'direct' | 'paged' | 'quit';

/** A running pager process that receives an output. */
export class Pager {
  readonly #command: string;
  readonly #options: PagerOptions;
  readonly #child: ChildProcess;
  /** Resolves when the process has exited, with `missing` if the program does not exist. */
  readonly #exited: Promise<'ran' | 'missing'>;
  #replayChunks: Buffer[] | undefined = [];
  #acceptedBytes = 0;
  #hasExited = false;
  #isComplete = false;
  /** The write of the kept output to `directSink`, if the program does not exist. */
  #replay: Promise<void> | undefined;

  /** Calls `onStart` and starts the program; calls `onExit` as soon as it has exited. */
  constructor(command: string, shape: ScreenShape, options: PagerOptions) {
    this.#command = command;
    this.#options = options;
    options.onStart();
    // While the pager runs, it handles Ctrl-C; without a listener this process would end, too.
    process.on('SIGINT', ignore);
    this.#child = spawnShell(command, {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...lessDefaults(shape), ...(options.env ?? process.env) },
    });
    this.#child.stdin?.on('error', () => {});
    this.#exited = new Promise((resolve) => {
      // Not `close`, which waits for every process that inherited the pipe.
      this.#child.on('exit', (code) => resolve(this.#handleExit(notRunStatuses.has(code))));
      this.#child.on('error', () => resolve(this.#handleExit(true)));
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#hasExited) return this.#writeAfterExit(bytes);
    this.#replayChunks?.push(Buffer.from(bytes));
    const accepted = await new Promise<boolean>((resolve) => {
      this.#child.stdin?.write(bytes, (error) => resolve(!error));
    });
    if (!accepted) {
      await this.#exited;
      return this.#replay;
    }
    this.#acceptedBytes += bytes.length;
    if (this.#acceptedBytes > maxReplayBytes) this.#replayChunks = undefined;
  }

  async end(): Promise<PagedOutcome> {
    const hasQuit = this.#hasExited;
    this.#isComplete = true;
    this.#child.stdin?.end();
    if ((await this.#exited) === 'missing') {
      await this.#replay;
      return 'direct';
    }
    return hasQuit ? 'quit' : 'paged';
  }

  #handleExit(isMissing: boolean): 'ran' | 'missing' {
    this.#hasExited = true;
    process.removeListener('SIGINT', ignore);
    this.#child.stdin?.destroy();
    const { onExit, onMissing, onQuit, directSink } = this.#options;
    onExit();
    const chunks = this.#replayChunks;
    this.#replayChunks = undefined;
    if (isMissing && chunks !== undefined) {
      onMissing?.(this.#command);
      this.#replay = Promise.resolve(directSink.write(Buffer.concat(chunks)));
      // Avoids an unhandled rejection; the next write or end() reports the error.
      this.#replay.catch(() => {});
      return 'missing';
    }
    if (!this.#isComplete) onQuit?.();
    return 'ran';
  }

  async #writeAfterExit(bytes: Uint8Array): Promise<void> {
    if (this.#replay === undefined) return;
    await this.#replay;
    return this.#options.directSink.write(bytes);
  }
}

function ignore(): void {}
