import type { ResultFormat } from '../cli/result-format.js';
import type { ScreenShape } from '../output/screen-shape.js';
import type { Statement } from '../script/item.js';
import type { CommandContext, Outcome } from '../session/commands/context.js';
import type { Target } from '../target/target.js';
import type { InterruptHandler } from './interrupt-handler.js';
import type { KeptResult } from './kept-result.js';
import type { NamedQueries } from './named-queries.js';
import type { ResultKeeper } from './result-keeper.js';

/** A program that displays results. */
export interface ShellPager {
  command: string;
  /** The commands for some shapes of an output, if they differ. */
  commands?: Partial<Record<ScreenShape, string>>;
  /**
   * The user chose this program. It may be a filter, so it gets results that fit on the screen too.
   */
  isUserChoice: boolean;
}

/** The state and the operations of the shell that its commands can use. */
export interface ShellContext extends CommandContext {
  /** The format of the prompt, with escapes such as `\d`. */
  promptFormat: string;
  /** The program that displays results; undefined if they go to the terminal directly. */
  pager: ShellPager | undefined;
  /**
   * The pager that `pager` without an argument restores: --pager, $PAGER, or less; undefined on a dumb
   * terminal without --pager.
   */
  readonly defaultPager: ShellPager | undefined;
  /** Summaries include the time that a statement took. */
  timing: boolean;
  /** The line editor has the keys of vi. */
  readonly usesViKeys: boolean;
  /** The format of the results that follow. */
  format: ResultFormat;
  /** The last statement that ran; undefined before the first one. */
  readonly lastStatement: Uint8Array | undefined;
  /** Opens a file that receives a copy of the output; undefined closes the current one. */
  setTee(file: string | undefined): Promise<void>;
  /** Prints a statement before it runs. */
  echo(sql: Uint8Array): void;
  /** Sets the initial text of the line editor at the next prompt. */
  prefillEditor(text: string): void;
  /** Releases the terminal for another program until `use` has resolved. */
  withTerminalReleased<T>(use: () => Promise<T>): Promise<T>;
  /** The database that the user means by a name; it differs on the redacted replicas. */
  findDatabase(name: string): string;
  /** The target that holds `database`; undefined if it is in the current section, or unknown. */
  findOtherSection(database: string): Promise<Target | undefined>;
  /** Connects to another server and prints a notice. */
  switchTo(target: Target): Promise<void>;
  /** Reads the names for completion again, even with -A. */
  rehash(): void;
  /** Reads the names of the current database for completion, unless -A is set. */
  readSchemaNames(): void;
  /** Keeps the last result for `\again`. */
  readonly keeper: ResultKeeper;
  /** The user's named queries. */
  readonly queries: NamedQueries;
  /**
   * Runs `print`, and shows the text that it prints in the pager if that is taller than the screen. A
   * pager that the user chose gets it in any case if `isFiltered` is set.
   */
  withPager(print: () => Promise<Outcome>, isFiltered?: boolean): Promise<Outcome>;
  /** Runs statements and commands that are not part of the typed text. */
  runText(text: string): Promise<Outcome>;
  /** Runs one SQL statement that is not part of the typed text. */
  runSql(sql: Uint8Array, line: number): Promise<Outcome>;
  /** Runs SQL of a command; `edit` and `\watch` do not repeat it. */
  runOwnSql(sql: string, line: number): Promise<Outcome>;
  /** Shows a result again, or writes it to another destination. */
  showAgain(
    result: KeptResult,
    ending: Pick<Statement, 'redirect' | 'vertical' | 'line'>,
  ): Promise<Outcome>;
  /** Handles Ctrl-C while a text runs. */
  readonly interrupts: InterruptHandler;
  /** Rings the bell if a statement took longer than --long-query-bell. */
  ringBellAfter(milliseconds: number): void;
}
