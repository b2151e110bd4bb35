import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Someone who waits for the reply to a command. */
interface Waiting {
  resolve(lines: string[]): void;
  reject(error: Error): void;
}

/** A word as tmux's own parser of commands reads it back. */
function quoted(word: string): string {
  const escaped = [...word].map((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return `\\${code.toString(8).padStart(3, '0')}`;
    return '"\\$~'.includes(letter) ? `\\${letter}` : letter;
  });
  return `"${escaped.join('')}"`;
}

/** The bytes of a `%output` line, in which control characters and backslashes are octal. */
function unescaped(line: string): Buffer {
  const bytes = line.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1');
}

/**
 * One client of a tmux server in control mode (tmux(1), CONTROL MODE): commands go in as lines,
 * their replies come back in order, and what the programs write is told as it comes.
 */
export class TmuxControl {
  /** Called with each piece that the program wrote. */
  onOutput: (data: Buffer) => void = () => {};
  readonly #client: ChildProcess;
  readonly #ended: Promise<unknown>;
  /** Settles when it is attached: before, commands have no session to mean. */
  readonly attached: Promise<void>;
  #attach: () => void = () => {};
  readonly #waiting: Waiting[] = [];
  #rest = '';
  /** The lines of the reply that is being read, and the line that will end it. */
  #reply: { lines: string[]; mark: string } | undefined;

  /** `args` begin with the server's socket and end with the command that attaches to a session. */
  constructor(args: string[], env: NodeJS.ProcessEnv) {
    this.#client = spawn('tmux', args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#ended = once(this.#client, 'close');
    this.attached = new Promise((resolve, reject) => {
      this.#attach = resolve;
      this.#client.once('error', reject);
      this.#client.once('close', () => reject(new Error('tmux has ended')));
    });
    this.attached.catch(() => {});
    this.#client.stdin?.on('error', () => {}); // it has ended: told by `close`
    this.#client.stdout?.on('data', (data: Buffer) => this.#read(data.toString('latin1')));
    this.#client.on('close', () => {
      for (const one of this.#waiting.splice(0)) one.reject(new Error('tmux has ended'));
    });
  }

  /** Runs one tmux command; gives the lines of its reply, throws with them if it failed. */
  command(...words: string[]): Promise<string[]> {
    return new Promise((resolve, reject) => {
      if (this.#client.exitCode !== null) return reject(new Error('tmux has ended'));
      this.#waiting.push({ resolve, reject });
      this.#client.stdin?.write(`${words.map(quoted).join(' ')}\n`);
    });
  }

  /** Waits for the client's end, which comes with the server's. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (this.#reply !== undefined) {
      const { lines, mark } = this.#reply;
      if (line === `%end ${mark}`) this.#answer(lines, true);
      else if (line === `%error ${mark}`) this.#answer(lines, false);
      else lines.push(Buffer.from(line, 'latin1').toString());
    } else if (line.startsWith('%begin ')) {
      // `%begin TIME NUMBER FLAGS`; 1 is a command of ours, not one given as an argument.
      if (line.endsWith(' 1')) this.#reply = { lines: [], mark: line.slice('%begin '.length) };
    } else if (line.startsWith('%session-changed ')) {
      this.#attach();
    } else if (line.startsWith('%output ')) {
      // `%output %PANE DATA`
      this.onOutput(unescaped(line.slice(line.indexOf(' ', '%output '.length) + 1)));
    }
  }

  #answer(lines: string[], good: boolean): void {
    this.#reply = undefined;
    const waiting = this.#waiting.shift();
    if (good) waiting?.resolve(lines);
    else waiting?.reject(new Error(`tmux: ${lines.join('; ')}`));
  }
}
