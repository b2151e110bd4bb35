import { SqlError } from '../../protocol/sql-error.js';
import { withDatabase } from '../../target/target.js';
import type { Command } from './context.js';

/**
 * `use`: changes the database. With --one-database, another database than the initial one only
 * makes the following statements be ignored.
 */
export const use: Command = async ({ args, line }, context) => {
  const [name] = args;
  if (name === undefined) {
    return context.warn('USE must be followed by a database name', line);
  }
  const { session, settings } = context;
  const database = Buffer.from(name).toString();
  const same = database === session.target.database;
  if (settings.input.oneDatabase && !same) {
    context.ignoresStatements = true;
    context.printNotice('Database changed');
    return 'continue';
  }
  if (same) context.ignoresStatements = false;
  const connection = await context.connected(line);
  if ('exit' in connection) return connection;
  try {
    await connection.useDatabase(name);
    session.target = withDatabase(session.target, database);
    context.printNotice('Database changed');
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line);
  }
};
