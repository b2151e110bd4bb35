import type { SessionCommand, ShellCommandName } from '../script/command-table.js';
import type { ClientCommand, ShellCommand } from '../script/item.js';
import { connect } from '../session/commands/connect.js';
import type { Outcome } from '../session/commands/context.js';
import { source } from '../session/commands/source.js';
import { system } from '../session/commands/system.js';
import { use } from '../session/commands/use.js';
import { refuseInSandbox, runCommand } from '../session/commands.js';
import { showAgain } from './commands/again.js';
import { editStatement } from './commands/edit.js';
import { setFormat } from './commands/format.js';
import { showHelp } from './commands/help.js';
import { disablePager, disableTee, setPager, setPrompt, setTee } from './commands/outputs.js';
import { deleteQuery, runQuery, saveQuery } from './commands/queries.js';
import { describeTable, listDatabases, listTables } from './commands/schema.js';
import { withSectionSwitch } from './commands/switch-section.js';
import { setTiming } from './commands/timing.js';
import { setVertical } from './commands/vertical.js';
import { watchStatement } from './commands/watch.js';
import type { ShellContext } from './context.js';
import { readTypedName } from './typed-path.js';

type ClientCommandHandler = (
  command: ClientCommand,
  context: ShellContext,
) => Promise<Outcome> | Outcome;

/** The client's commands that behave differently in the shell than in a script. */
const interactiveCommands: Partial<Record<SessionCommand, ClientCommandHandler>> = {
  connect: withSectionSwitch(connect),
  edit: editStatement,
  help: showHelp,
  nopager: disablePager,
  notee: disableTee,
  pager: setPager,
  prompt: setPrompt,
  rehash: (_command, context) => {
    context.rehash();
    return 'continue';
  },
  source: (command, context) =>
    // In a file, names are read as in batch mode.
    source(
      context.sourceDepth > 0
        ? command
        : { ...command, args: command.args.map(readTypedName).filter(({ length }) => length > 0) },
      context,
    ),
  system: (command, context) => context.withTerminalReleased(async () => system(command, context)),
  tee: setTee,
  use: async (command, context) => {
    const previousDatabase = context.session.target.database;
    const outcome = await withSectionSwitch(use)(command, context);
    if (context.session.target.database !== previousDatabase) context.readSchemaNames();
    return outcome;
  },
};

/** Runs one of the client's commands in the shell. */
export async function runClientCommand(
  command: ClientCommand,
  context: ShellContext,
): Promise<Outcome> {
  const run = interactiveCommands[command.name] ?? runCommand;
  return refuseInSandbox(command, context, true) ?? run(command, context);
}

type ShellCommandHandler = (
  command: ShellCommand,
  context: ShellContext,
) => Promise<Outcome> | Outcome;

/** The function that runs each command that exists only in the shell. */
const shellCommands: Record<ShellCommandName, ShellCommandHandler> = {
  again: showAgain,
  d: describeTable,
  dt: listTables,
  f: runQuery,
  fd: deleteQuery,
  format: setFormat,
  fs: saveQuery,
  l: listDatabases,
  timing: setTiming,
  watch: watchStatement,
  x: setVertical,
};

/** Runs a command that exists only in the shell. */
export async function runShellCommand(
  command: ShellCommand,
  context: ShellContext,
): Promise<Outcome> {
  return refuseInSandbox(command, context, true) ?? shellCommands[command.name](command, context);
}
