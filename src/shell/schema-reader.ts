import { allowsBackslashEscapes, type SqlMode } from '../protocol/sql-mode.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { NameRowHandler, type NamesHandler } from './name-row-handler.js';

/** The names for completion. Each part is replaced as a whole when it has been read. */
export interface SchemaNames {
  /** The database of these tables and columns. */
  readonly database: string | undefined;
  /** All databases on the server that the user may see. */
  readonly databases: readonly string[];
  /** Without views. */
  readonly tables: readonly string[];
  readonly views: readonly string[];
  /** The columns of each table and view. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

const noNames: SchemaNames = {
  database: undefined,
  databases: [],
  tables: [],
  views: [],
  columns: new Map(),
};

/**
 * How long to wait before connecting: another `use` may follow, and the work of opening a
 * connection would delay the editor right after a prompt.
 */
const delayMs = 60;

/**
 * Makes the server abort a query after 20 seconds, because information_schema waits for tables that
 * are being altered. Servers other than MariaDB treat this as a comment.
 */
const timeLimitPrefix = '/*M! SET STATEMENT max_statement_time = 20 FOR */ ';

/**
 * Reads the names of a server's databases, and of the tables and columns in the current one, in the
 * background. Each read task uses its own connection, which is closed at its end. Errors are
 * ignored; completion has fewer names then.
 */
export class SchemaReader {
  readonly #open: () => Promise<ReplicaConnection>;
  #names = noNames;
  #knowsDatabases = false;
  #task: ReadTask | undefined;

  /** `open` opens another connection to the server, with utf8mb4; it need not select a database. */
  constructor(open: () => Promise<ReplicaConnection>) {
    this.#open = open;
  }

  /** The names that have been read so far. */
  get names(): SchemaNames {
    return this.#names;
  }

  /**
   * Starts to read the names of another database, and those of the databases if they are not known
   * yet. Cancels the current task.
   */
  read(database: string | undefined): void {
    this.stop();
    if (database !== this.#names.database) {
      this.#names = { ...noNames, database, databases: this.#names.databases };
    }
    if (database === undefined && this.#knowsDatabases) return;
    const task = new ReadTask();
    this.#task = task;
    task.timer = setTimeout(() => void this.#run(task), delayMs);
  }

  /** Reads everything again; the known names stay available until then. */
  rehash(database: string | undefined): void {
    this.#knowsDatabases = false;
    this.read(database);
  }

  /** Cancels the current task. */
  stop(): void {
    this.#task?.cancel();
    this.#task = undefined;
  }

  async #run(task: ReadTask): Promise<void> {
    const connection = await this.#open().catch(() => undefined);
    if (connection === undefined) return;
    if (task.cancelled) return connection.close();
    task.connection = connection;
    const { database } = this.#names;
    // One query for each kind of name, because access to one of them may be denied.
    if (database !== undefined) await this.#readTables(task, connection, database);
    if (!this.#knowsDatabases) await this.#readDatabases(task, connection);
    if (database !== undefined) await this.#readColumns(task, connection, database);
    if (!task.cancelled) connection.close();
  }

  async #readTables(
    task: ReadTask,
    connection: ReplicaConnection,
    database: string,
  ): Promise<void> {
    const tables: string[] = [];
    const views: string[] = [];
    // Costs the same as SHOW TABLES: the server reads the type from the header of the .frm file.
    const sql = `SHOW FULL TABLES FROM \`${database.replaceAll('`', '``')}\``;
    const isComplete = await queryNames(task, connection, sql, (name, kind) => {
      (kind.endsWith('VIEW') ? views : tables).push(name);
    });
    if (isComplete) this.#names = { ...this.#names, tables, views };
  }

  async #readDatabases(task: ReadTask, connection: ReplicaConnection): Promise<void> {
    const databases: string[] = [];
    const isComplete = await queryNames(task, connection, 'SHOW DATABASES', (name) => {
      databases.push(name);
    });
    if (!isComplete) return;
    this.#names = { ...this.#names, databases };
    this.#knowsDatabases = true;
  }

  async #readColumns(
    task: ReadTask,
    connection: ReplicaConnection,
    database: string,
  ): Promise<void> {
    const columns = new Map<string, string[]>();
    // One query for all tables; SHOW COLUMNS would need one for each table.
    const sql =
      'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ' +
      quoteLiteral(database, connection.sqlMode);
    const isComplete = await queryNames(task, connection, sql, (table, column) => {
      const known = columns.get(table);
      if (known === undefined) columns.set(table, [column]);
      else known.push(column);
    });
    if (isComplete) this.#names = { ...this.#names, columns };
  }
}

/** Runs a query that returns names; resolves to whether all rows arrived. */
async function queryNames(
  task: ReadTask,
  connection: ReplicaConnection,
  sql: string,
  onNames: NamesHandler,
): Promise<boolean> {
  if (task.cancelled) return false;
  try {
    await connection.query(Buffer.from(timeLimitPrefix + sql), new NameRowHandler(onNames));
    return !task.cancelled;
  } catch {
    return false;
  }
}

/** One task that reads names; a newer task may cancel it at any time. */
class ReadTask {
  cancelled = false;
  timer: NodeJS.Timeout | undefined;
  connection: ReplicaConnection | undefined;

  cancel(): void {
    this.cancelled = true;
    clearTimeout(this.timer);
    this.connection?.destroy();
  }
}

function quoteLiteral(text: string, sqlMode: SqlMode): string {
  const doubled = allowsBackslashEscapes("'", sqlMode) ? text.replaceAll('\\', '\\\\') : text;
  return `'${doubled.replaceAll("'", "''")}'`;
}
