import type { SqlMode } from '../protocol/sql-mode.js';
import { commandArguments } from './arguments.js';
import { ByteBuffer } from './byte-buffer.js';
import { byte, skipBlanks, standsAt, trimEnd } from './bytes.js';
import { characterSet } from './character-set.js';
import type { CommandEntry, ShellCommandEntry } from './command-table.js';
import type { ScriptItem, ScriptOptions, Terminator } from './item.js';
import { LexicalState, type Opening } from './lexical-state.js';
import { LineScan, type ScanEvent, type ScanOptions } from './line-scan.js';
import { Lines } from './lines.js';
import { type NamedCommand, namedCommand } from './named-command.js';
import { badDelimiter, noQuery, noTarget, nulByte, unknownCommand } from './problems.js';
import type { FoundRedirect } from './redirect.js';
import type { Trace } from './token.js';
import { UnreadText } from './unread-text.js';

type Items = Generator<ScriptItem, void, void>;

const byteOrderMark = Uint8Array.from([0xef, 0xbb, 0xbf]);

/**
 * Takes a script apart into statements and client commands, as the mariadb client 10.11 does with
 * its input in batch, or in a conversation (source `terminal`). Feed it with `read`, in chunks of
 * any size, then call `end` once. Both give items one by one and do nothing between them, so what
 * is set between two items (a delimiter, a character set, the server's SqlMode) holds
 * from there on.
 *
 * As in the client, a line is looked at when it is complete, and nothing of it comes out before. In
 * a conversation a chunk is the text of one Enter, of whole lines, with a newline at its end.
 */
export class ScriptReader {
  readonly #options: ScriptOptions;
  readonly #scanOptions: ScanOptions;
  readonly #terminal: boolean;
  readonly #trace: Trace | undefined;
  readonly #lines: Lines;
  readonly #state: LexicalState;
  readonly #unread: UnreadText | undefined;
  readonly #pending = new ByteBuffer();
  #lineNumber = 0;
  #statementLine = 0;
  #ended = false;
  #acted = false;
  /** What `\fs` saves the statement under that is being collected. */
  #saveAs: Uint8Array | undefined;

  /** `trace` is told of the places in the text. */
  constructor(options: ScriptOptions, trace?: Trace) {
    const { comments, source } = options;
    this.#terminal = source === 'terminal';
    this.#trace = trace;
    this.#unread = this.#terminal ? new UnreadText() : undefined;
    // In a conversation the client does not heed --binary-mode.
    const binaryMode = options.binaryMode && !this.#terminal;
    this.#options = { ...options, binaryMode };
    this.#scanOptions = { comments, binaryMode, terminal: this.#terminal, lineStart: 0, trace };
    this.#lines = new Lines(!binaryMode && source !== 'execute');
    this.#state = new LexicalState(options.delimiter, options.characterSet, {
      quotes: trace !== undefined,
      redirects: this.#terminal,
    });
  }

  /** What ends a statement. A sourced file begins with its parent's and hands back its own. */
  get delimiter(): Uint8Array {
    return this.#state.delimiter;
  }

  /** Only the first 15 bytes count. An empty one is passed over: nothing would ever end. */
  set delimiter(delimiter: Uint8Array) {
    this.#state.delimiter = delimiter;
  }

  get sqlMode(): SqlMode {
    return this.#state.sqlMode;
  }

  /** The session's, as the server reports it. */
  set sqlMode(mode: SqlMode) {
    this.#state.sqlMode = mode;
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
    this.#unread?.replace(text);
  }

  /** What is open where the next line begins: which prompt the client shows for it. */
  get opening(): Opening {
    if (this.#state.inComment) return '/*';
    if (this.#state.quote !== 0) return String.fromCharCode(this.#state.quote) as Opening;
    return this.#pending.length === 0 && this.#saveAs === undefined ? '' : '-';
  }

  /**
   * Of a terminal: how many bytes of the text last given to `read` are done with: up to the end of
   * the last item, or of the command that the reader carried out itself (clear, delimiter, an
   * empty `\g`); at the text's end all of it, if nothing is pending.
   */
  get consumed(): number {
    return this.#unread?.position ?? 0;
  }

  /** Of a terminal: whether something in the text last given to `read` was ended or carried out. */
  get acted(): boolean {
    return this.#acted;
  }

  /**
   * Of a terminal: what is still to be run of the text last given to `read`, as it was typed: the
   * statement that is being collected, without the commands that came out of its middle, and all
   * behind. Goes back into the editor, and is to be read anew, after `clear`.
   */
  get rest(): Uint8Array {
    return this.#unread?.rest ?? new Uint8Array();
  }

  /** Forgets the statement that is being collected, as the client does when it sources a file. */
  clear(): void {
    this.#pending.clear();
    this.#saveAs = undefined;
    this.#state.quote = 0;
    this.#state.inComment = false;
    this.#unread?.drop();
  }

  /**
   * Gives the items that `chunk` completes. The chunk must stay untouched until they are used up;
   * an item's bytes are good until the next one is asked for.
   */
  *read(chunk: Uint8Array): Items {
    if (this.#ended) return;
    this.#acted = false;
    this.#unread?.begin(chunk);
    for (const line of this.#lines.split(chunk)) {
      yield* this.#line(line);
      if (this.#ended) return;
      this.#pending.own();
    }
    if (this.opening === '') this.#unread?.passTo(chunk.length);
  }

  /** Gives what the input's end completes: nothing, in a conversation. */
  *end(): Items {
    if (this.#ended) return;
    const rest = this.#lines.rest();
    if (rest !== undefined) yield* this.#line(rest);
    if (this.#ended) return;
    if (!this.#terminal) yield* this.#send('end-of-input');
    this.#ended = true;
  }

  *#line(input: Uint8Array): Items {
    const { binaryMode } = this.#options;
    if (!binaryMode && input.includes(0)) {
      this.#passOver(this.#lines.start, this.#lines.end);
      yield nulByte(this.#pending.bytes, input, this.#statementLine, this.#terminal);
      // A terminal's NUL is no reason to leave.
      this.#ended = !this.#terminal;
      return;
    }
    this.#lineNumber++;
    const marked = this.#lineNumber === 1 && !this.#terminal && standsAt(input, 0, byteOrderMark);
    const line = marked ? input.subarray(byteOrderMark.length) : input;
    const fresh = this.#pending.length === 0 && this.#saveAs === undefined;
    if (fresh) this.#statementLine = this.#lineNumber;
    const lineStart = this.#lines.start;
    this.#scanOptions.lineStart = lineStart;

    if ((fresh || this.#options.namedCommands) && this.#state.inCode) {
      const command = namedCommand(line, this.delimiter, binaryMode);
      if (command !== undefined) {
        this.#tellLine(command, line, lineStart);
        this.#passOver(lineStart, this.#lines.end);
        yield* this.#longCommand(command);
        return;
      }
    }
    // The client takes a line that begins with NUL for an empty one.
    if (fresh && (line.length === 0 || line[0] === 0)) return;
    const scan = new LineScan(line, this.#pending, this.#state, this.#scanOptions);
    for (let event = scan.next(); event !== undefined && !this.#ended; event = scan.next()) {
      yield* this.#event(event, scan, lineStart);
      if (event.kind === 'command' && event.entry.reads !== undefined) scan.skipArguments();
    }
  }

  *#event(event: ScanEvent, scan: LineScan, lineStart: number): Items {
    switch (event.kind) {
      case 'command': {
        const { entry, text } = event;
        if (entry.name === 'go' || entry.name === 'ego') {
          const redirect = scan.takeRedirect();
          this.#over(lineStart + scan.position);
          yield* this.#send('go', entry.name === 'ego', redirect);
          return;
        }
        const behind = entry.reads !== undefined ? scan.argumentsEnd() : scan.position;
        this.#trace?.part('argument', lineStart + scan.position, lineStart + behind);
        this.#passOver(lineStart + scan.commandStart, lineStart + behind);
        yield* this.#command(entry, text, 2, 'short');
        return;
      }
      case 'unknown-command':
        this.#acted = true;
        this.#unread?.keep(lineStart + scan.position);
        yield unknownCommand(event.letter, this.#statementLine, this.#terminal);
        return;
      case 'comment-line':
        this.#over(lineStart + scan.position);
        yield* this.#send('comment-line');
        return;
      case 'shell-command':
        yield* this.#shellCommand(event.entry, scan, lineStart);
        return;
      case 'redirect':
        this.#over(lineStart + scan.position);
        yield* this.#send('go', false, event.redirect);
        return;
      case 'delimiter': {
        const command = this.#pendingCommand();
        if (command === undefined) {
          const redirect = scan.takeRedirect();
          this.#over(lineStart + scan.position);
          yield* this.#send('delimiter', false, redirect);
        } else {
          const behind = lineStart + scan.position;
          this.#trace?.wasCommand(behind);
          this.#over(behind);
          yield* this.#longCommand(command);
          this.#pending.clear();
        }
      }
    }
  }

  /** A long name that is alone on its line, for the trace. */
  #tellLine(
    { entry, argumentsStart: behind }: NamedCommand,
    line: Uint8Array,
    lineStart: number,
  ): void {
    const start = lineStart + skipBlanks(line, 0);
    this.#trace?.part('command', start, lineStart + behind);
    if (entry.reads !== undefined) {
      this.#trace?.part('argument', lineStart + behind, lineStart + line.length);
    }
    this.#trace?.ended(lineStart + line.length);
  }

  #pendingCommand(): NamedCommand | undefined {
    if (this.#saveAs !== undefined) return undefined;
    return namedCommand(this.#pending.bytes, this.delimiter, this.#options.binaryMode);
  }

  #longCommand({ entry, text, argumentsStart: behind }: NamedCommand): Items {
    return this.#command(entry, text, behind, 'long');
  }

  *#command(
    { name, reads }: CommandEntry,
    text: Uint8Array,
    behind: number,
    form: 'long' | 'short',
  ): Items {
    const args = commandArguments(reads, text, behind, form === 'long');
    const line = this.#statementLine;
    switch (name) {
      case 'clear':
        this.clear();
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
        if (!this.#terminal) yield* this.#send('end-of-input');
        this.#ended = true;
    }
    yield { kind: 'command', name, args, pending: this.#pending.bytes, line, form };
  }

  *#shellCommand({ name, reads }: ShellCommandEntry, scan: LineScan, lineStart: number): Items {
    const line = this.#statementLine;
    const isNamed = reads === 'name and statement';
    const args = scan.takeWords(isNamed ? 1 : Number.POSITIVE_INFINITY);
    if (isNamed && args[0] !== undefined) {
      this.#saveAs = args[0].slice();
      return;
    }
    const behind = lineStart + scan.position;
    if (name === 'watch') this.#over(behind);
    else this.#passOver(lineStart + scan.commandStart, behind);
    const pending = trimEnd(this.#pending.bytes, this.#state.characters.cut);
    yield { kind: 'shell-command', name, args, pending, line };
    if (name === 'watch') this.clear();
  }

  *#send(terminated: Terminator, vertical = false, redirect?: FoundRedirect): Items {
    const untrimmed = this.#pending.bytes;
    const sql = trimEnd(untrimmed, this.#state.characters.cut);
    const line = this.#statementLine;
    if (this.#saveAs !== undefined) {
      const args = [this.#saveAs, ...(sql.length > 0 ? [savedText(sql, vertical, redirect)] : [])];
      yield { kind: 'shell-command', name: 'fs', args, pending: new Uint8Array(), line };
    } else if (sql.length === 0) {
      if (this.#terminal) yield noQuery(line);
    } else if (redirect?.to.length === 0) {
      yield noTarget(redirect.kind, line);
    } else {
      const shown = vertical || redirect?.vertical === true;
      yield { kind: 'statement', sql, untrimmed, line, vertical: shown, terminated, redirect };
    }
    this.clear();
  }

  /** A statement, or a command that is one to the server's eye, is over at `end`. */
  #over(end: number): void {
    this.#acted = true;
    this.#unread?.passTo(end);
    this.#trace?.ended(end);
  }

  /** A command, which may stand in the middle of a statement, is done with. */
  #passOver(start: number, end: number): void {
    if (this.opening === '') {
      this.#over(end);
    } else {
      this.#acted = true;
      this.#unread?.cut(start, end);
    }
  }
}

/** A statement as a saved query has it. */
function savedText(sql: Uint8Array, vertical: boolean, redirect: FoundRedirect | undefined) {
  const marks = { file: '$>', append: '$>>', pipe: '$|' };
  const go = vertical || redirect?.vertical === true ? ['\\G'] : [];
  const target = redirect === undefined ? [] : [` ${marks[redirect.kind]} `, redirect.to];
  return Buffer.concat([sql, ...go, ...target].map((part) => Buffer.from(part)));
}
