import { escapesWithin, type SqlMode } from '../protocol/sql-mode.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { NameRows, type TakeNames } from './name-rows.js';

/** The names that completion asks for. Each part is replaced as a whole when it has been read. */
export interface SchemaNames {
  /** The one whose tables and columns these are. */
  readonly database: string | undefined;
  /** All that the user may see on the server. */
  readonly databases: readonly string[];
  /** Without views. */
  readonly tables: readonly string[];
  readonly views: readonly string[];
  /** By table or view. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

const nothing: SchemaNames = {
  database: undefined,
  databases: [],
  tables: [],
  views: [],
  columns: new Map(),
};

/**
 * How long to wait for another `use` before anything is asked, in milliseconds; also so long that the
 * work of opening a connection does not come together with what the editor does behind a prompt.
 */
const delay = 60;

/**
 * Seconds after which the server gives up by itself, where it can: information_schema waits for
 * tables that are being altered. Other servers than MariaDB take it for a comment.
 */
const limit = '/*M! SET STATEMENT max_statement_time = 20 FOR */ ';

/**
 * Reads the names of one server's databases, and of the tables and columns in the current one, while
 * the user types. Each reading has a connection to itself, which is closed when it has ended. What
 * goes wrong is kept to itself: then fewer names are known.
 */
export class SchemaReader {
  readonly #open: () => Promise<ReplicaConnection>;
  #names = nothing;
  #knowsDatabases = false;
  #reading: Reading | undefined;

  /** `open` logs in to the server once more, with utf8mb4; it need not choose a database. */
  constructor(open: () => Promise<ReplicaConnection>) {
    this.#open = open;
  }

  /** What is known now. */
  get names(): SchemaNames {
    return this.#names;
  }

  /**
   * Reads the names of another database in the background, and those of the databases if they are
   * not known yet. A reading that is under way is dropped.
   */
  read(database: string | undefined): void {
    this.stop();
    if (database !== this.#names.database) {
      this.#names = { ...nothing, database, databases: this.#names.databases };
    }
    if (database === undefined && this.#knowsDatabases) return;
    const reading = new Reading();
    this.#reading = reading;
    reading.timer = setTimeout(() => void this.#run(reading), delay);
  }

  /** Reads everything again; what is known stays until then. */
  rehash(database: string | undefined): void {
    this.#knowsDatabases = false;
    this.read(database);
  }

  /** Drops the reading that is under way. */
  stop(): void {
    this.#reading?.cancel();
    this.#reading = undefined;
  }

  async #run(reading: Reading): Promise<void> {
    const connection = await this.#open().catch(() => undefined);
    if (connection === undefined) return;
    if (reading.cancelled) return connection.close();
    reading.connection = connection;
    const { database } = this.#names;
    // Each for itself: a user may be refused one of them.
    if (database !== undefined) await this.#readTables(reading, connection, database);
    if (!this.#knowsDatabases) await this.#readDatabases(reading, connection);
    if (database !== undefined) await this.#readColumns(reading, connection, database);
    if (!reading.cancelled) connection.close();
  }

  async #readTables(
    reading: Reading,
    connection: ReplicaConnection,
    database: string,
  ): Promise<void> {
    const tables: string[] = [];
    const views: string[] = [];
    // As quick as SHOW TABLES: for the kind the server looks at the beginning of a file.
    const sql = `SHOW FULL TABLES FROM \`${database.replaceAll('`', '``')}\``;
    const complete = await ask(reading, connection, sql, (name, kind) => {
      (kind.endsWith('VIEW') ? views : tables).push(name);
    });
    if (complete) this.#names = { ...this.#names, tables, views };
  }

  async #readDatabases(reading: Reading, connection: ReplicaConnection): Promise<void> {
    const databases: string[] = [];
    const complete = await ask(reading, connection, 'SHOW DATABASES', (name) => {
      databases.push(name);
    });
    if (!complete) return;
    this.#names = { ...this.#names, databases };
    this.#knowsDatabases = true;
  }

  async #readColumns(
    reading: Reading,
    connection: ReplicaConnection,
    database: string,
  ): Promise<void> {
    const columns = new Map<string, string[]>();
    // One statement for all tables: SHOW COLUMNS would be one for each.
    const sql =
      'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ' +
      literal(database, connection.sqlMode);
    const complete = await ask(reading, connection, sql, (table, column) => {
      const known = columns.get(table);
      if (known === undefined) columns.set(table, [column]);
      else known.push(column);
    });
    if (complete) this.#names = { ...this.#names, columns };
  }
}

/** Whether all rows came. */
async function ask(
  reading: Reading,
  connection: ReplicaConnection,
  sql: string,
  take: TakeNames,
): Promise<boolean> {
  if (reading.cancelled) return false;
  try {
    await connection.query(Buffer.from(limit + sql), new NameRows(take));
    return !reading.cancelled;
  } catch {
    return false;
  }
}

/** One reading of names, which another may take the place of at any time. */
class Reading {
  cancelled = false;
  timer: NodeJS.Timeout | undefined;
  connection: ReplicaConnection | undefined;

  cancel(): void {
    this.cancelled = true;
    clearTimeout(this.timer);
    this.connection?.destroy();
  }
}

function literal(text: string, sqlMode: SqlMode): string {
  const doubled = escapesWithin("'", sqlMode) ? text.replaceAll('\\', '\\\\') : text;
  return `'${doubled.replaceAll("'", "''")}'`;
}
