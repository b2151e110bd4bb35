import { afterEach, describe, expect, it, vi } from 'vitest';
import { ignoreResults, type ReplicaConnection } from '../../src/replica/connection.js';
import { SchemaReader } from '../../src/shell/schema-reader.js';
import type { Section } from '../farm/sections.js';
import type { Users } from '../farm/users.js';
import {
  loginAs,
  makeSectionTarget,
  openConnection,
  queryRows,
} from '../replica/open-connection.js';

const readers: SchemaReader[] = [];

afterEach(() => {
  for (const reader of readers.splice(0)) reader.stop();
});

/** Returns a reader for a section's server, its open connections, and its number of attempts. */
function createReader(section: Section, user: keyof Users = 'research') {
  const opened: ReplicaConnection[] = [];
  const attempts = { count: 0 };
  const reader = new SchemaReader(async () => {
    attempts.count++;
    const connection = await openConnection(makeSectionTarget(section), loginAs(user));
    opened.push(connection);
    return connection;
  });
  readers.push(reader);
  return { reader, opened, attempts };
}

const waitUntil = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 5 });

async function asAdmin<T>(
  section: Section,
  use: (connection: ReplicaConnection) => Promise<T>,
): Promise<T> {
  const connection = await openConnection(makeSectionTarget(section), loginAs('admin'));
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

function run(section: Section, sql: string): Promise<string[]> {
  return asAdmin(section, async (connection) => {
    const rows: string[] = [];
    for (const statement of sql.split(';\n'))
      rows.push(...(await queryRows(connection, statement)));
    return rows;
  });
}

/** Whether the server has closed all of these connections. */
async function areClosed(section: Section, connections: ReplicaConnection[]): Promise<boolean> {
  const ids = connections.map(({ threadId }) => threadId).join(', ');
  const sql = `select count(*) from information_schema.processlist where id in (${ids})`;
  return (await run(section, sql))[0] === '0';
}

describe('the names of a database', () => {
  it('are read in the background: tables, columns and databases', async () => {
    const { reader } = createReader('s2');
    reader.read('itwiki');
    expect(reader.names).toMatchObject({ database: 'itwiki', tables: [], databases: [] });
    await waitUntil(() => reader.names.columns.size > 0);
    const { tables, columns, databases } = reader.names;
    expect(tables).toContain('page');
    expect(columns.get('actor')).toEqual(['actor_id', 'actor_user', 'actor_name']);
    expect([...columns.keys()].sort()).toEqual([...tables].sort());
    expect(databases).toEqual(expect.arrayContaining(['information_schema', 'itwiki']));
  });

  it('of tables are separate from those of views', async () => {
    await run(
      'staging',
      `create or replace table staging.seen (n int);\n` +
        `create or replace view staging.view_of_it as select n as m from staging.seen`,
    );
    const { reader } = createReader('staging');
    reader.read('staging');
    await waitUntil(() => reader.names.columns.size > 0);
    const { tables, views, columns } = reader.names;
    expect(views).toEqual(['view_of_it']);
    expect(tables).toContain('seen');
    expect(tables).not.toContain('view_of_it');
    expect(columns.get('view_of_it')).toEqual(['m']);
  });

  it.each(['täglich €', "it's", 'back\\slash', 'back`tick', 'a_b', '100%'])(
    'are read for a database named %s',
    async (name) => {
      const quoted = `\`${name.replaceAll('`', '``')}\``;
      await run(
        's2',
        `create database ${quoted};\ncreate table ${quoted}.${quoted} (${quoted} int)`,
      );
      const { reader } = createReader('s2', 'admin');
      try {
        reader.read(name);
        await waitUntil(() => reader.names.columns.size > 0);
        expect([reader.names.tables, [...reader.names.columns]]).toEqual([
          [name],
          [[name, [name]]],
        ]);
        expect(reader.names.databases).toContain(name);
      } finally {
        await run('s2', `drop database ${quoted}`);
      }
    },
  );

  it('are those of the last requested database only', async () => {
    const { reader, opened } = createReader('s2');
    reader.read('itwiki');
    await waitUntil(() => reader.names.columns.size > 0);
    reader.read('nlwiki');
    expect(reader.names).toMatchObject({ database: 'nlwiki', tables: [], views: [] });
    expect(reader.names.databases).toContain('itwiki');
    reader.read('itwiki');
    reader.read('information_schema');
    await waitUntil(() => reader.names.columns.size > 0);
    expect(reader.names.views).toContain('COLUMNS');
    expect(reader.names.tables).toEqual([]);
    await vi.waitUntil(() => areClosed('s2', opened));
  });

  it('include those of other databases when they are requested', async () => {
    const { reader, opened } = createReader('s2');
    reader.read('itwiki');
    await waitUntil(() => reader.names.systemVariables.length > 0);
    expect(reader.names.systemVariables).toContain('max_statement_time');
    reader.request('INFORMATION_SCHEMA');
    reader.request('nosuch');
    reader.request('mysql');
    reader.request('itwiki');
    await waitUntil(() => reader.names.otherSchemas.size > 0);
    await vi.waitUntil(() => areClosed('s2', opened));
    const { otherSchemas } = reader.names;
    expect([...otherSchemas.keys()]).toEqual(['information_schema']);
    expect(otherSchemas.get('information_schema')?.columns.get('TABLES')).toContain('TABLE_NAME');
    // They stay known in another database, and are read once.
    reader.read('nlwiki');
    await waitUntil(() => reader.names.columns.size > 0);
    expect(reader.names.otherSchemas).toBe(otherSchemas);
    reader.request('information_schema');
    await vi.waitUntil(() => areClosed('s2', opened));
    expect(opened.length).toBe(3);
  });

  it('are not read if no database is selected', async () => {
    const { reader, opened, attempts } = createReader('s2');
    reader.read(undefined);
    await waitUntil(() => reader.names.databases.length > 0);
    expect(reader.names).toMatchObject({ database: undefined, tables: [] });
    await vi.waitUntil(() => areClosed('s2', opened));
    reader.read(undefined);
    // Another reader starts later and waits as long before it connects.
    const later = createReader('s2');
    later.reader.read(undefined);
    await waitUntil(() => later.attempts.count > 0);
    expect(attempts.count).toBe(1);
  });

  it('are read again by rehash, and stay available until then', async () => {
    await run('staging', 'drop table if exists staging.newcomer');
    const { reader } = createReader('staging');
    reader.read('staging');
    await waitUntil(() => reader.names.databases.length > 0);
    await run('staging', 'create table staging.newcomer (n int)');
    const before = reader.names.tables;
    expect(before).not.toContain('newcomer');
    reader.rehash('staging');
    expect(reader.names.tables).toBe(before);
    await waitUntil(() => reader.names.columns.has('newcomer'));
    expect(reader.names.tables).toContain('newcomer');
  });
});

describe('the connection for reading', () => {
  it('is closed when all names are read', async () => {
    const { reader, opened } = createReader('s2');
    reader.read('itwiki');
    await waitUntil(() => reader.names.columns.size > 0);
    await vi.waitUntil(() => areClosed('s2', opened));
    expect(opened.length).toBe(1);
  });

  it('is closed by stop, even while it is being opened', async () => {
    const opened: ReplicaConnection[] = [];
    const reader = new SchemaReader(async () => {
      const connection = await openConnection(makeSectionTarget('s2'), loginAs('research'));
      opened.push(connection);
      reader.stop();
      return connection;
    });
    reader.read('itwiki');
    await waitUntil(() => opened.length > 0);
    await vi.waitUntil(() => areClosed('s2', opened));
    expect(reader.names.columns.size).toBe(0);
  });

  it('is not opened if another database is selected immediately', async () => {
    const { reader, opened } = createReader('s2');
    for (const database of ['itwiki', 'nlwiki', 'itwiki']) reader.read(database);
    await waitUntil(() => reader.names.columns.size > 0);
    expect(opened.length).toBe(1);
  });
});

describe('names that cannot be read', () => {
  it('are missing: a database without any privileges', async () => {
    const { reader } = createReader('s2');
    reader.read('mysql');
    await waitUntil(() => reader.names.databases.length > 0);
    expect(reader.names).toMatchObject({ database: 'mysql', tables: [], views: [] });
  });

  it('do not replace known names: a failed login, a killed connection', async () => {
    let how: 'works' | 'fails' | 'killed' = 'works';
    let ended = 0;
    const reader = new SchemaReader(async () => {
      if (how === 'fails') {
        ended++;
        throw new Error('no login');
      }
      const connection = await openConnection(makeSectionTarget('s2'), loginAs('research'));
      if (how === 'killed') {
        const kill = Buffer.from(`kill ${connection.threadId}`);
        await asAdmin('s2', (admin) => admin.query(kill, ignoreResults));
      }
      vi.spyOn(connection, 'close').mockImplementationOnce(() => {
        ended++;
        connection.close();
      });
      return connection;
    });
    readers.push(reader);
    reader.read('itwiki');
    await waitUntil(() => ended === 1);
    const { names } = reader;
    expect(names.columns.size).toBeGreaterThan(0);
    for (how of ['fails', 'killed'] as const) {
      const before = ended;
      reader.rehash('itwiki');
      await waitUntil(() => ended > before);
      expect(reader.names).toEqual(names);
    }
  });
});
