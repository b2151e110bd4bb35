import type { SessionCommand, ShellCommandName } from '../script/command-table.js';
import type { ClientCommand, ShellCommand } from '../script/item.js';
import { connect } from '../session/commands/connect.js';
import type { Outcome } from '../session/commands/context.js';
import { system } from '../session/commands/system.js';
import { use } from '../session/commands/use.js';
import { refuseInSandbox, runCommand } from '../session/commands.js';
import { editStatement } from './commands/edit.js';
import { showHelp } from './commands/help.js';
import { disablePager, disableTee, pager, setPrompt, setTee } from './commands/outputs.js';
import { deleteQuery, runQuery, saveQuery } from './commands/queries.js';
import { withSectionSwitch } from './commands/switch-section.js';
import { timing } from './commands/timing.js';
import { watch } from './commands/watch.js';
import type { ShellContext } from './context.js';

type InteractiveCommand = (
  command: ClientCommand,
  context: ShellContext,
) => Promise<Outcome> | Outcome;

/** The client's commands that do more in a shell than in a script. */
const interactiveCommands: Partial<Record<SessionCommand, InteractiveCommand>> = {
  connect: withSectionSwitch(connect),
  edit: editStatement,
  help: showHelp,
  nopager: disablePager,
  notee: disableTee,
  pager,
  prompt: setPrompt,
  rehash: (_command, context) => {
    context.rehash();
    return 'continue';
  },
  system: (command, context) => context.lendTerminal(async () => system(command, context)),
  tee: setTee,
  use: async (command, context) => {
    const before = context.session.target.database;
    const outcome = await withSectionSwitch(use)(command, context);
    if (context.session.target.database !== before) context.readNames();
    return outcome;
  },
};

/** Runs a command of the client in the shell. */
export async function runShellCommand(
  command: ClientCommand,
  context: ShellContext,
): Promise<Outcome> {
  const run = interactiveCommands[command.name] ?? runCommand;
  return refuseInSandbox(command, context, true) ?? run(command, context);
}

type OwnCommand = (command: ShellCommand, context: ShellContext) => Promise<Outcome> | Outcome;

/** What runs each command that only a shell has. */
const ownCommands: Record<ShellCommandName, OwnCommand> = {
  f: runQuery,
  fd: deleteQuery,
  fs: saveQuery,
  timing,
  watch,
};

/** Runs a command that only a shell has. */
export async function runOwnCommand(
  command: ShellCommand,
  context: ShellContext,
): Promise<Outcome> {
  return refuseInSandbox(command, context, true) ?? ownCommands[command.name](command, context);
}
