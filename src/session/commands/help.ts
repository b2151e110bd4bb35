import type { Cell } from '../../protocol/row.js';
import { SqlError } from '../../protocol/sql-error.js';
import { clientCommands } from '../../script/command-table.js';
import { fetchRows } from '../fetch-rows.js';
import type { Command, CommandContext } from './context.js';

/** `help` lists the commands; `help WORD` prints the server's help. */
export const help: Command = async ({ args, line }, context) => {
  const [topic] = args;
  const { out } = context;
  if (topic === undefined || topic.length === 0) {
    for (const { word, letter, help: description } of clientCommands) {
      out.appendText(`${word.padEnd(9)} (\\${letter}) ${description}\n`);
    }
    return 'continue';
  }
  const connection = await context.connected(line);
  if ('exit' in connection) return connection;
  const sql = buildHelpStatement(topic);
  try {
    showTopics(await fetchRows(connection, sql), context);
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line, sql);
  }
};

function buildHelpStatement(topic: Uint8Array): Uint8Array {
  const quote = Buffer.from("'");
  if (topic[0] === quote[0]) return Buffer.concat([Buffer.from('help '), topic]);
  return Buffer.concat([Buffer.from('help '), quote, topic, quote]);
}

/**
 * Prints the server's answer to HELP. Observed: there are three kinds: one topic (name,
 * description, example), the contents of a category (category, name, kind), or several matches
 * (name, kind). The lines above a list are printed only in interactive mode.
 */
function showTopics(rows: Cell[][], context: CommandContext): void {
  const { out } = context;
  const [first] = rows;
  if (first === undefined) {
    context.printNotice(
      "\nNothing found\nPlease try to run 'help contents' for a list of all accessible topics\n",
    );
    return;
  }
  const write = (...parts: (string | Cell)[]) => {
    for (const part of parts)
      out.append(typeof part === 'string' ? Buffer.from(part) : (part ?? empty));
  };
  const [name = null, description = null, example = null] = first;
  if (rows.length === 1 && first.length === 3 && !isCategoryFlag(example)) {
    write("Name: '", name, "'\nDescription:\n", description);
    if (example !== null && example.length > 0) write('Examples:\n', example);
    write('\n');
    return;
  }
  const column = first.length === 3 ? 1 : 0;
  if (column === 1) {
    write('You asked for help about help category: "', name, '"\n');
    context.printNotice(
      "For more information, type 'help <item>', where <item> is one of the following",
    );
  } else {
    context.printNotice('Many help items for your request exist.');
    context.printNotice(
      "To make a more specific request, please type 'help <item>',\nwhere <item> is one of the following",
    );
  }
  let kind: Cell | undefined;
  for (const row of rows) {
    const next = row[column + 1] ?? null;
    if (kind === undefined || isCategory(kind) !== isCategory(next)) {
      context.printNotice(isCategory(next) ? 'categories:' : 'topics:');
    }
    kind = next;
    write('   ', row[column] ?? null, '\n');
  }
  write('\n');
}

const empty = new Uint8Array();

function isCategory(cell: Cell): boolean {
  return cell?.[0] === 0x59;
}

/** Whether a cell is `Y` or `N`, which tells whether an entry of a list is a category. */
function isCategoryFlag(cell: Cell): boolean {
  return cell !== null && cell.length === 1 && (cell[0] === 0x59 || cell[0] === 0x4e);
}
