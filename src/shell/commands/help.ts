import { shellCommands } from '../../script/command-table.js';
import type { ClientCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { help as clientHelp } from '../../session/commands/help.js';
import { bindings } from '../../terminal/key-bindings.js';
import type { ShellContext } from '../context.js';

/** What stands behind a statement, before its delimiter. */
const redirects = [
  ['$> file', 'Write the result to a file, as a script would.'],
  ['$>> file', 'The same, at the end of the file.'],
  ['$| command', 'Give the result to a shell command.'],
] as const;

/** `help` lists the shell's own commands too, and `help keys` its keys. */
export async function showHelp(command: ClientCommand, context: ShellContext): Promise<Outcome> {
  const topic = Buffer.from(command.args[0] ?? [])
    .toString()
    .toLowerCase();
  if (topic === 'keys') return helpOnKeys(context);
  const outcome = await clientHelp(command, context);
  if (topic !== '') return outcome;
  const own = shellCommands.map(
    ({ name, argument = '', help: does }) => [`\\${name} ${argument}`, does] as const,
  );
  for (const [written, does] of [...own, ...redirects]) {
    context.inform(`${written.padEnd(17)} ${does}`);
  }
  context.inform("\n'help keys' lists the keys, 'help contents' what the server has to tell.");
  return outcome;
}

function helpOnKeys(context: ShellContext): Outcome {
  const rows = bindings.map(({ keys, does }) => [keys.join(', '), does] as const);
  const width = Math.max(...rows.map(([keys]) => keys.length));
  for (const [keys, does] of rows) context.inform(`${keys.padEnd(width)}  ${does}`);
  return 'continue';
}
