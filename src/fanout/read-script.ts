import { exactBytes } from '../cli/exact-arguments.js';
import type { Settings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import type { ScriptItem } from '../script/item.js';
import { ScriptReader } from '../script/reader.js';
import { inputOf } from '../session/input.js';
import type { PlannedStatement } from './plan/plan.js';

/** What is run on each wiki. */
export interface RunScript {
  statements: PlannedStatement[];
  /** Some statement ended in `\G`. */
  vertical: boolean;
}

/**
 * Reads the whole script (-e, else standard input) before anything is run: every wiki runs all of
 * it. Throws Failure for the client's commands, which are about one connection, and for a script
 * without statements.
 */
export async function readScript(settings: Settings, characterSet: string): Promise<RunScript> {
  const { input } = settings;
  const reader = new ScriptReader({
    delimiter: exactBytes(input.delimiter),
    comments: input.comments,
    binaryMode: input.binaryMode,
    namedCommands: input.namedCommands,
    source: input.execute === undefined ? 'stdin' : 'execute',
    characterSet,
  });
  const script: RunScript = { statements: [], vertical: false };
  for await (const chunk of inputOf(settings)) take(script, reader.read(chunk));
  take(script, reader.end());
  if (script.statements.length === 0) {
    throw new Failure('no-statement', 'no statement to run: give one with -e or on standard input');
  }
  return script;
}

function take(script: RunScript, items: Iterable<ScriptItem>): void {
  for (const item of items) {
    switch (item.kind) {
      case 'statement':
        // Lent until the next item.
        script.statements.push({ sql: Buffer.from(item.sql), line: item.line });
        script.vertical ||= item.vertical;
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
}
