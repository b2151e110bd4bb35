import { Failure } from '../../failure.js';
import { SqlError } from '../../protocol/sql-error.js';
import type { ClientCommand } from '../../script/item.js';
import type { Command, Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/**
 * A command that names a database, for which the session goes to the section where that is. Where
 * it is already, or where nobody knows of the database, the client's own command is run; if that
 * fails, wikis are named that may have been meant.
 */
export function withSectionSwitch(clientCommand: Command) {
  return async (command: ClientCommand, context: ShellContext): Promise<Outcome> => {
    const [name, host] = command.args;
    // A host of the user's own is taken as it is, and --one-database goes nowhere.
    const stays = host !== undefined || context.settings.input.oneDatabase;
    if (name === undefined || stays) return clientCommand(command, context);
    const database = Buffer.from(name).toString();
    try {
      const place = await context.placeOf(database);
      if (place === undefined) return await here(clientCommand, command, database, context);
      await context.moveTo(place);
      return 'continue';
    } catch (error) {
      if (error instanceof Failure) return context.warn(error.message, command.line);
      if (!(error instanceof SqlError)) throw error;
      return context.serverError(error, command.line);
    }
  };
}

async function here(
  clientCommand: Command,
  command: ClientCommand,
  database: string,
  context: ShellContext,
): Promise<Outcome> {
  const outcome = await clientCommand(command, context);
  const { connection, target } = context.session;
  const failed = connection === undefined || target.database !== database;
  const near = failed && target.section !== undefined ? context.wikisLike(database) : [];
  if (near.length > 0 && !near.includes(database)) {
    context.inform(`Did you mean ${near.join(' or ')}?`);
  }
  return outcome;
}
