import { inject } from 'vitest';
import { takeNoRows } from '../../src/protocol/packets.js';
import type { ResultHandler } from '../../src/protocol/response.js';
import type { SqlError } from '../../src/protocol/sql-error.js';
import { ReplicaConnection } from '../../src/replica/connection.js';
import type { Login } from '../../src/replica/log-in.js';
import { makeTcpAddress } from '../../src/target/address.js';
import type { Target } from '../../src/target/target.js';
import { connectWith, targetWith } from '../examples.js';
import type { Section } from '../farm/sections.js';
import type { Users } from '../farm/users.js';

/** Returns a target with a host and a port. */
export function makeTcpTarget(host: string, port: number, database?: string): Target {
  return targetWith({
    wiki: database,
    database,
    address: makeTcpAddress(host, port),
    endpointSource: 'user',
    portSource: 'user',
    portDetail: '--port',
    redacted: false,
    endpointDetail: '--host',
  });
}

/** Returns a target with a socket file. */
export function makeSocketTarget(path: string): Target {
  return { ...makeTcpTarget('localhost', 0), address: { kind: 'socket', path } };
}

/** Returns the target of a section's server by host name, with its address as from --nameserver. */
export function makeSectionTarget(section: Section, database?: string): Target {
  const { host, port, address } = inject('farm').endpoints[section];
  return { ...makeTcpTarget(host, port, database), lookup: async () => [address] };
}

/** Returns the login of one of the farm's users. */
export function loginAs(user: keyof Users, changes: Partial<Login> = {}): Login {
  const { name, password } = inject('farm').users[user];
  return { ...connectWith({ user: name, password }), ...changes };
}

export function openConnection(target: Target, login: Login): Promise<ReplicaConnection> {
  return ReplicaConnection.open(target, login, {});
}

/** Runs SQL and returns the rows of all its results, with one cell each as text. */
export async function queryRows(connection: ReplicaConnection, sql: string): Promise<string[]> {
  const rows: string[] = [];
  const handler: ResultHandler = {
    ok: ({ affectedRows }) => rows.push(`OK ${affectedRows}`),
    resultSet: () => {},
    row: (bytes, start, end) => rows.push(Buffer.from(bytes.subarray(start + 1, end)).toString()),
    takeRows: takeNoRows,
    endOfRows: () => {},
    backPressure: () => undefined,
  };
  await connection.query(Buffer.from(sql), handler);
  return rows;
}

/** Returns the SqlError of a promise in the client's form: `1045 (28000): Access denied …`. */
export async function catchSqlError(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { errno, sqlState, text } = error as SqlError;
    return `${errno} (${sqlState}): ${Buffer.from(text).toString()}`;
  }
  return 'no error';
}
