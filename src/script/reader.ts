import { commandArguments } from './arguments.js';
import { ByteBuffer } from './byte-buffer.js';
import { byte, find, isBlank, isQuote, skipBlanks, standsAt, trimEnd, untilNul } from './bytes.js';
import { type CharacterSet, characterSet } from './character-set.js';
import { commandByLetter } from './command-table.js';
import type {
  CommandName,
  ScriptItem,
  ScriptOptions,
  ScriptProblem,
  Statement,
  Terminator,
} from './item.js';
import { Lines } from './lines.js';
import { beginsWithDelimiterWord, namedCommand } from './named-command.js';
import { nextStop, type StopTable, type StopTables, stopTables } from './stop-table.js';

type Items = Generator<ScriptItem, void, void>;

/** The client cuts its delimiter to this many bytes. */
const longestDelimiter = 15;
const commentEnd = Uint8Array.from([byte.asterisk, byte.slash]);
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
  /** The server's status flag: a backslash within quotes is a plain byte. */
  noBackslashEscapes = false;

  readonly #options: ScriptOptions;
  readonly #lines: Lines;
  readonly #pending = new ByteBuffer();
  #delimiter: Uint8Array = Uint8Array.of(0x3b);
  #characters: CharacterSet;
  #stops: StopTables;
  /** The quote that is open, 0 if none. */
  #quote = 0;
  #inComment = false;
  #lineNumber = 0;
  #statementLine = 0;
  #ended = false;

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#lines = new Lines(!options.binaryMode && options.source !== 'execute');
    this.#characters = characterSet(options.characterSet);
    this.#stops = stopTables(this.#delimiter, this.#characters.hidden);
    this.delimiter = options.delimiter;
  }

  /** What ends a statement. A sourced file begins with its parent's and hands back its own. */
  get delimiter(): Uint8Array {
    return this.#delimiter;
  }

  /** Only the first 15 bytes count. An empty one is passed over: nothing would ever end. */
  set delimiter(delimiter: Uint8Array) {
    if (delimiter.length === 0) return;
    this.#delimiter = Uint8Array.from(untilNul(delimiter).subarray(0, longestDelimiter));
    this.#stops = stopTables(this.#delimiter, this.#characters.hidden);
  }

  /** Sets the client's character set by name, as the command `charset` does. */
  set characterSet(name: string) {
    this.#characters = characterSet(name);
    this.#stops = stopTables(this.#delimiter, this.#characters.hidden);
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
    for (const line of this.#lines.split(chunk)) {
      yield* this.#line(line);
      if (this.#ended) return;
      this.#pending.own();
    }
  }

  /** Gives what the input's end completes. */
  *end(): Items {
    const rest = this.#lines.rest();
    if (rest !== undefined && !this.#ended) yield* this.#line(rest);
    if (!this.#ended) yield* this.#send('end-of-input');
    this.#ended = true;
  }

  *#line(input: Uint8Array): Items {
    const { binaryMode, namedCommands } = this.#options;
    if (!binaryMode && input.includes(0)) {
      yield this.#nulProblem(input);
      this.#ended = true;
      return;
    }
    this.#lineNumber++;
    const marked = this.#lineNumber === 1 && standsAt(input, 0, byteOrderMark);
    const line = marked ? input.subarray(byteOrderMark.length) : input;
    const fresh = this.#pending.length === 0;
    if (fresh) this.#statementLine = this.#lineNumber;
    if ((fresh || namedCommands) && !this.#inComment && this.#quote === 0) {
      const command = namedCommand(line, this.#delimiter, binaryMode);
      if (command !== undefined) {
        const { entry, text, behind } = command;
        yield* this.#command(entry.name, text, behind, 'long');
        if (this.#pending.length === 0) this.#quote = 0;
        return;
      }
    }
    // The client takes a line that begins with NUL for an empty one.
    if (fresh && (line.length === 0 || line[0] === 0)) return;
    yield* this.#scan(line);
  }

  *#scan(line: Uint8Array): Items {
    const keep = this.#options.comments;
    const pending = this.#pending;
    /** line[from, position) is accepted but not yet in `pending`. */
    let from = 0;
    let position = 0;
    let end = line.length;
    /** A blank was put into `pending` since the last flush. */
    let blankAdded = false;
    /** A discarded comment ended: the next byte, if it is no blank, gets one before it. */
    let blankDue = false;
    let inConditional = false;
    const flush = (next: number) => {
      pending.append(line.subarray(from, position));
      from = next;
      position = next;
      blankAdded = false;
    };

    while (position < end) {
      if (!keep && from === position && !blankAdded && pending.length === 0) {
        position = skipBlanks(line, position);
        from = position;
        if (position >= end) break;
      }
      if (!blankDue) {
        position = nextStop(line, position, end, this.#table());
        if (position >= end) break;
      }
      const current = line[position] ?? 0;
      const next = line[position + 1];
      const plain = this.#quote === 0 && !this.#inComment;

      if (current >= 0x80) {
        const length = this.#characters.length(line, position);
        if (length > 1) {
          position += length;
          continue;
        }
      }

      if (current === byte.backslash && this.#escapes()) {
        if (next === undefined || (next === 0 && this.#quote === 0)) {
          // The client loses a backslash at the end of a line, and in binary mode its way: there
          // it writes over the line behind, so there we keep the bytes as they are.
          if (this.#options.binaryMode && this.#quote !== 0) position = end;
          else end = position;
          break;
        }
        if (this.#quote !== 0 || next === byte.capitalN) {
          const closing = next === byte.backtick && this.#quote === next;
          position += closing ? 1 : 2;
          continue;
        }
        const entry = this.#options.binaryMode ? undefined : commandByLetter(next);
        if (entry === undefined) {
          yield this.#unknownCommand(next);
          position += 2;
          continue;
        }
        const text = line.subarray(position);
        flush(position + 2);
        yield* this.#command(entry.name, text, 2, 'short');
        if (this.#ended) return;
        if (entry.takesArguments) {
          const until = inConditional ? commentEnd : this.#delimiter;
          const found = find(line, until, position);
          position = found < 0 ? end : inConditional ? found : found + until.length;
          from = position;
        }
        continue;
      }

      if (plain && standsAt(line, position, this.#delimiter)) {
        let behind = position + this.#delimiter.length;
        let commentLength = 0;
        if (keep) {
          const start = behind;
          behind = skipBlanks(line, behind);
          if (line[behind] === byte.hash || isDashComment(line, behind)) {
            commentLength = untilNul(line.subarray(start)).length;
            behind = start;
          }
        }
        flush(behind);
        if (commentLength > 0) {
          position += commentLength;
          flush(position);
        }
        yield* this.#delimited();
        if (this.#ended) return;
        continue;
      }

      if (
        plain &&
        (current === byte.hash || this.#beginsDashComment(line, position, from, blankAdded))
      ) {
        flush(position);
        if (keep) {
          const alone = pending.length === 0;
          pending.append(untilNul(line.subarray(position)));
          if (alone) yield* this.#send('comment-line');
        }
        from = position = end;
        break;
      }

      if (this.#quote === 0 && beginsPlainComment(line, position)) {
        if (this.#inComment && !keep) from = position;
        if (keep) position += 2;
        flush(keep ? position : position + 2);
        this.#inComment = true;
        continue;
      }

      if (this.#inComment && !inConditional && standsAt(line, position, commentEnd)) {
        position += 2;
        if (!keep) from = position;
        flush(position);
        this.#inComment = false;
        blankDue = true;
        continue;
      }

      if (this.#quote === 0) {
        if (current === byte.slash && next === byte.asterisk) {
          if (line[position + 2] === byte.exclamation) inConditional = true;
        } else if (inConditional && standsAt(line, position, commentEnd)) {
          inConditional = false;
        }
      }
      if (current === this.#quote) this.#quote = 0;
      else if (plain && isQuote(current)) this.#quote = current;
      if (blankDue && (!this.#inComment || keep)) {
        blankDue = false;
        if (!isBlank(current)) {
          flush(position);
          pending.appendByte(byte.space);
          blankAdded = true;
        }
      }
      position++;
    }

    if (this.#inComment && !keep) return;
    const run = line.subarray(from, end);
    if (run.length === 0 && !blankAdded && pending.length === 0) return;
    pending.append(run);
    const swallowed =
      beginsWithDelimiterWord(run) && !blankAdded && this.#quote === 0 && !this.#inComment;
    if (!swallowed) pending.appendByte(byte.newline);
  }
  *#delimited(): Items {
    const command = namedCommand(this.#pending.bytes, this.#delimiter, this.#options.binaryMode);
    if (command === undefined) {
      yield* this.#send('delimiter');
      return;
    }
    yield* this.#command(command.entry.name, command.text, command.behind, 'long');
    this.#pending.clear();
  }

  *#send(terminated: Terminator, vertical = false): Items {
    const untrimmed = this.#pending.bytes;
    const sql = trimEnd(untrimmed);
    if (sql.length > 0) {
      const line = this.#statementLine;
      yield { kind: 'statement', sql, untrimmed, line, vertical, terminated } satisfies Statement;
    }
    this.#pending.clear();
  }

  *#command(name: CommandName, text: Uint8Array, behind: number, form: 'long' | 'short'): Items {
    const args = commandArguments(name, text, behind, form === 'long');
    switch (name) {
      case 'clear':
        this.#pending.clear();
        return;
      case 'delimiter':
        yield* this.#setDelimiter(args[0]);
        return;
      case 'go':
      case 'ego':
        yield* this.#send('go', name === 'ego');
        return;
      case 'exit':
      case 'quit':
        // In batch the client sends what it has collected, then ends.
        yield* this.#send('end-of-input');
        this.#ended = true;
    }
    const pending = this.#pending.bytes;
    yield { kind: 'command', name, args, pending, line: this.#statementLine, form };
  }

  *#setDelimiter(word: Uint8Array | undefined): Items {
    if (word?.includes(byte.backslash)) {
      yield this.#delimiterProblem('DELIMITER cannot contain a backslash character');
    } else if (word === undefined) {
      yield this.#delimiterProblem(
        "DELIMITER must be followed by a 'delimiter' character or string",
      );
    } else {
      this.delimiter = word;
    }
  }

  #delimiterProblem(words: string): ScriptProblem {
    const message = Buffer.from(words);
    return {
      kind: 'problem',
      code: 'BAD_DELIMITER',
      message,
      line: this.#statementLine,
      stops: 'never',
    };
  }

  #unknownCommand(letter: number): ScriptProblem {
    const message = Buffer.concat([
      Buffer.from("Unknown command '\\"),
      Uint8Array.of(letter),
      Buffer.from("'."),
    ]);
    return {
      kind: 'problem',
      code: 'UNKNOWN_COMMAND',
      message,
      line: this.#statementLine,
      stops: 'unless-forced',
    };
  }

  #nulProblem(line: Uint8Array): ScriptProblem {
    const message = Buffer.concat([
      Buffer.from(
        "ASCII '\\0' appeared in the statement, but this is not allowed unless option " +
          '--binary-mode is enabled and mysql is run in non-interactive mode. Set --binary-mode ' +
          "to 1 if ASCII '\\0' is expected. Query: '",
      ),
      this.#pending.bytes,
      untilNul(line),
      Buffer.from("'."),
    ]);
    // The client names the line of the statement before.
    const at = this.#statementLine === 0 ? undefined : this.#statementLine;
    return { kind: 'problem', code: 'NUL_BYTE', message, line: at, stops: 'always' };
  }

  #table(): StopTable {
    if (this.#inComment) return this.#stops.comment;
    switch (this.#quote) {
      case 0:
        return this.#stops.code;
      case byte.singleQuote:
        return this.#stops.singleQuote;
      case byte.doubleQuote:
        return this.#stops.doubleQuote;
      default:
        return this.#stops.backtick;
    }
  }

  #escapes(): boolean {
    return !this.#inComment && !(this.#quote !== 0 && this.noBackslashEscapes);
  }

  #beginsDashComment(line: Uint8Array, position: number, from: number, blankAdded: boolean) {
    if (line[position] !== byte.dash || line[position + 1] !== byte.dash) return false;
    const third = line[position + 2];
    if (third === undefined || third === 0 || isBlank(third)) return true;
    return from === position && !blankAdded && this.#pending.length === 0;
  }
}

function isDashComment(line: Uint8Array, position: number): boolean {
  return (
    line[position] === byte.dash && line[position + 1] === byte.dash && isBlank(line[position + 2])
  );
}

function beginsPlainComment(line: Uint8Array, position: number): boolean {
  if (line[position] !== byte.slash || line[position + 1] !== byte.asterisk) return false;
  const third = line[position + 2];
  if (third === byte.exclamation) return false;
  return !(third === byte.capitalM && line[position + 3] === byte.exclamation);
}
