import type { InputSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { allSqlModes, defaultSqlMode, isSameSqlMode, type SqlMode } from '../protocol/sql-mode.js';
import { deriveSqlMode } from '../script/derive-sql-mode.js';
import type { ScriptItem } from '../script/item.js';
import { ScriptReader } from '../script/reader.js';
import { openScriptInput } from '../session/script-input.js';
import { toExactBytes } from '../text/exact-bytes.js';
import type { PlannedStatement } from './plan/plan.js';

/*
 * Reads the script of a run (one script on many wikis) and splits it into statements.
 */

/** The script that runs on each wiki. */
export interface RunScript {
  /** The statements as they are split in the default sql_mode. */
  statements: PlannedStatement[];
  /** Whether a statement ends in `\G`. */
  isVertical: boolean;
  /**
   * Returns the statements as they are split in a session whose sql_mode is `mode`. Throws Failure
   * as readScript does.
   */
  statementsIn(mode: SqlMode): readonly PlannedStatement[];
}

/**
 * Reads the whole script (-e, else standard input) before the run, since every wiki runs all of it.
 * Throws Failure for client commands, which concern a single connection, and for a script without
 * statements.
 */
export async function readScript(input: InputSettings, characterSet: string): Promise<RunScript> {
  const pieces: Uint8Array[] = [];
  // A piece is valid only until the next one is read.
  for await (const piece of openScriptInput(input)) pieces.push(Uint8Array.from(piece));
  const script = Buffer.concat(pieces);
  const split = (mode: SqlMode) => splitScript(script, input, characterSet, mode);
  const { statements, isVertical: vertical } = split(defaultSqlMode);
  if (statements.length === 0) {
    throw new Failure('no-statement', 'no statement to run: give one with -e or on standard input');
  }
  const splits: { mode: SqlMode; statements: PlannedStatement[] }[] = [
    { mode: defaultSqlMode, statements },
  ];
  return {
    statements,
    isVertical: vertical,
    statementsIn(mode) {
      let entry = splits.find((known) => isSameSqlMode(known.mode, mode));
      if (entry === undefined) {
        entry = { mode, statements: split(mode).statements };
        splits.push(entry);
      }
      return entry.statements;
    },
  };
}

interface SplitScript {
  statements: PlannedStatement[];
  isVertical: boolean;
  /** The line of the first statement that sets sql_mode to a value that only the server knows. */
  unknownModeLine: number | undefined;
}

/**
 * Splits the script for a session that begins in `mode`. Statements that set sql_mode change the
 * mode for the rest of the script. Throws Failure if the split depends on a mode that is unknown.
 */
function splitScript(
  script: Uint8Array,
  input: InputSettings,
  characterSet: string,
  mode: SqlMode,
): SplitScript {
  const split = splitWithUnknownMode(script, input, characterSet, mode, undefined);
  if (split.unknownModeLine === undefined) return split;
  for (const unknown of allSqlModes) {
    const other = splitWithUnknownMode(script, input, characterSet, mode, unknown);
    if (!isSameSplit(split.statements, other.statements)) {
      throw new Failure(
        'unknown-sql-mode',
        `line ${split.unknownModeLine}: the value of sql_mode set here is unknown before the run, but the rest of the script depends on it; use a literal such as 'ANSI_QUOTES'`,
      );
    }
  }
  return split;
}

function isSameSplit(
  one: readonly PlannedStatement[],
  other: readonly PlannedStatement[],
): boolean {
  return (
    one.length === other.length &&
    one.every(({ sql }, index) => Buffer.compare(sql, other[index]?.sql ?? Buffer.of()) === 0)
  );
}

/**
 * Splits the script; after a statement that sets sql_mode to an unknown value, assumes `unknown`.
 */
function splitWithUnknownMode(
  script: Uint8Array,
  input: InputSettings,
  characterSet: string,
  mode: SqlMode,
  unknown: SqlMode | undefined,
): SplitScript {
  const reader = new ScriptReader({
    delimiter: toExactBytes(input.delimiter),
    comments: input.comments,
    binaryMode: input.binaryMode,
    namedCommands: input.namedCommands,
    source: input.execute === undefined ? 'stdin' : 'execute',
    characterSet,
  });
  reader.sqlMode = mode;
  const split: SplitScript = { statements: [], isVertical: false, unknownModeLine: undefined };
  const addItems = (items: Iterable<ScriptItem>) => {
    for (const item of items) {
      addItem(split, item);
      if (item.kind !== 'statement') continue;
      const nextMode = deriveSqlMode(item.sql, reader.sqlMode);
      if (nextMode === 'unknown') {
        split.unknownModeLine ??= item.line;
        reader.sqlMode = unknown ?? reader.sqlMode;
      } else {
        reader.sqlMode = nextMode;
      }
    }
  };
  addItems(reader.read(script));
  addItems(reader.end());
  return split;
}

function addItem(split: SplitScript, item: ScriptItem): void {
  switch (item.kind) {
    case 'statement':
      // `item.sql` is valid only until the next item.
      split.statements.push({ sql: Buffer.from(item.sql), line: item.line });
      split.isVertical ||= item.vertical;
      break;
    case 'problem': {
      const location = item.line === undefined ? '' : ` at line ${item.line}`;
      const text = Buffer.from(item.message).toString().trimEnd();
      throw new Failure('bad-script', text, 1, [`ERROR${location}: ${text}`]);
    }
    default: {
      const text = `line ${item.line}: the command '${item.name}' cannot be used with --wikis`;
      throw new Failure('command-in-many', text);
    }
  }
}
