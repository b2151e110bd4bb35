import { findCommand, type SessionCommand } from '../script/command-table.js';
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

/** For commands without effect in batch mode: those about completion and the pager. */
const doNothing: Command = () => 'continue';

const quit: Command = () => ({ exit: 0 });

/** The function that runs each command of script/command-table.ts. */
const scriptCommands: Record<SessionCommand, Command> = {
  charset,
  connect,
  edit,
  exit: quit,
  help,
  nopager: noPager,
  notee: noTee,
  nowarning: (_command, context) => setShowWarnings(context, false),
  pager: doNothing,
  print,
  prompt,
  quit,
  rehash: doNothing,
  sandbox: (_command, context) => {
    context.sandboxed = true;
    context.printNotice('Sandbox mode.');
    return 'continue';
  },
  source,
  status,
  system,
  tee,
  use,
  warnings: (_command, context) => setShowWarnings(context, true),
};

function setShowWarnings(context: CommandContext, isOn: boolean): Outcome {
  context.showWarnings = isOn;
  context.printNotice(`Show warnings ${isOn ? 'enabled' : 'disabled'}.`);
  return 'continue';
}

/**
 * Reports an error if the sandbox refuses the command; returns undefined if it allows it.
 *
 * @param inShell true in the interactive shell, where a pager command starts a program; in batch
 *   mode it does not
 */
export function refuseInSandbox(
  { name, args, line }: ClientCommand | ShellCommand,
  context: CommandContext,
  inShell: boolean,
): Promise<Outcome> | undefined {
  if (!context.sandboxed) return undefined;
  const { sandbox } = findCommand(name);
  const withArgument = inShell && sandbox === 'refused with argument' && (args[0]?.length ?? 0) > 0;
  if (sandbox !== 'refused' && !withArgument) return undefined;
  return context.error('Not allowed in the sandbox mode', line);
}

/**
 * Runs a client command of a script. `go`, `ego`, `clear` and `delimiter` do not get here, because
 * ScriptReader executes them.
 */
export async function runCommand(
  command: ClientCommand,
  context: CommandContext,
): Promise<Outcome> {
  return refuseInSandbox(command, context, false) ?? scriptCommands[command.name](command, context);
}
