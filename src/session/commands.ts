import { Failure } from '../failure.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { ReplicaError } from '../replica/replica-error.js';
import type { ClientCommand } from '../script/item.js';
import { reportClientError } from './report.js';

/** Whether a script goes on after a statement or command, and the exit status if it does not. */
export type Outcome = 'continue' | { exit: number };

/** What a command works on. */
export interface CommandContext {
  readonly connection: ReplicaConnection;
  readonly out: OutputBuffer;
  /** Reports a server error in its place among the output; goes on if --force says so. */
  fail(error: ReplicaError, line: number): Promise<Outcome>;
  /** The line as messages name it: undefined with --line-numbers=0. */
  lineToTell(line: number | undefined): number | undefined;
}

/**
 * Carries out a client command of a script. `go`, `ego`, `clear` and `delimiter` do not come here:
 * the script's reader sees to them.
 *
 * Throws Failure for a command that is not supported yet.
 */
export async function runCommand(command: ClientCommand, batch: CommandContext): Promise<Outcome> {
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

async function use({ args, line }: ClientCommand, batch: CommandContext): Promise<Outcome> {
  const [name] = args;
  if (name === undefined) {
    await batch.out.flush();
    reportClientError('USE must be followed by a database name', batch.lineToTell(line));
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
