import type { Connection as Mysql2Connection } from 'mysql2';
import type { CharacterSet } from '../protocol/character-sets.js';
import { framePackets, PacketReader } from '../protocol/packet-reader.js';
import { leaveRows } from '../protocol/packets.js';
import { Response, type ResultHandler, serverStatus } from '../protocol/response.js';
import { goneAway, lostDuringQuery, SqlError } from '../protocol/sql-error.js';
import { type SqlMode, sqlModeOfStatus } from '../protocol/sql-mode.js';
import { TextReply } from '../protocol/text-reply.js';
import type { Address, Endpoint } from '../target/address.js';
import type { Target } from '../target/target.js';
import { type AllowLocalFile, answerFileRequest } from './local-infile.js';
import { type LoggedIn, type Login, logIn } from './log-in.js';
import { type Seam, takeOver } from './mysql2-seam.js';
import { ReadAhead } from './read-ahead.js';

const commands = {
  quit: 0x01,
  initDb: 0x02,
  query: 0x03,
  statistics: 0x09,
  resetConnection: 0x1f,
} as const;

/**
 * Bytes of a local file that are sent at once. mysql2 compresses what is no longer than 4 kB on the
 * spot; longer pieces would queue up in memory while the socket is full.
 */
const filePiece = 128 * 1024;
const compressedFilePiece = 4000;

/** One connection to one server, on which statements run one after another. */
export class ReplicaConnection {
  readonly target: Target;
  readonly login: Login;
  /** Which of the target's endpoints took the connection; undefined for a socket file. */
  readonly endpoint: Endpoint | undefined;
  /** The IP address behind the endpoint's host. */
  readonly ipAddress: string | undefined;
  readonly serverVersion: string;
  #characterSet: CharacterSet;
  #seam: Seam;
  #mysql2: Mysql2Connection;
  #reader: PacketReader;
  readonly #readAhead: ReadAhead;
  #running: Running | undefined;
  #tls: boolean;
  /** `told`: some statement has failed of it. */
  #lost: 'no' | 'unnoticed' | 'told' = 'no';
  #status: number;
  #sqlMode: SqlMode;

  private constructor(parts: LoggedIn) {
    this.target = parts.target;
    this.login = parts.login;
    this.endpoint = parts.endpoint;
    this.ipAddress = parts.ipAddress;
    this.serverVersion = parts.serverVersion;
    this.#characterSet = parts.characterSet;
    this.#status = parts.status;
    this.#sqlMode = sqlModeOfStatus(parts.status);
    this.#mysql2 = parts.mysql2;
    this.#tls = parts.tls;
    this.#reader = new PacketReader(
      (bytes, start, end) => this.#packet(bytes, start, end),
      (bytes, start, end) => this.#packets(bytes, start, end),
      parts.login.maxAllowedPacket,
      () => this.#tooLong(),
    );
    this.#readAhead = new ReadAhead(
      { pause: () => this.#seam.pause(), resume: () => this.#seam.resume() },
      {
        take: (bytes) => this.#reader.push(bytes),
        pressure: () => this.#running?.handler.pressure(),
        fail: (error) => this.#fail(error),
      },
    );
    this.#seam = takeOver(parts.mysql2, parts.reads, (chunk) => this.#readAhead.push(chunk));
    const onLost = () => this.#onLost();
    parts.mysql2.removeAllListeners('error').on('error', onLost).on('end', onLost);
  }

  /**
   * Connects and logs in. Throws SqlError with the error that the client would print: 2002,
   * 2005, 2013, 2026, or the server's own (1045, 1049 …).
   */
  static async open(
    target: Target,
    login: Login,
    env: NodeJS.ProcessEnv,
  ): Promise<ReplicaConnection> {
    const loggedIn = await logIn(target, login, env);
    const connection = new ReplicaConnection(loggedIn);
    if (loggedIn.setsNames) await connection.query(setNames(loggedIn.characterSet), ignoreResults);
    return connection;
  }

  /**
   * The same server as a target of its own, by address: where host names or SRV records offer
   * several, a second connection must not end up on another. No database is chosen.
   */
  sameServer(): Target {
    const { address, ipAddress } = this;
    return {
      ...this.target,
      database: undefined,
      address,
      ...(ipAddress !== undefined && { lookup: async () => [ipAddress] }),
    };
  }

  /** Where the server is: of the target's endpoints the one that took the connection. */
  get address(): Address {
    const { endpoint, target } = this;
    return endpoint === undefined ? target.address : { kind: 'tcp', endpoints: [endpoint] };
  }

  get characterSet(): CharacterSet {
    return this.#characterSet;
  }

  /** Whether the server has closed the connection, as far as is known here. */
  get lost(): boolean {
    return this.#lost !== 'no';
  }

  /** Whether a statement is under way. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** The name of the cipher in use, as OpenSSL has it; undefined without TLS. */
  get cipher(): string | undefined {
    return this.#seam.cipher();
  }

  /** The server's thread id, as KILL takes it. */
  get threadId(): number {
    return this.#seam.threadId;
  }

  /** The session's SqlMode, as the server last reported it. */
  get sqlMode(): SqlMode {
    return this.#sqlMode;
  }

  /** Whether a transaction is open, or was when the connection was lost. */
  get inTransaction(): boolean {
    return (this.#status & serverStatus.inTransaction) !== 0;
  }

  /**
   * Runs SQL (one statement, or several where the delimiter let them through together) and gives
   * all results to `handler`. `sql` must not change until the promise is settled.
   * Throws SqlError; after 2006 and 2013 the connection is gone.
   *
   * `offers` says which local files the server may have (LOAD DATA LOCAL); without it, none.
   */
  query(sql: Uint8Array, handler: ResultHandler, offers?: AllowLocalFile): Promise<void> {
    return this.#answered(commands.query, sql, handler, offers);
  }

  /** Changes the current database, as `USE` does. Throws SqlError (1049, 1044 …). */
  useDatabase(name: Uint8Array): Promise<void> {
    return this.#answered(commands.initDb, name, ignoreResults);
  }

  /**
   * Makes the session as it was after the login: variables, temporary tables, locks, an open
   * transaction are gone (COM_RESET_CONNECTION). The character set stays. Throws SqlError.
   */
  async reset(): Promise<void> {
    await this.#answered(commands.resetConnection, new Uint8Array(), ignoreResults);
    await this.setCharacterSet(this.#characterSet);
  }

  /** Changes the connection's character set. Throws SqlError. */
  async setCharacterSet(set: CharacterSet): Promise<void> {
    await this.query(Buffer.from(`SET NAMES ${set.name}`), ignoreResults);
    this.#characterSet = set;
  }

  /** The server's own line of statistics (COM_STATISTICS): `Uptime: 5  Threads: 1  …`. */
  async statistics(): Promise<Uint8Array> {
    const reply = new TextReply();
    await this.#command(commands.statistics, new Uint8Array(), reply, ignoreResults);
    return reply.text;
  }

  /** Says goodbye and closes. */
  close(): void {
    if (this.#lost === 'no' && this.#running === undefined) {
      this.#seam.send(framePackets(commands.quit, new Uint8Array()));
    }
    this.#readAhead.drop();
    this.#mysql2.removeAllListeners().on('error', () => {});
    this.#mysql2.destroy();
  }

  /** Drops the connection at once, whatever is under way. */
  destroy(): void {
    this.#readAhead.drop();
    this.#onLost();
    this.#seam.destroy();
  }

  #answered(
    command: number,
    payload: Uint8Array,
    handler: ResultHandler,
    offers?: AllowLocalFile,
  ): Promise<void> {
    const onFileRequest = (name: Uint8Array, sequence: number) => {
      this.#answerFileRequest(response, name, sequence, offers).catch((error) => this.#fail(error));
    };
    const { progressReports = false } = this.login;
    const response: Response = new Response(handler, onFileRequest, progressReports);
    return this.#command(command, payload, response, handler);
  }

  async #answerFileRequest(
    response: Response,
    name: Uint8Array,
    sequence: number,
    offers: AllowLocalFile | undefined,
  ): Promise<void> {
    const length = this.login.compress ? compressedFilePiece : filePiece;
    const send = (frame: Uint8Array) => {
      // The connection may have gone away in the meantime.
      return this.#running?.response === response ? this.#seam.sendMore(frame) : undefined;
    };
    const offered = this.login.localInfile ? offers : undefined;
    response.fileError = await answerFileRequest(name, offered, sequence, length, send);
  }

  #command(
    command: number,
    payload: Uint8Array,
    response: Response | TextReply,
    handler: ResultHandler,
  ): Promise<void> {
    if (this.#lost !== 'no') return Promise.reject(this.#whyLost(command));
    return new Promise((resolve, reject) => {
      this.#running = { command, response, handler, resolve, reject };
      this.#readAhead.begin();
      this.#seam.send(framePackets(command, payload));
    });
  }

  #packet(bytes: Uint8Array, start: number, end: number): void {
    const running = this.#running;
    // Nothing was asked: the server is saying why it closes (shutdown, KILL, a timeout).
    if (running === undefined) return;
    try {
      if (!running.response.packet(bytes, start, end)) return;
      this.#takeStatus(running.response.status);
      this.#running = undefined;
      running.resolve();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What cannot be taken by the chunk is left to #packet. */
  #packets(bytes: Uint8Array, start: number, end: number): number {
    const running = this.#running;
    if (running === undefined) return start;
    try {
      return running.response.packets(bytes, start, end, this.login.maxAllowedPacket);
    } catch (error) {
      // Left to #packet, for which nothing runs any more.
      this.#fail(error);
      return start;
    }
  }

  /** A packet over --max-allowed-packet: as the client, we hang up, and say no more than that. */
  #tooLong(): void {
    const phase = this.#running?.response.phase ?? 'first';
    this.#fail(lostDuringQuery(phase, false));
    this.#lost = 'told';
    this.#seam.destroy();
  }

  #takeStatus(status: number | undefined): void {
    if (status === undefined || status === this.#status) return;
    this.#status = status;
    this.#sqlMode = sqlModeOfStatus(status);
  }

  #fail(error: unknown): void {
    const running = this.#running;
    this.#running = undefined;
    // An error in a later result leaves what the results before it have changed.
    this.#takeStatus(running?.response.status);
    running?.reject(error);
  }

  #onLost(): void {
    if (this.#lost !== 'no') return;
    this.#lost = 'unnoticed';
    // What the server has sent before counts, and may end the statement.
    this.#readAhead.whenDrained(() => this.#failLost());
  }

  #failLost(): void {
    if (this.#running === undefined) return;
    this.#lost = 'told';
    const { command, response } = this.#running;
    // The client looks which database it is in first, and keeps what it notices to itself.
    const early = command === commands.initDb;
    const error = early ? goneAway() : lostDuringQuery(response.phase, this.#tls);
    const { noRoom } = this.#readAhead;
    this.#fail(noRoom === undefined ? error : withReason(error, noRoom.message));
  }

  /**
   * Why nothing can be asked. The client notices a lost connection when it waits for the answer to
   * a statement, and knows from then on; changing the database it knows at once (observed).
   */
  #whyLost(command: number): SqlError {
    const unnoticed = this.#lost === 'unnoticed' && command === commands.query;
    this.#lost = 'told';
    return unnoticed ? lostDuringQuery('first', this.#tls) : goneAway();
  }
}

/** The error of a server that hung up because it was held back for too long, and why it was. */
function withReason({ errno, sqlState, text, phase }: SqlError, reason: string): SqlError {
  return new SqlError(errno, sqlState, `${Buffer.from(text).toString()}; ${reason}`, phase);
}

interface Running {
  command: number;
  response: Response | TextReply;
  handler: ResultHandler;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** For statements whose results nobody asked for. */
export const ignoreResults: ResultHandler = {
  ok() {},
  resultSet() {},
  row() {},
  takeRows: leaveRows,
  endOfRows() {},
  pressure: () => undefined,
};

function setNames({ name }: CharacterSet): Uint8Array {
  return Buffer.from(`SET NAMES ${name}`);
}
