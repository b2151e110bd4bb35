import { inject } from 'vitest';
import { leaveRows } from '../../src/protocol/packets.js';
import type { ResultHandler } from '../../src/protocol/response.js';
import type { SqlError } from '../../src/protocol/sql-error.js';
import { ReplicaConnection } from '../../src/replica/connection.js';
import type { Login } from '../../src/replica/log-in.js';
import { tcpAddress } from '../../src/target/address.js';
import type { Target } from '../../src/target/target.js';
import { connectWith, targetWith } from '../examples.js';
import type { Section } from '../farm/places.js';
import type { Users } from '../farm/users.js';

/** A target that leads straight to an address. */
export function targetAt(host: string, port: number, database?: string): Target {
  return targetWith({
    wiki: database,
    database,
    address: tcpAddress(host, port),
    endpointSource: 'user',
    portSource: 'user',
    endpointDetail: '--host',
  });
}

/** A target that leads to a socket file. */
export function targetAtSocket(path: string): Target {
  return { ...targetAt('localhost', 0), address: { kind: 'socket', path } };
}

/** A section's server, by its host name, whose address is known as --nameserver would know it. */
export function targetOf(section: Section, database?: string): Target {
  const { host, port, address } = inject('farm').places[section];
  return { ...targetAt(host, port, database), lookup: async () => [address] };
}

/** How one of the farm's users logs in. */
export function loginAs(user: keyof Users, changes: Partial<Login> = {}): Login {
  const { name, password } = inject('farm').users[user];
  return { ...connectWith({ user: name, password }), ...changes };
}

export function open(target: Target, login: Login): Promise<ReplicaConnection> {
  return ReplicaConnection.open(target, login, {});
}

/** Runs SQL and gives its rows, cells as text; all results of it, one after the other. */
export async function rowsOf(connection: ReplicaConnection, sql: string): Promise<string[]> {
  const rows: string[] = [];
  const handler: ResultHandler = {
    ok: ({ affectedRows }) => rows.push(`OK ${affectedRows}`),
    resultSet: () => {},
    row: (bytes, start, end) => rows.push(Buffer.from(bytes.subarray(start + 1, end)).toString()),
    takeRows: leaveRows,
    endOfRows: () => {},
    pressure: () => undefined,
  };
  await connection.query(Buffer.from(sql), handler);
  return rows;
}

/** The error in the client's form, for comparison: `1045 (28000): Access denied …`. */
export async function errorOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { errno, sqlState, text } = error as SqlError;
    return `${errno} (${sqlState}): ${Buffer.from(text).toString()}`;
  }
  return 'no error';
}
