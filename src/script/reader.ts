import { commandArguments } from './arguments.js';
import { ByteBuffer } from './byte-buffer.js';
import { byte, standsAt, trimEnd } from './bytes.js';
import { characterSet } from './character-set.js';
import type { CommandName, ScriptItem, ScriptOptions, Terminator } from './item.js';
import { LexicalState } from './lexical-state.js';
import { LineScan, type ScanEvent } from './line-scan.js';
import { Lines } from './lines.js';
import { type NamedCommand, namedCommand } from './named-command.js';
import { badDelimiter, nulByte, unknownCommand } from './problems.js';

type Items = Generator<ScriptItem, void, void>;

const byteOrderMark = Uint8Array.from([0xef, 0xbb, 0xbf]);

/**
 * Takes a script apart into statements and client commands, as the mariadb client 10.11 does with
 * its input in batch. Feed it with `read`, in chunks of any size, then call `end` once. Both give
 * items one by one and do nothing between them, so what is set between two items (a delimiter, a
 * character set, the server's NO_BACKSLASH_ESCAPES) holds from there on.
 *
 * As in the client, a line is looked at when it is complete, and nothing of it comes out before.
 */
export class ScriptReader {
  readonly #options: ScriptOptions;
  readonly #lines: Lines;
  readonly #state: LexicalState;
  readonly #pending = new ByteBuffer();
  #lineNumber = 0;
  #statementLine = 0;
  #ended = false;

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#lines = new Lines(!options.binaryMode && options.source !== 'execute');
    this.#state = new LexicalState(options.delimiter, options.characterSet);
  }

  /** What ends a statement. A sourced file begins with its parent's and hands back its own. */
  get delimiter(): Uint8Array {
    return this.#state.delimiter;
  }

  /** Only the first 15 bytes count. An empty one is passed over: nothing would ever end. */
  set delimiter(delimiter: Uint8Array) {
    this.#state.delimiter = delimiter;
  }

  get noBackslashEscapes(): boolean {
    return this.#state.noBackslashEscapes;
  }

  /** The server's status flag: a backslash within quotes is a plain byte. */
  set noBackslashEscapes(flag: boolean) {
    this.#state.noBackslashEscapes = flag;
  }

  /** Sets the client's character set by name, as the command `charset` does. */
  set characterSet(name: string) {
    this.#state.characters = characterSet(name);
  }

  /** Puts other text in place of the statement that is being collected, as `edit` does. */
  set pending(text: Uint8Array) {
    this.#pending.clear();
    this.#pending.append(text);
    this.#pending.own();
  }

  /** Forgets the statement that is being collected, as the client does when it sources a file. */
  clear(): void {
    this.#pending.clear();
  }

  /**
   * Gives the items that `chunk` completes. The chunk must stay untouched until they are used up;
   * an item's bytes are good until the next one is asked for.
   */
  *read(chunk: Uint8Array): Items {
    if (this.#ended) return;
    for (const line of this.#lines.split(chunk)) {
      yield* this.#line(line);
      if (this.#ended) return;
      this.#pending.own();
    }
  }

  /** Gives what the input's end completes. */
  *end(): Items {
    if (this.#ended) return;
    const rest = this.#lines.rest();
    if (rest !== undefined) yield* this.#line(rest);
    if (this.#ended) return;
    yield* this.#send('end-of-input');
    this.#ended = true;
  }

  *#line(input: Uint8Array): Items {
    const { binaryMode } = this.#options;
    if (!binaryMode && input.includes(0)) {
      yield nulByte(this.#pending.bytes, input, this.#statementLine);
      this.#ended = true;
      return;
    }
    this.#lineNumber++;
    const marked = this.#lineNumber === 1 && standsAt(input, 0, byteOrderMark);
    const line = marked ? input.subarray(byteOrderMark.length) : input;
    const fresh = this.#pending.length === 0;
    if (fresh) this.#statementLine = this.#lineNumber;

    if ((fresh || this.#options.namedCommands) && this.#state.inCode) {
      const command = namedCommand(line, this.delimiter, binaryMode);
      if (command !== undefined) {
        yield* this.#longCommand(command);
        return;
      }
    }
    // The client takes a line that begins with NUL for an empty one.
    if (fresh && (line.length === 0 || line[0] === 0)) return;
    const scan = new LineScan(line, this.#pending, this.#state, this.#options);
    for (let event = scan.next(); event !== undefined && !this.#ended; event = scan.next()) {
      yield* this.#event(event);
      if (event.kind === 'command' && event.entry.takesArguments) scan.skipArguments();
    }
  }

  *#event(event: ScanEvent): Items {
    switch (event.kind) {
      case 'command':
        yield* this.#command(event.entry.name, event.text, 2, 'short');
        return;
      case 'unknown-command':
        yield unknownCommand(event.letter, this.#statementLine);
        return;
      case 'comment-line':
        yield* this.#send('comment-line');
        return;
      case 'delimiter': {
        const { binaryMode } = this.#options;
        const command = namedCommand(this.#pending.bytes, this.delimiter, binaryMode);
        if (command === undefined) {
          yield* this.#send('delimiter');
        } else {
          yield* this.#longCommand(command);
          this.#pending.clear();
        }
      }
    }
  }

  #longCommand({ entry, text, behind }: NamedCommand): Items {
    return this.#command(entry.name, text, behind, 'long');
  }

  *#command(name: CommandName, text: Uint8Array, behind: number, form: 'long' | 'short'): Items {
    const args = commandArguments(name, text, behind, form === 'long');
    const line = this.#statementLine;
    switch (name) {
      case 'clear':
        this.#pending.clear();
        return;
      case 'delimiter': {
        const [word] = args;
        if (word === undefined || word.includes(byte.backslash)) yield badDelimiter(word, line);
        else this.delimiter = word;
        return;
      }
      case 'ego':
      case 'go':
        yield* this.#send('go', name === 'ego');
        return;
      case 'exit':
      case 'quit':
        // In batch the client sends what it has collected, then ends.
        yield* this.#send('end-of-input');
        this.#ended = true;
    }
    yield { kind: 'command', name, args, pending: this.#pending.bytes, line, form };
  }

  *#send(terminated: Terminator, vertical = false): Items {
    const untrimmed = this.#pending.bytes;
    const sql = trimEnd(untrimmed, this.#state.characters.cut);
    const line = this.#statementLine;
    if (sql.length > 0) yield { kind: 'statement', sql, untrimmed, line, vertical, terminated };
    this.#pending.clear();
  }
}
