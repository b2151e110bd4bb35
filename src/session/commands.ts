import type { ClientCommand, SessionCommand } from '../script/item.js';
import { charset } from './commands/charset.js';
import { connect } from './commands/connect.js';
import type { Command, CommandContext, Outcome } from './commands/context.js';
import { edit } from './commands/edit.js';
import { help } from './commands/help.js';
import { noPager, noTee, print, prompt, tee } from './commands/outputs.js';
import { source } from './commands/source.js';
import { status } from './commands/status.js';
import { system } from './commands/system.js';
import { use } from './commands/use.js';

/** For what shows only where there is a terminal: completion, a pager. */
const nothing: Command = () => 'continue';

const quit: Command = () => ({ exit: 0 });

const scriptCommands: Record<SessionCommand, Command> = {
  charset,
  connect,
  edit,
  exit: quit,
  help,
  nopager: noPager,
  notee: noTee,
  nowarning: (_command, context) => showWarnings(context, false),
  pager: nothing,
  print,
  prompt,
  quit,
  rehash: nothing,
  sandbox: (_command, context) => {
    context.sandboxed = true;
    context.inform('Sandbox mode.');
    return 'continue';
  },
  source,
  status,
  system,
  tee,
  use,
  warnings: (_command, context) => showWarnings(context, true),
};

function showWarnings(context: CommandContext, on: boolean): Outcome {
  context.showWarnings = on;
  context.inform(`Show warnings ${on ? 'enabled' : 'disabled'}.`);
  return 'continue';
}

/** The commands that are refused in the sandbox (observed: the pager and the editor are not). */
const outside: ReadonlySet<SessionCommand> = new Set(['source', 'system', 'tee']);

/**
 * Carries out a client command of a script. `go`, `ego`, `clear` and `delimiter` do not come here:
 * the script's reader sees to them.
 */
export async function runCommand(
  command: ClientCommand,
  context: CommandContext,
): Promise<Outcome> {
  if (context.sandboxed && outside.has(command.name)) {
    return context.complain('Not allowed in the sandbox mode', command.line);
  }
  return scriptCommands[command.name](command, context);
}
