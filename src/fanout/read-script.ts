import { exactBytes } from '../cli/exact-arguments.js';
import type { InputSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { allSqlModes, defaultSqlMode, isSameSqlMode, type SqlMode } from '../protocol/sql-mode.js';
import type { ScriptItem } from '../script/item.js';
import { ScriptReader } from '../script/reader.js';
import { sqlModeAfter } from '../script/sql-mode-of-set.js';
import { inputOf } from '../session/input.js';
import type { PlannedStatement } from './plan/plan.js';

/** What is run on each wiki. */
export interface RunScript {
  /** As a session reads them that begins in the default mode. */
  statements: PlannedStatement[];
  /** Some statement ended in `\G`. */
  vertical: boolean;
  /** The statements as a session reads them that begins in `mode`. Throws Failure as readScript. */
  statementsIn(mode: SqlMode): readonly PlannedStatement[];
}

/**
 * Reads the whole script (-e, else standard input) before anything is run: every wiki runs all of
 * it. Throws Failure for the client's commands, which are about one connection, and for a script
 * without statements.
 */
export async function readScript(input: InputSettings, characterSet: string): Promise<RunScript> {
  const pieces: Uint8Array[] = [];
  // A piece is valid only until the next one is asked for.
  for await (const piece of inputOf(input)) pieces.push(Uint8Array.from(piece));
  const script = Buffer.concat(pieces);
  const split = (mode: SqlMode) => splitScript(script, input, characterSet, mode);
  const { statements, vertical } = split(defaultSqlMode);
  if (statements.length === 0) {
    throw new Failure('no-statement', 'no statement to run: give one with -e or on standard input');
  }
  const known: { mode: SqlMode; statements: PlannedStatement[] }[] = [
    { mode: defaultSqlMode, statements },
  ];
  return {
    statements,
    vertical,
    statementsIn(mode) {
      let found = known.find((one) => isSameSqlMode(one.mode, mode));
      if (found === undefined) {
        found = { mode, statements: split(mode).statements };
        known.push(found);
      }
      return found.statements;
    },
  };
}

interface SplitScript {
  statements: PlannedStatement[];
  vertical: boolean;
  /** The line of the first statement that sets sql_mode to what only the server knows. */
  unknownFrom: number | undefined;
}

/** Splits the script for a session that begins in `mode`; what it sets sql_mode to counts from there on. */
function splitScript(
  script: Uint8Array,
  input: InputSettings,
  characterSet: string,
  mode: SqlMode,
): SplitScript {
  const split = readItems(script, input, characterSet, mode, undefined);
  if (split.unknownFrom === undefined) return split;
  for (const unknown of allSqlModes) {
    const other = readItems(script, input, characterSet, mode, unknown);
    if (!isSameSplit(split.statements, other.statements)) {
      throw new Failure(
        'unknown-sql-mode',
        `line ${split.unknownFrom}: which sql_mode this sets is not known before it runs, and how the rest is split depends on it: set it to a literal, such as 'ANSI_QUOTES'`,
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

/** Reads the script; after a statement that sets sql_mode to an unknown value, in the mode `unknown`. */
function readItems(
  script: Uint8Array,
  input: InputSettings,
  characterSet: string,
  mode: SqlMode,
  unknown: SqlMode | undefined,
): SplitScript {
  const reader = new ScriptReader({
    delimiter: exactBytes(input.delimiter),
    comments: input.comments,
    binaryMode: input.binaryMode,
    namedCommands: input.namedCommands,
    source: input.execute === undefined ? 'stdin' : 'execute',
    characterSet,
  });
  reader.sqlMode = mode;
  const split: SplitScript = { statements: [], vertical: false, unknownFrom: undefined };
  const take = (items: Iterable<ScriptItem>) => {
    for (const item of items) {
      takeItem(split, item);
      if (item.kind !== 'statement') continue;
      const after = sqlModeAfter(item.sql, reader.sqlMode);
      if (after === 'unknown') {
        split.unknownFrom ??= item.line;
        reader.sqlMode = unknown ?? reader.sqlMode;
      } else {
        reader.sqlMode = after;
      }
    }
  };
  take(reader.read(script));
  take(reader.end());
  return split;
}

function takeItem(split: SplitScript, item: ScriptItem): void {
  switch (item.kind) {
    case 'statement':
      // The bytes are valid only until the next item.
      split.statements.push({ sql: Buffer.from(item.sql), line: item.line });
      split.vertical ||= item.vertical;
      break;
    case 'problem': {
      const at = item.line === undefined ? '' : ` at line ${item.line}`;
      const text = Buffer.from(item.message).toString().trimEnd();
      throw new Failure('bad-script', text, 1, [`ERROR${at}: ${text}`]);
    }
    default: {
      const text = `line ${item.line}: the command '${item.name}' does not go with --wikis`;
      throw new Failure('command-in-many', text);
    }
  }
}
