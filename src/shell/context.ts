import type { CommandContext, Outcome } from '../session/commands/context.js';
import type { Target } from '../target/target.js';
import type { Interrupts } from './interrupts.js';
import type { NamedQueries } from './named-queries.js';

/** A program that results go through. */
export interface ShellPager {
  command: string;
  /** The user asked for just this one, which may be a filter: what fits on the screen goes through it too. */
  named: boolean;
}

/** What the commands of a conversation work on, beside what every command does. */
export interface ShellContext extends CommandContext {
  /** The prompt, with its escapes. */
  promptFormat: string;
  /** The program that results go through; undefined: none. */
  pager: ShellPager | undefined;
  /** What `pager` alone goes back to: --pager, $PAGER, or less. */
  readonly usualPager: ShellPager;
  /** Summaries tell how long a statement took. */
  timing: boolean;
  /** The last statement that was run; undefined: none yet. */
  readonly lastStatement: Uint8Array | undefined;
  /** Opens a file that gets a copy of the output; undefined closes the one that is open. */
  setTee(file: string | undefined): Promise<void>;
  /** Shows a statement before it is run. */
  echo(sql: Uint8Array): void;
  /** Puts text into the editor, for the next prompt. */
  offerText(text: string): void;
  /** Lends the terminal to a program for as long as `use` takes. */
  lendTerminal<T>(use: () => Promise<T>): Promise<T>;
  /** Where a database is; undefined: where the session is, or nobody knows of another place. */
  placeOf(database: string): Promise<Target | undefined>;
  /** Wikis that may have been meant by a name, best first. */
  wikisLike(database: string): readonly string[];
  /** Goes to another server, and says so. */
  moveTo(target: Target): Promise<void>;
  /** Reads the names for completion again, also with -A. */
  rehash(): void;
  /** Another database is in use: its names are read. */
  readNames(): void;
  readonly queries: NamedQueries;
  /** Runs statements and commands that are not part of the text as it stands there. */
  runText(text: string): Promise<Outcome>;
  /** Runs SQL that did not come out of the text as it stands there. */
  runSql(sql: Uint8Array, line: number): Promise<Outcome>;
  /** What Ctrl-C did to the text that runs. */
  readonly interrupts: Interrupts;
  /** Rings where a statement took long enough for it; `milliseconds` is what it took. */
  ringAfter(milliseconds: number): void;
}
