import { Failure } from '../../failure.js';
import { SqlError } from '../../protocol/sql-error.js';
import type { ClientCommand } from '../../script/item.js';
import type { Command, Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/**
 * Returns a version of a client command that takes a database's name: it connects to the section of
 * that database. If that is the current section, or unknown, it runs the client's
 * command.
 */
export function withSectionSwitch(clientCommand: Command) {
  return async (command: ClientCommand, context: ShellContext): Promise<Outcome> => {
    const [name, host] = command.args;
    // The user's explicit host is used unchanged, and --one-database never switches.
    const staysInSection = host !== undefined || context.settings.input.oneDatabase;
    if (name === undefined || staysInSection) return clientCommand(command, context);
    try {
      const database = context.findDatabase(Buffer.from(name).toString());
      const target = await context.findOtherSection(database);
      if (target === undefined)
        return await runInCurrentSection(clientCommand, command, database, context);
      await context.switchTo(target);
      return 'continue';
    } catch (error) {
      if (error instanceof Failure) return context.warn(error.message, command.line);
      if (!(error instanceof SqlError)) throw error;
      return context.serverError(error, command.line);
    }
  };
}

async function runInCurrentSection(
  clientCommand: Command,
  command: ClientCommand,
  database: string,
  context: ShellContext,
): Promise<Outcome> {
  const { redacted } = context.session.target;
  const args = redacted ? [Buffer.from(database)] : command.args;
  return clientCommand({ ...command, args }, context);
}
