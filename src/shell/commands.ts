import type { ClientCommand, SessionCommand, ShellCommand } from '../script/item.js';
import { connect } from '../session/commands/connect.js';
import type { Outcome } from '../session/commands/context.js';
import { system } from '../session/commands/system.js';
import { use } from '../session/commands/use.js';
import { runCommand } from '../session/commands.js';
import { editStatement } from './commands/edit.js';
import { showHelp } from './commands/help.js';
import { disablePager, disableTee, pager, setPrompt, setTee } from './commands/outputs.js';
import { goingThere } from './commands/places.js';
import { deleteQuery, runQuery, saveQuery } from './commands/queries.js';
import { timing } from './commands/timing.js';
import { watch } from './commands/watch.js';
import type { ShellContext } from './context.js';

type Conversational = (command: ClientCommand, context: ShellContext) => Promise<Outcome> | Outcome;

/** The commands that do more in a conversation than in a script. */
const conversational: Partial<Record<SessionCommand, Conversational>> = {
  connect: goingThere(connect),
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
    const before = context.link.target.database;
    const outcome = await goingThere(use)(command, context);
    if (context.link.target.database !== before) context.readNames();
    return outcome;
  },
};

/** Those that a sandbox refuses are refused before anything is done. */
const refusable: ReadonlySet<SessionCommand> = new Set(['system', 'tee']);

/** Carries out a command of a conversation; those that are the same in a script, as there. */
export async function runShellCommand(
  command: ClientCommand,
  context: ShellContext,
): Promise<Outcome> {
  const own = conversational[command.name];
  const refused = context.sandboxed && refusable.has(command.name);
  if (own === undefined || refused) return runCommand(command, context);
  return own(command, context);
}

/** Carries out a command that only a conversation has. */
export async function runOwnCommand(
  { name, args, pending, line }: ShellCommand,
  context: ShellContext,
): Promise<Outcome> {
  if (context.sandboxed && (name === 'fs' || name === 'fd')) {
    return context.complain('Not allowed in the sandbox mode', line);
  }
  const [first] = args;
  const words = args.map((word) => Buffer.from(word).toString());
  switch (name) {
    case 'timing':
      return timing(first, line, context);
    case 'watch':
      return watch(first, pending, line, context);
    case 'f':
      return runQuery(words, line, context);
    case 'fd':
      return deleteQuery(words, line, context);
    case 'fs':
      return saveQuery(words, line, context);
  }
}
