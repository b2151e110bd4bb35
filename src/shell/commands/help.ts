import { shellCommands } from '../../script/command-table.js';
import type { ClientCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { help as clientHelp } from '../../session/commands/help.js';
import { bindings } from '../../terminal/key-bindings.js';
import { viKeyHelp } from '../../terminal/vi-command.js';
import type { ShellContext } from '../context.js';

/** The redirects, which are written after a statement, before its delimiter. */
const redirects = [
  ['$> file', 'Write the result to a file, as in batch mode.'],
  ['$>> file', 'Append the result to a file.'],
  ['$| command', 'Pipe the result to a shell command.'],
] as const;

/** `help` also lists the commands of the shell, and `help keys` lists its keys. */
export function showHelp(command: ClientCommand, context: ShellContext): Promise<Outcome> {
  const topic = Buffer.from(command.args[0] ?? [])
    .toString()
    .toLowerCase();
  if (topic === 'keys') return context.withPager(async () => showKeyHelp(context));
  if (topic === '') return context.withPager(() => showCommandHelp(command, context));
  // Observed: the client, too, filters what the server says about a topic through `pager`.
  return context.withPager(async () => clientHelp(command, context), true);
}

async function showCommandHelp(command: ClientCommand, context: ShellContext): Promise<Outcome> {
  const outcome = await clientHelp(command, context);
  const shellHelp = shellCommands.map(
    ({ name, argument = '', help: description }) => [`\\${name} ${argument}`, description] as const,
  );
  printColumns([...shellHelp, ...redirects], context);
  context.printNotice("\nType 'help keys' for the keys, or 'help contents' for the server's help.");
  return outcome;
}

function showKeyHelp(context: ShellContext): Outcome {
  const rows = bindings.map(({ keys, description }) => [keys.join(', '), description] as const);
  printColumns(context.usesViKeys ? [...viKeyHelp, ...rows] : rows, context);
  if (!context.usesViKeys)
    context.printNotice("\nFor the keys of vi use --vi, or 'set editing-mode vi' in ~/.inputrc.");
  return 'continue';
}

function printColumns(rows: readonly (readonly [string, string])[], context: ShellContext): void {
  const width = Math.max(...rows.map(([left]) => left.length));
  for (const [left, right] of rows) context.printNotice(`${left.padEnd(width)}  ${right}`);
}
