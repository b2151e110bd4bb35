import { commandFacts, type SessionCommand } from '../script/command-table.js';
import type { ClientCommand, ShellCommand } from '../script/item.js';
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

/** For what has no effect without a terminal: completion, a pager. */
const nothing: Command = () => 'continue';

const quit: Command = () => ({ exit: 0 });

/** What runs each command of script/command-table.ts. */
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

/**
 * Reports that the sandbox refuses a command; undefined if it does not.
 *
 * @param inShell the command could start a program, as a pager in batch does not
 */
export function refuseInSandbox(
  { name, args, line }: ClientCommand | ShellCommand,
  context: CommandContext,
  inShell: boolean,
): Promise<Outcome> | undefined {
  if (!context.sandboxed) return undefined;
  const { sandbox } = commandFacts(name);
  const withArgument = inShell && sandbox === 'refused with argument' && (args[0]?.length ?? 0) > 0;
  if (sandbox !== 'refused' && !withArgument) return undefined;
  return context.error('Not allowed in the sandbox mode', line);
}

/**
 * Runs a client command of a script. `go`, `ego`, `clear` and `delimiter` do not reach it: the
 * script's reader carries them out.
 */
export async function runCommand(
  command: ClientCommand,
  context: CommandContext,
): Promise<Outcome> {
  return refuseInSandbox(command, context, false) ?? scriptCommands[command.name](command, context);
}
