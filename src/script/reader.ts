import type { SqlMode } from '../protocol/sql-mode.js';
import { ByteBuffer } from './byte-buffer.js';
import { byte, matchesAt, skipBlanks, trimEnd } from './bytes.js';
import type { CommandEntry, ShellCommandEntry } from './command-table.js';
import type { ScriptItem, ScriptOptions, Terminator } from './item.js';
import { getLexicalCharacterSet } from './lexical-character-set.js';
import { LexicalState, type OpenConstruct } from './lexical-state.js';
import { LineScanner, type ScanEvent, type ScanOptions } from './line-scanner.js';
import { LineSplitter } from './line-splitter.js';
import { type NamedCommand, parseNamedCommand } from './named-command.js';
import { parseArguments } from './parse-arguments.js';
import {
  badDelimiterProblem,
  noQueryProblem,
  noTargetProblem,
  nulByteProblem,
  unknownCommandProblem,
} from './problems.js';
import type { ParsedRedirect } from './redirect.js';
import { RemainingText } from './remaining-text.js';
import type { ReaderListener } from './token.js';

type ItemGenerator = Generator<ScriptItem, void, void>;

const byteOrderMark = Uint8Array.from([0xef, 0xbb, 0xbf]);

/**
 * Splits a script into statements and client commands, by the same rules as the mariadb client
 * 10.11: in batch mode, or interactively if the source is `terminal`. The caller passes chunks of
 * any size to `read`, then calls `end` once. Both methods yield items one by one and read no
 * further until the next item is requested, so a setting that changes between two items (delimiter,
 * character set, the server's SqlMode) applies to all text after the first of them.
 *
 * Like the client, the reader parses a line only when the line is complete. With source `terminal`
 * a chunk is the text that one press of Enter submits: whole lines, with a newline at the end.
 */
export class ScriptReader {
  readonly #options: ScriptOptions;
  readonly #scanOptions: ScanOptions;
  readonly #terminal: boolean;
  readonly #listener: ReaderListener | undefined;
  readonly #lineSplitter: LineSplitter;
  readonly #state: LexicalState;
  readonly #remainingText: RemainingText | undefined;
  readonly #pending = new ByteBuffer();
  #lineNumber = 0;
  #statementLine = 0;
  #ended = false;
  #hasCompleteItem = false;
  /** The length of the beginning of the next chunk in which unknown commands are already reported. */
  #reportedLength = 0;
  /** The name under which `\fs` saves the pending statement. */
  #saveAs: Uint8Array | undefined;

  /** `listener` receives the positions of quotes, comments and other parts of the text. */
  constructor(options: ScriptOptions, listener?: ReaderListener) {
    const { comments, source } = options;
    this.#terminal = source === 'terminal';
    this.#listener = listener;
    this.#remainingText = this.#terminal ? new RemainingText() : undefined;
    // The client ignores --binary-mode when it is interactive.
    const binaryMode = options.binaryMode && !this.#terminal;
    this.#options = { ...options, binaryMode };
    this.#scanOptions = { comments, binaryMode, terminal: this.#terminal, lineStart: 0, listener };
    this.#lineSplitter = new LineSplitter(!binaryMode && source !== 'execute');
    this.#state = new LexicalState(options.delimiter, options.characterSet, {
      quotes: listener !== undefined,
      redirects: this.#terminal,
    });
  }

  /**
   * The text that ends a statement. A sourced file starts with the delimiter of the script that
   * sources it, and a delimiter that it sets stays in effect afterwards.
   */
  get delimiter(): Uint8Array {
    return this.#state.delimiter;
  }

  /**
   * Uses only the first 15 bytes. Ignores an empty delimiter, with which no statement would ever
   * end.
   */
  set delimiter(delimiter: Uint8Array) {
    this.#state.delimiter = delimiter;
  }

  get sqlMode(): SqlMode {
    return this.#state.sqlMode;
  }

  /** The SQL mode of the session, as the server reports it. */
  set sqlMode(mode: SqlMode) {
    this.#state.sqlMode = mode;
  }

  /** Sets the client's character set by name, like the command `charset`. */
  set characterSet(name: string) {
    this.#state.characterSet = getLexicalCharacterSet(name);
  }

  /** Replaces the pending statement, like the command `edit`. */
  set pending(text: Uint8Array) {
    this.#pending.clear();
    this.#pending.append(text);
    this.#pending.copyBorrowed();
    this.#remainingText?.replacePending(text);
  }

  /** The construct that the next line continues; it determines the prompt for that line. */
  get openConstruct(): OpenConstruct {
    if (this.#state.isInComment) return '/*';
    if (this.#state.openQuote !== 0)
      return String.fromCharCode(this.#state.openQuote) as OpenConstruct;
    return this.#pending.length === 0 && this.#saveAs === undefined ? '' : '-';
  }

  /**
   * How many bytes of the chunk last passed to `read` are processed: up to the end of the last
   * item, or of the last command that the reader ran itself (clear, delimiter, an empty `\g`). At
   * the end of the chunk it is the length of the chunk if no statement is pending. Always 0 unless
   * the source is `terminal`.
   */
  get consumed(): number {
    return this.#remainingText?.position ?? 0;
  }

  /**
   * Whether the chunk last passed to `read` contains the end of a statement or of a command. Only
   * meaningful with source `terminal`.
   */
  get hasCompleteItem(): boolean {
    return this.#hasCompleteItem;
  }

  /**
   * The text that still has to be run, as the user typed it: the pending statement without the
   * commands that were run in its middle, and all text after it. The caller puts it back into the
   * editor, calls `clear`, and passes it to `read` again. Always empty unless the source is
   * `terminal`.
   */
  get remaining(): Uint8Array {
    return this.#remainingText?.remaining ?? new Uint8Array();
  }

  /** Whether the text that was read ends with `\fs NAME`, without a query. */
  get endsWithQueryName(): boolean {
    const { trimmable } = this.#state.characterSet;
    const isBlank = trimEnd(this.#pending.bytes, trimmable).length === 0;
    return this.#saveAs !== undefined && isBlank && !this.#state.isInComment;
  }

  /**
   * The length, in bytes, of the beginning of `remaining` that ends with the last unknown command in
   * it; 0 if there is none. Such a command stays in the statement, but is reported only once: see
   * `skipReported`.
   */
  get reportedLength(): number {
    return this.#remainingText?.reportedLength ?? 0;
  }

  /** Does not report the unknown commands in the first `length` bytes of the next chunk. */
  skipReported(length: number): void {
    this.#reportedLength = length;
  }

  /** Discards the pending statement. The client does so too before it sources a file. */
  clear(): void {
    this.#pending.clear();
    this.#saveAs = undefined;
    this.#state.openQuote = 0;
    this.#state.isInComment = false;
    this.#remainingText?.dropPending();
  }

  /**
   * Yields the items that are complete with `chunk`. The caller must not change the chunk before
   * the generator is finished. The bytes of an item are valid only until the next item is
   * requested.
   */
  *read(chunk: Uint8Array): ItemGenerator {
    if (this.#ended) return;
    this.#hasCompleteItem = false;
    this.#remainingText?.begin(chunk);
    for (const line of this.#lineSplitter.split(chunk)) {
      yield* this.#readLine(line);
      if (this.#ended) return;
      this.#pending.copyBorrowed();
    }
    this.#reportedLength = 0;
    if (this.openConstruct === '') this.#remainingText?.discardTo(chunk.length);
  }

  /** Yields what the end of a typed text completes: `\fs NAME` without a query. */
  *endTypedText(): ItemGenerator {
    if (!this.endsWithQueryName) return;
    this.#completeStatement(this.#lineSplitter.lineEnd);
    yield* this.#sendStatement('go');
  }

  /** Yields the items that the end of the input completes: none with source `terminal`. */
  *end(): ItemGenerator {
    if (this.#ended) return;
    const lastLine = this.#lineSplitter.getLastLine();
    if (lastLine !== undefined) yield* this.#readLine(lastLine);
    if (this.#ended) return;
    if (!this.#terminal) yield* this.#sendStatement('end-of-input');
    this.#ended = true;
  }

  *#readLine(input: Uint8Array): ItemGenerator {
    const { binaryMode } = this.#options;
    if (!binaryMode && input.includes(0)) {
      this.#completeCommand(this.#lineSplitter.lineStart, this.#lineSplitter.lineEnd);
      yield nulByteProblem(this.#pending.bytes, input, this.#statementLine, this.#terminal);
      // A NUL ends a script, but not an interactive session.
      this.#ended = !this.#terminal;
      return;
    }
    this.#lineNumber++;
    const hasByteOrderMark =
      this.#lineNumber === 1 && !this.#terminal && matchesAt(input, 0, byteOrderMark);
    const line = hasByteOrderMark ? input.subarray(byteOrderMark.length) : input;
    const isStatementEmpty = this.#pending.length === 0 && this.#saveAs === undefined;
    if (isStatementEmpty) this.#statementLine = this.#lineNumber;
    const lineStart = this.#lineSplitter.lineStart;
    this.#scanOptions.lineStart = lineStart;

    if ((isStatementEmpty || this.#options.namedCommands) && this.#state.isInCode) {
      const command = parseNamedCommand(line, this.delimiter, binaryMode);
      if (command !== undefined) {
        this.#reportNamedCommand(command, line, lineStart);
        this.#completeCommand(lineStart, this.#lineSplitter.lineEnd);
        yield* this.#runNamedCommand(command);
        return;
      }
    }
    // The client treats a line that begins with NUL as empty.
    if (isStatementEmpty && (line.length === 0 || line[0] === 0)) return;
    const scanner = new LineScanner(line, this.#pending, this.#state, this.#scanOptions);
    for (
      let event = scanner.nextEvent();
      event !== undefined && !this.#ended;
      event = scanner.nextEvent()
    ) {
      yield* this.#handleEvent(event, scanner, lineStart);
      if (event.kind === 'command' && event.entry.argumentForm !== undefined)
        scanner.skipArguments();
    }
  }

  *#handleEvent(event: ScanEvent, scanner: LineScanner, lineStart: number): ItemGenerator {
    switch (event.kind) {
      case 'command': {
        const { entry, text } = event;
        if (entry.name === 'go' || entry.name === 'ego') {
          const redirect = scanner.takeRedirect();
          this.#completeStatement(lineStart + scanner.position);
          yield* this.#sendStatement('go', entry.name === 'ego', redirect);
          return;
        }
        const argumentsEnd =
          entry.argumentForm !== undefined ? scanner.findArgumentsEnd() : scanner.position;
        this.#listener?.onPart('argument', lineStart + scanner.position, lineStart + argumentsEnd);
        this.#completeCommand(lineStart + scanner.commandStart, lineStart + argumentsEnd);
        yield* this.#runCommand(entry, text, 2, 'short');
        return;
      }
      case 'unknown-command':
        yield* this.#reportUnknownCommand(event, scanner, lineStart);
        return;
      case 'comment-line':
        this.#completeStatement(lineStart + scanner.position);
        yield* this.#sendStatement('comment-line');
        return;
      case 'shell-command':
        yield* this.#runShellCommand(event.entry, scanner, lineStart);
        return;
      case 'redirect':
        this.#completeStatement(lineStart + scanner.position);
        yield* this.#sendStatement('go', false, event.redirect);
        return;
      case 'delimiter': {
        const command = this.#findPendingCommand();
        if (command === undefined) {
          const redirect = scanner.takeRedirect();
          this.#completeStatement(lineStart + scanner.position);
          yield* this.#sendStatement('delimiter', false, redirect);
        } else {
          const end = lineStart + scanner.position;
          this.#listener?.onNamedCommand(end);
          this.#completeStatement(end);
          yield* this.#runNamedCommand(command);
          this.#pending.clear();
        }
      }
    }
  }

  *#reportUnknownCommand(
    { name, isAlone }: Extract<ScanEvent, { kind: 'unknown-command' }>,
    scanner: LineScanner,
    lineStart: number,
  ): ItemGenerator {
    const line = this.#statementLine;
    if (isAlone && this.#saveAs === undefined) {
      scanner.skipArguments();
      this.#completeStatement(lineStart + scanner.position);
      yield unknownCommandProblem(name, line, this.#terminal);
      return;
    }
    // Like the client, keeps it as text of the statement.
    const end = lineStart + scanner.position;
    this.#remainingText?.keepReportedTo(end);
    if (end <= this.#reportedLength) return;
    this.#hasCompleteItem = true;
    yield unknownCommandProblem(name, line, this.#terminal);
  }

  /** Reports a command that is alone on its line, written with its long name, to the listener. */
  #reportNamedCommand(
    { entry, argumentsStart }: NamedCommand,
    line: Uint8Array,
    lineStart: number,
  ): void {
    const start = lineStart + skipBlanks(line, 0);
    this.#listener?.onPart('command', start, lineStart + argumentsStart);
    if (entry.argumentForm !== undefined) {
      this.#listener?.onPart('argument', lineStart + argumentsStart, lineStart + line.length);
    }
    this.#listener?.onItemEnd(lineStart + line.length);
  }

  #findPendingCommand(): NamedCommand | undefined {
    if (this.#saveAs !== undefined) return undefined;
    return parseNamedCommand(this.#pending.bytes, this.delimiter, this.#options.binaryMode);
  }

  #runNamedCommand({ entry, text, argumentsStart }: NamedCommand): ItemGenerator {
    return this.#runCommand(entry, text, argumentsStart, 'long');
  }

  *#runCommand(
    { name, argumentForm }: CommandEntry,
    text: Uint8Array,
    argumentsStart: number,
    form: 'long' | 'short',
  ): ItemGenerator {
    const args = parseArguments(argumentForm, text, argumentsStart, form === 'long');
    const line = this.#statementLine;
    switch (name) {
      case 'clear':
        this.clear();
        return;
      case 'delimiter': {
        const [word] = args;
        if (word === undefined || word.includes(byte.backslash))
          yield badDelimiterProblem(word, line);
        else this.delimiter = word;
        return;
      }
      case 'ego':
      case 'go':
        yield* this.#sendStatement('go', name === 'ego');
        return;
      case 'exit':
      case 'quit':
        // In batch mode the client sends the pending statement before it exits.
        if (!this.#terminal) yield* this.#sendStatement('end-of-input');
        this.#ended = true;
    }
    yield { kind: 'command', name, args, pending: this.#pending.bytes, line, form };
  }

  *#runShellCommand(
    { name, argumentForm }: ShellCommandEntry,
    scanner: LineScanner,
    lineStart: number,
  ): ItemGenerator {
    const line = this.#statementLine;
    const ending = argumentForm === 'ending' ? scanner.takeEnding() : undefined;
    const isNamed = argumentForm === 'name and statement';
    const args =
      ending !== undefined
        ? []
        : argumentForm === 'table'
          ? scanner.takeName()
          : scanner.takeWords(isNamed ? 1 : Number.POSITIVE_INFINITY);
    if (isNamed && args[0] !== undefined) {
      this.#saveAs = args[0].slice();
      return;
    }
    const end = lineStart + scanner.position;
    if (name === 'watch') this.#completeStatement(end);
    else this.#completeCommand(lineStart + scanner.commandStart, end);
    const pending = trimEnd(this.#pending.bytes, this.#state.characterSet.trimmable);
    if (ending?.redirect?.target.length === 0) yield noTargetProblem(ending.redirect.kind, line);
    else yield { kind: 'shell-command', name, args, pending, line, ...(ending && { ending }) };
    if (name === 'watch') this.clear();
  }

  *#sendStatement(
    terminator: Terminator,
    vertical = false,
    redirect?: ParsedRedirect,
  ): ItemGenerator {
    const untrimmed = this.#pending.bytes;
    const sql = trimEnd(untrimmed, this.#state.characterSet.trimmable);
    const line = this.#statementLine;
    if (this.#saveAs !== undefined) {
      const args = [
        this.#saveAs,
        ...(sql.length > 0 ? [formatSavedQuery(sql, vertical, redirect)] : []),
      ];
      yield { kind: 'shell-command', name: 'fs', args, pending: new Uint8Array(), line };
    } else if (sql.length === 0) {
      if (this.#terminal) yield noQueryProblem(line);
    } else if (redirect?.target.length === 0) {
      yield noTargetProblem(redirect.kind, line);
    } else {
      const isVertical = vertical || redirect?.vertical === true;
      yield { kind: 'statement', sql, untrimmed, line, vertical: isVertical, terminator, redirect };
    }
    this.clear();
  }

  /** Records that a statement, or a command outside a statement, ends at `end`. */
  #completeStatement(end: number): void {
    this.#hasCompleteItem = true;
    this.#remainingText?.discardTo(end);
    this.#listener?.onItemEnd(end);
  }

  /** Records that a command, which may be in the middle of a statement, has been read. */
  #completeCommand(start: number, end: number): void {
    if (this.openConstruct === '') {
      this.#completeStatement(end);
    } else {
      this.#hasCompleteItem = true;
      this.#remainingText?.removeRange(start, end);
    }
  }
}

/** Returns the text of a saved query: the statement with its `\G` and redirect. */
function formatSavedQuery(
  sql: Uint8Array,
  vertical: boolean,
  redirect: ParsedRedirect | undefined,
) {
  const operators = { file: '$>', append: '$>>', pipe: '$|' };
  const terminator = vertical || redirect?.vertical === true ? ['\\G'] : [];
  const target = redirect === undefined ? [] : [` ${operators[redirect.kind]} `, redirect.target];
  return Buffer.concat([sql, ...terminator, ...target].map((part) => Buffer.from(part)));
}
