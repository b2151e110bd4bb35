import { Failure } from '../failure.js';
import { ReplicaError } from '../replica/replica-error.js';
import type { ClientCommand } from '../script/item.js';
import type { Batch, Outcome } from './batch.js';
import { reportClientError } from './report.js';

/**
 * Carries out a client command of a script. `go`, `ego`, `clear` and `delimiter` do not come here:
 * the script's reader sees to them.
 *
 * Throws Failure for a command that is not supported yet.
 */
export async function runCommand(command: ClientCommand, batch: Batch): Promise<Outcome> {
  switch (command.name) {
    case 'use':
      return use(command, batch);
    case 'quit':
    case 'exit':
      return { exit: 0 };
    case 'rehash':
    // Rebuilds the shell's completion: without a shell the client, too, does nothing to be seen.
    case 'sandbox':
      // Forbids the commands that reach outside the server, none of which is supported.
      return 'continue';
    default:
      await batch.out.flush();
      throw new Failure(
        'command-unsupported',
        `line ${command.line}: the command '${command.name}' is not supported yet; --client mariadb hands over to the client`,
      );
  }
}

async function use({ args, line }: ClientCommand, batch: Batch): Promise<Outcome> {
  const [name] = args;
  if (name === undefined) {
    await batch.out.flush();
    reportClientError('USE must be followed by a database name', line);
    return 'continue';
  }
  try {
    await batch.connection.useDatabase(name);
    return 'continue';
  } catch (error) {
    if (!(error instanceof ReplicaError)) throw error;
    return batch.fail(error, line);
  }
}
