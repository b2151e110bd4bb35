import { afterEach, describe, expect, it, vi } from 'vitest';
import { ignoreResults, type ReplicaConnection } from '../../src/replica/connection.js';
import { SchemaReader } from '../../src/shell/schema-reader.js';
import type { Section } from '../farm/places.js';
import type { Users } from '../farm/users.js';
import { loginAs, open, rowsOf, targetOf } from '../replica/open.js';

const readers: SchemaReader[] = [];

afterEach(() => {
  for (const reader of readers.splice(0)) reader.stop();
});

/** A reader of a section's server, the connections that it has opened, and how many it began to. */
function readerOf(section: Section, user: keyof Users = 'research') {
  const opened: ReplicaConnection[] = [];
  const tries = { count: 0 };
  const reader = new SchemaReader(async () => {
    tries.count++;
    const connection = await open(targetOf(section), loginAs(user));
    opened.push(connection);
    return connection;
  });
  readers.push(reader);
  return { reader, opened, tries };
}

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 5 });

async function asAdmin<T>(
  section: Section,
  use: (connection: ReplicaConnection) => Promise<T>,
): Promise<T> {
  const connection = await open(targetOf(section), loginAs('admin'));
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

function run(section: Section, sql: string): Promise<string[]> {
  return asAdmin(section, async (connection) => {
    const rows: string[] = [];
    for (const statement of sql.split(';\n')) rows.push(...(await rowsOf(connection, statement)));
    return rows;
  });
}

/** Whether the server has none of these connections any more. */
async function areGone(section: Section, connections: ReplicaConnection[]): Promise<boolean> {
  const ids = connections.map(({ threadId }) => threadId).join(', ');
  const sql = `select count(*) from information_schema.processlist where id in (${ids})`;
  return (await run(section, sql))[0] === '0';
}

describe('the names of a database', () => {
  it('are read in the background: tables, columns and databases', async () => {
    const { reader } = readerOf('s2');
    reader.read('itwiki');
    expect(reader.names).toMatchObject({ database: 'itwiki', tables: [], databases: [] });
    await until(() => reader.names.columns.size > 0);
    const { tables, columns, databases } = reader.names;
    expect(tables).toContain('page');
    expect(columns.get('actor')).toEqual(['actor_id', 'actor_user', 'actor_name']);
    expect([...columns.keys()].sort()).toEqual([...tables].sort());
    expect(databases).toEqual(expect.arrayContaining(['information_schema', 'itwiki']));
  });

  it('are told apart from those of views', async () => {
    await run(
      'staging',
      `create or replace table staging.seen (n int);\n` +
        `create or replace view staging.view_of_it as select n as m from staging.seen`,
    );
    const { reader } = readerOf('staging');
    reader.read('staging');
    await until(() => reader.names.columns.size > 0);
    const { tables, views, columns } = reader.names;
    expect(views).toEqual(['view_of_it']);
    expect(tables).toContain('seen');
    expect(tables).not.toContain('view_of_it');
    expect(columns.get('view_of_it')).toEqual(['m']);
  });

  it.each(['täglich €', "it's", 'back\\slash', 'back`tick', 'a_b', '100%'])(
    'are read of a database named %s',
    async (name) => {
      const quoted = `\`${name.replaceAll('`', '``')}\``;
      await run(
        's2',
        `create database ${quoted};\ncreate table ${quoted}.${quoted} (${quoted} int)`,
      );
      const { reader } = readerOf('s2', 'admin');
      try {
        reader.read(name);
        await until(() => reader.names.columns.size > 0);
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

  it('are those of the newest database alone', async () => {
    const { reader, opened } = readerOf('s2');
    reader.read('itwiki');
    await until(() => reader.names.columns.size > 0);
    reader.read('nlwiki');
    expect(reader.names).toMatchObject({ database: 'nlwiki', tables: [], views: [] });
    expect(reader.names.databases).toContain('itwiki');
    reader.read('itwiki');
    reader.read('information_schema');
    await until(() => reader.names.columns.size > 0);
    expect(reader.names.views).toContain('COLUMNS');
    expect(reader.names.tables).toEqual([]);
    await vi.waitUntil(() => areGone('s2', opened));
  });

  it('are not needed where no database is chosen', async () => {
    const { reader, opened, tries } = readerOf('s2');
    reader.read(undefined);
    await until(() => reader.names.databases.length > 0);
    expect(reader.names).toMatchObject({ database: undefined, tables: [] });
    await vi.waitUntil(() => areGone('s2', opened));
    reader.read(undefined);
    // Another reader waits as long before it connects, and begins later.
    const later = readerOf('s2');
    later.reader.read(undefined);
    await until(() => later.tries.count > 0);
    expect(tries.count).toBe(1);
  });

  it('are read again by rehash, and stay until then', async () => {
    await run('staging', 'drop table if exists staging.newcomer');
    const { reader } = readerOf('staging');
    reader.read('staging');
    await until(() => reader.names.databases.length > 0);
    await run('staging', 'create table staging.newcomer (n int)');
    const before = reader.names.tables;
    expect(before).not.toContain('newcomer');
    reader.rehash('staging');
    expect(reader.names.tables).toBe(before);
    await until(() => reader.names.columns.has('newcomer'));
    expect(reader.names.tables).toContain('newcomer');
  });
});

describe('the connection for reading', () => {
  it('is closed when all is read', async () => {
    const { reader, opened } = readerOf('s2');
    reader.read('itwiki');
    await until(() => reader.names.columns.size > 0);
    await vi.waitUntil(() => areGone('s2', opened));
    expect(opened.length).toBe(1);
  });

  it('is closed by stop, also when it is still being opened', async () => {
    const opened: ReplicaConnection[] = [];
    const reader = new SchemaReader(async () => {
      const connection = await open(targetOf('s2'), loginAs('research'));
      opened.push(connection);
      reader.stop();
      return connection;
    });
    reader.read('itwiki');
    await until(() => opened.length > 0);
    await vi.waitUntil(() => areGone('s2', opened));
    expect(reader.names.columns.size).toBe(0);
  });

  it('is not opened if another database is chosen at once', async () => {
    const { reader, opened } = readerOf('s2');
    for (const database of ['itwiki', 'nlwiki', 'itwiki']) reader.read(database);
    await until(() => reader.names.columns.size > 0);
    expect(opened.length).toBe(1);
  });
});

describe('what cannot be read', () => {
  it('is left out: a database without any rights', async () => {
    const { reader } = readerOf('s2');
    reader.read('mysql');
    await until(() => reader.names.databases.length > 0);
    expect(reader.names).toMatchObject({ database: 'mysql', tables: [], views: [] });
  });

  it('leaves what is known: a login that fails, a killed connection', async () => {
    let how: 'works' | 'fails' | 'killed' = 'works';
    let ended = 0;
    const reader = new SchemaReader(async () => {
      if (how === 'fails') {
        ended++;
        throw new Error('no login');
      }
      const connection = await open(targetOf('s2'), loginAs('research'));
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
    await until(() => ended === 1);
    const { names } = reader;
    expect(names.columns.size).toBeGreaterThan(0);
    for (how of ['fails', 'killed'] as const) {
      const before = ended;
      reader.rehash('itwiki');
      await until(() => ended > before);
      expect(reader.names).toEqual(names);
    }
  });
});
