import { ReplicaError } from '../../../replica/replica-error.js';
import type { ClientCommand } from '../../../script/item.js';
import type { Command, Outcome } from '../../commands/context.js';
import type { ShellContext } from '../context.js';

/**
 * A command that names a database, for which the session goes to the section where that is. Where
 * it is already, or where nobody knows of the database, the client's own command is run.
 */
export function goingThere(clientCommand: Command) {
  return async (command: ClientCommand, context: ShellContext): Promise<Outcome> => {
    const [database, host] = command.args;
    // A host of the user's own is taken as it is.
    const place =
      database === undefined || host !== undefined
        ? undefined
        : await context.placeOf(Buffer.from(database).toString());
    if (place === undefined) return clientCommand(command, context);
    try {
      await context.moveTo(place);
      return 'continue';
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      return context.fail(error, command.line);
    }
  };
}
