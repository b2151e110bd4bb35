import { SqlError } from '../../protocol/sql-error.js';
import { inDatabase } from '../../target/target.js';
import type { Command } from './context.js';

/** `use`: changes the database; with --one-database it may only change what is passed over. */
export const use: Command = async ({ args, line }, context) => {
  const [name] = args;
  if (name === undefined) {
    return context.warn('USE must be followed by a database name', line);
  }
  const { session, settings } = context;
  const database = Buffer.from(name).toString();
  const same = database === session.target.database;
  if (settings.input.oneDatabase && !same) {
    context.passesOver = true;
    context.inform('Database changed');
    return 'continue';
  }
  if (same) context.passesOver = false;
  const connection = await context.connected(line);
  if ('exit' in connection) return connection;
  try {
    await connection.useDatabase(name);
    session.target = inDatabase(session.target, database);
    context.inform('Database changed');
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line);
  }
};
