import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** A command whose reply has not arrived. */
interface PendingCommand {
  resolve(lines: string[]): void;
  reject(error: Error): void;
}

/** Quotes a word for tmux's command parser. */
function quoteWord(word: string): string {
  const escaped = [...word].map((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return `\\${code.toString(8).padStart(3, '0')}`;
    return '"\\$~'.includes(letter) ? `\\${letter}` : letter;
  });
  return `"${escaped.join('')}"`;
}

/** Returns the bytes of a `%output` line, where control characters and backslashes are octal. */
function unescapeOutput(line: string): Buffer {
  const bytes = line.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1');
}

/**
 * A client of a tmux server in control mode (tmux(1), CONTROL MODE): it sends commands as lines,
 * receives the replies in order, and passes on the output of programs as it arrives.
 */
export class TmuxControl {
  /** Called with the id of a pane and each piece of its program's output. */
  onOutput: (pane: string, data: Buffer) => void = () => {};
  readonly #client: ChildProcess;
  /** Resolves when the client is attached to a session, which commands need. */
  readonly attached: Promise<void>;
  #attach: () => void = () => {};
  readonly #pending: PendingCommand[] = [];
  #rest = '';
  /** The lines of the reply that is being read, and the mark in the line that ends it. */
  #reply: { lines: string[]; mark: string } | undefined;

  /** `args`: first the server's socket, at the end the command that attaches to a session. */
  constructor(args: string[], env: NodeJS.ProcessEnv) {
    this.#client = spawn('tmux', args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.attached = new Promise((resolve, reject) => {
      this.#attach = resolve;
      this.#client.once('error', reject);
      this.#client.once('close', () => reject(new Error('tmux has ended')));
    });
    this.attached.catch(() => {});
    this.#client.stdin?.on('error', () => {}); // tmux has ended; `close` reports it
    this.#client.stdout?.on('data', (data: Buffer) => this.#read(data.toString('latin1')));
    this.#client.on('close', () => {
      for (const one of this.#pending.splice(0)) one.reject(new Error('tmux has ended'));
    });
  }

  /** Runs a tmux command; returns the lines of its reply. Throws with those lines if it failed. */
  command(...words: string[]): Promise<string[]> {
    return new Promise((resolve, reject) => {
      if (this.hasEnded) return reject(new Error('tmux has ended'));
      this.#pending.push({ resolve, reject });
      this.#client.stdin?.write(`${words.map(quoteWord).join(' ')}\n`);
    });
  }

  /** True if the client has ended, which happens when the server ends. */
  get hasEnded(): boolean {
    return this.#client.exitCode !== null || this.#client.signalCode !== null;
  }

  /** Chooses whether the client keeps this process alive. */
  setRef(isNeeded: boolean): void {
    const pipes = [this.#client.stdin, this.#client.stdout] as (Socket | null)[];
    for (const one of [this.#client, ...pipes]) isNeeded ? one?.ref() : one?.unref();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#handleLine(line);
  }

  #handleLine(line: string): void {
    if (this.#reply !== undefined) {
      const { lines, mark } = this.#reply;
      if (line === `%end ${mark}`) this.#finishReply(lines, true);
      else if (line === `%error ${mark}`) this.#finishReply(lines, false);
      else lines.push(Buffer.from(line, 'latin1').toString());
    } else if (line.startsWith('%begin ')) {
      // `%begin TIME NUMBER FLAGS`; the flag is 1 for commands sent here, 0 for those in arguments.
      if (line.endsWith(' 1')) this.#reply = { lines: [], mark: line.slice('%begin '.length) };
    } else if (line.startsWith('%session-changed ')) {
      this.#attach();
    } else if (line.startsWith('%output ')) {
      // `%output %PANE DATA`
      const [, pane = ''] = line.split(' ', 2);
      this.onOutput(pane, unescapeOutput(line.slice(`%output ${pane} `.length)));
    }
  }

  #finishReply(lines: string[], succeeded: boolean): void {
    this.#reply = undefined;
    const pending = this.#pending.shift();
    if (succeeded) pending?.resolve(lines);
    else pending?.reject(new Error(`tmux: ${lines.join('; ')}`));
  }
}
