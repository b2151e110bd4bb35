import type { SchemaTables } from '../completion/completion.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { NameRowHandler, type NamesHandler } from './name-row-handler.js';
import { quoteIdentifier, quoteString } from './quote-sql.js';

/** The names for completion. Each part is replaced as a whole when it has been read. */
export interface SchemaNames extends SchemaTables {
  /** The database of these tables and columns. */
  readonly database: string | undefined;
  /** All databases on the server that the user may see. */
  readonly databases: readonly string[];
  /** The names of the system variables. */
  readonly systemVariables: readonly string[];
  /** The tables of the other databases that were requested. */
  readonly otherSchemas: ReadonlyMap<string, SchemaTables>;
}

const noTables: SchemaTables = { tables: [], views: [], columns: new Map() };
const noNames: SchemaNames = {
  ...noTables,
  database: undefined,
  databases: [],
  systemVariables: [],
  otherSchemas: new Map(),
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
 * Reads the names of a server's databases and variables, and of the tables and columns in the current
 * database and in others that are requested, in the background. Each read task uses its own connection, which is closed at its end. Errors are
 * ignored; completion has fewer names then.
 */
export class SchemaReader {
  readonly #open: () => Promise<ReplicaConnection>;
  #names = noNames;
  #knowsDatabases = false;
  #knowsVariables = false;
  #knowsTables = false;
  /** The other databases that were requested. */
  #requested = new Set<string>();
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
   * Starts to read the names of another current database, and those of the server if they are not
   * known yet. Cancels the current task.
   */
  read(database: string | undefined): void {
    this.stop();
    if (database !== this.#names.database) {
      this.#names = { ...this.#names, ...noTables, database };
    }
    this.#knowsTables = database === undefined;
    if (this.#knowsTables && this.#knowsDatabases && this.#knowsVariables) return;
    this.#start();
  }

  /** Starts to read the tables of another database, unless they are known or it does not exist. */
  request(database: string): void {
    const isInformationSchema = database.toLowerCase() === 'information_schema';
    const name = isInformationSchema ? 'information_schema' : database;
    if (this.#requested.has(name) || name === this.#names.database) return;
    if (!this.#names.databases.includes(name)) return;
    this.#requested.add(name);
    if (this.#task === undefined) this.#start();
  }

  #start(): void {
    const task = new ReadTask();
    this.#task = task;
    task.timer = setTimeout(() => void this.#run(task), delayMs);
  }

  /** Reads everything again; the known names stay available until then. */
  rehash(database: string | undefined): void {
    this.#knowsDatabases = false;
    this.#knowsVariables = false;
    this.#requested.clear();
    this.#names = { ...this.#names, otherSchemas: new Map() };
    this.read(database);
  }

  /** Cancels the current task. */
  stop(): void {
    this.#task?.cancel();
    this.#task = undefined;
  }

  async #run(task: ReadTask): Promise<void> {
    const connection = await this.#open().catch(() => undefined);
    if (connection === undefined) {
      if (this.#task === task) this.#task = undefined;
      return;
    }
    if (task.cancelled) return connection.close();
    task.connection = connection;
    const reading: Reading = { task, connection };
    // One query for each kind of name, because access to one of them may be denied.
    if (!this.#knowsTables) await this.#readTables(reading);
    if (!this.#knowsDatabases) await this.#readDatabases(reading);
    if (!this.#knowsTables) await this.#readColumns(reading);
    if (!this.#knowsVariables) await this.#readVariables(reading);
    for (const name of this.#requested) await this.#readOtherSchema(reading, name);
    if (task.cancelled) return;
    this.#task = undefined;
    this.#knowsTables = true;
    connection.close();
  }

  async #readTables(reading: Reading): Promise<void> {
    const { database = '' } = this.#names;
    const found = await fetchTables(reading, database);
    if (found !== undefined) this.#names = { ...this.#names, ...found };
  }

  async #readDatabases(reading: Reading): Promise<void> {
    const databases = await fetchNames(reading, 'SHOW DATABASES');
    if (databases === undefined) return;
    this.#names = { ...this.#names, databases };
    this.#knowsDatabases = true;
  }

  async #readColumns(reading: Reading): Promise<void> {
    const { database = '' } = this.#names;
    const columns = await fetchColumns(reading, database);
    if (columns !== undefined) this.#names = { ...this.#names, columns };
  }

  async #readVariables(reading: Reading): Promise<void> {
    const systemVariables = await fetchNames(reading, 'SHOW SESSION VARIABLES');
    if (systemVariables === undefined) return;
    this.#names = { ...this.#names, systemVariables };
    this.#knowsVariables = true;
  }

  async #readOtherSchema(reading: Reading, name: string): Promise<void> {
    if (this.#names.otherSchemas.has(name)) return;
    const tables = await fetchTables(reading, name);
    const columns = await fetchColumns(reading, name);
    if (reading.task.cancelled) return;
    const schema = { ...noTables, ...tables, ...(columns && { columns }) };
    const otherSchemas = new Map(this.#names.otherSchemas).set(name, schema);
    this.#names = { ...this.#names, otherSchemas };
  }
}

/** A task that reads names, and its connection. */
interface Reading {
  task: ReadTask;
  connection: ReplicaConnection;
}

/** Resolves to the tables and views of a database; to undefined if they cannot be read. */
async function fetchTables(
  reading: Reading,
  database: string,
): Promise<{ tables: string[]; views: string[] } | undefined> {
  const tables: string[] = [];
  const views: string[] = [];
  // Costs the same as SHOW TABLES: the server reads the type from the header of the .frm file.
  const sql = `SHOW FULL TABLES FROM ${quoteIdentifier(database)}`;
  const isComplete = await queryNames(reading, sql, (name, kind) => {
    (kind.endsWith('VIEW') ? views : tables).push(name);
  });
  return isComplete ? { tables, views } : undefined;
}

/** Resolves to the columns of the tables of a database; to undefined if they cannot be read. */
async function fetchColumns(
  reading: Reading,
  database: string,
): Promise<Map<string, string[]> | undefined> {
  const columns = new Map<string, string[]>();
  // One query for all tables; SHOW COLUMNS would need one for each table.
  const sql =
    'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ' +
    quoteString(database, reading.connection.sqlMode);
  const isComplete = await queryNames(reading, sql, (table, column) => {
    const known = columns.get(table);
    if (known === undefined) columns.set(table, [column]);
    else known.push(column);
  });
  return isComplete ? columns : undefined;
}

/** Resolves to the first column of a result; to undefined if it cannot be read. */
async function fetchNames(reading: Reading, sql: string): Promise<string[] | undefined> {
  const names: string[] = [];
  const isComplete = await queryNames(reading, sql, (name) => names.push(name));
  return isComplete ? names : undefined;
}

/** Runs a query that returns names; resolves to whether all rows arrived. */
async function queryNames(
  { task, connection }: Reading,
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
