import type { Socket } from 'node:net';
import { userInfo } from 'node:os';
import {
  type ConnectionOptions,
  createConnection,
  type Connection as Mysql2Connection,
} from 'mysql2';
import type { ConnectSettings } from '../cli/settings.js';
import type { Endpoint, Target } from '../target/target.js';
import { type Ask, authenticationPlugins, unknownPlugin } from './authentication.js';
import { type CharacterSet, chooseCharacterSet } from './character-set.js';
import { readGreeting } from './greeting.js';
import { answerFileRequest, type OffersFile } from './local-file.js';
import { type Seam, secureBy, takeOver } from './mysql2-seam.js';
import { openSocket } from './open-socket.js';
import { framePackets, PacketReader } from './packet-reader.js';
import {
  clientErrors,
  goneAway,
  lostConnection,
  lostDuringQuery,
  ReplicaError,
  systemErrors,
} from './replica-error.js';
import { Response, type ResultHandler, serverStatus } from './response.js';
import { TextReply } from './text-reply.js';
import { planTls, startTls } from './tls.js';
import { asTlsError } from './tls-error.js';

/** ConnectSettings with the password asked for, where it had to be. */
export type Login = Omit<ConnectSettings, 'password'> & {
  password: string | undefined;
  /** Puts a question of the server's to the user; without it the answer is empty. */
  ask?: Ask;
};

const commands = { quit: 0x01, initDb: 0x02, query: 0x03, statistics: 0x09 } as const;

/**
 * mysql2's defaults that change what SQL means or what is counted, and that the client does not
 * set, are taken away.
 */
const flags = ['-FOUND_ROWS', '-ODBC', 'INTERACTIVE'];

/**
 * Bytes of a local file that are sent at once. mysql2 compresses what is no longer than 4 kB on the
 * spot; longer pieces would queue up in memory while the socket is full.
 */
const filePiece = 128 * 1024;
const compressedFilePiece = 4000;

/** The sets that mysql2 cannot write a user's name in: for them it logs in with another. */
const withoutCodec = new Set(['dec8', 'eucjpms', 'geostd8', 'hp8', 'keybcs2', 'swe7']);
const latin1 = 8;

/** One connection to one server, on which statements run one after another. */
export class ReplicaConnection {
  readonly target: Target;
  readonly login: Login;
  /** Which of the target's endpoints took the connection; undefined for a socket file. */
  readonly endpoint: Endpoint | undefined;
  /** The IP address behind the endpoint's host. */
  readonly address: string | undefined;
  readonly serverVersion: string;
  #characterSet: CharacterSet;
  #seam: Seam;
  #mysql2: Mysql2Connection;
  #reader: PacketReader;
  #running: Running | undefined;
  #tls: boolean;
  /** `told`: some statement has failed of it. */
  #lost: 'no' | 'unnoticed' | 'told' = 'no';
  #status = 0;

  private constructor(parts: ConnectedParts) {
    this.target = parts.target;
    this.login = parts.login;
    this.endpoint = parts.endpoint;
    this.address = parts.address;
    this.serverVersion = parts.serverVersion;
    this.#characterSet = parts.characterSet;
    this.#mysql2 = parts.mysql2;
    this.#tls = parts.tls;
    this.#reader = new PacketReader(
      (bytes, start, end) => this.#packet(bytes, start, end),
      parts.login.maxAllowedPacket,
      () => this.#tooLong(),
    );
    this.#seam = takeOver(parts.mysql2, (chunk) => this.#chunk(chunk));
    const onLost = () => this.#onLost();
    parts.mysql2.removeAllListeners('error').on('error', onLost).on('end', onLost);
  }

  /**
   * Connects and logs in. Throws ReplicaError with the error that the client would print: 2002,
   * 2005, 2013, 2026, or the server's own (1045, 1049 …).
   */
  static async open(
    target: Target,
    login: Login,
    env: NodeJS.ProcessEnv,
  ): Promise<ReplicaConnection> {
    const [{ socket, endpoint }, characterSet] = await Promise.all([
      openSocket(target, login.connectTimeout),
      chooseCharacterSet(login.characterSet, env),
    ]);
    const { serverVersion, offersTls } = await readGreeting(
      socket,
      login.connectTimeout,
      login.tls.enabled || login.tls.verifyServerCert,
    );
    const tls = planOrHangUp(socket, () => planTls(login.tls, offersTls, env));
    const password = login.password ?? '';
    const host = endpoint?.host ?? 'localhost';
    const options: ConnectionOptions = {
      stream: socket,
      // TLS is ours, so that mysql2 need not know the name; node:net takes 7 ms to see that one is no
      // address.
      host: '127.0.0.1',
      user: login.user ?? systemUser(),
      charsetNumber: withoutCodec.has(characterSet.name) ? latin1 : characterSet.collation,
      connectTimeout: login.connectTimeout * 1000,
      multipleStatements: true,
      // As the client: whether the password may go out as it is, is the server's decision.
      enableCleartextPlugin: true,
      // Never undefined: some of mysql2's ways to log in would send that word.
      password,
      authPlugins: authenticationPlugins(password, login.ask),
      compress: login.compress,
      maxPreparedStatements: 1,
      flags: flagsFor(login),
      connectAttributes: { program_name: 'analytics-mysql' },
      ...(target.database !== undefined && { database: target.database }),
      ...(target.socketPath !== undefined && { socketPath: target.socketPath }),
      // mysql2 only has to ask for TLS: how it is done and checked is ours.
      ...(tls !== undefined && { ssl: { rejectUnauthorized: false } }),
    };
    const mysql2 = createConnection(options);
    if (tls !== undefined) {
      secureBy(mysql2, (stream, done) => startTls(stream, tls, host, done));
    }
    socket.resume();
    await loggedIn(mysql2);
    const connection = new ReplicaConnection({
      target,
      login,
      endpoint,
      address: socket.remoteAddress,
      serverVersion,
      characterSet,
      tls: tls !== undefined,
      mysql2,
    });
    if (withoutCodec.has(characterSet.name)) {
      await connection.query(Buffer.from(`SET NAMES ${characterSet.name}`), ignoreResults);
    }
    return connection;
  }

  /**
   * The same server as a target of its own, by address: where host names or SRV records offer
   * several, a second connection must not end up on another. No database is chosen.
   */
  sameServer(): Target {
    const { endpoint, address } = this;
    return {
      ...this.target,
      database: undefined,
      ...(endpoint !== undefined && { endpoints: [endpoint] }),
      ...(address !== undefined && { lookup: async () => [address] }),
    };
  }

  get characterSet(): CharacterSet {
    return this.#characterSet;
  }

  /** The name of the cipher in use, as OpenSSL has it; undefined without TLS. */
  get cipher(): string | undefined {
    return this.#seam.cipher();
  }

  /** The server's thread id, as KILL takes it. */
  get threadId(): number {
    return this.#seam.threadId;
  }

  /** Whether the session's sql_mode takes a backslash in a string for itself. */
  get noBackslashEscapes(): boolean {
    return (this.#status & serverStatus.noBackslashEscapes) !== 0;
  }

  /**
   * Runs SQL (one statement, or several where the delimiter let them through together) and gives
   * all results to `handler`. `sql` must not change until the promise is settled.
   * Throws ReplicaError; after 2006 and 2013 the connection is gone.
   *
   * `offers` says which local files the server may have (LOAD DATA LOCAL); without it, none.
   */
  query(sql: Uint8Array, handler: ResultHandler, offers?: OffersFile): Promise<void> {
    return this.#answered(commands.query, sql, handler, offers);
  }

  /** Changes the current database, as `USE` does. Throws ReplicaError (1049, 1044 …). */
  useDatabase(name: Uint8Array): Promise<void> {
    return this.#answered(commands.initDb, name, ignoreResults);
  }

  /** Changes the connection's character set. Throws ReplicaError. */
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
    this.#mysql2.removeAllListeners().on('error', () => {});
    this.#mysql2.destroy();
  }

  /** Drops the connection at once, whatever is under way. */
  destroy(): void {
    this.#onLost();
    this.#seam.destroy();
  }

  #answered(
    command: number,
    payload: Uint8Array,
    handler: ResultHandler,
    offers?: OffersFile,
  ): Promise<void> {
    const response: Response = new Response(handler, (name, sequence) => {
      this.#answerFileRequest(response, name, sequence, offers).catch((error) => this.#fail(error));
    });
    return this.#command(command, payload, response, handler);
  }

  async #answerFileRequest(
    response: Response,
    name: Uint8Array,
    sequence: number,
    offers: OffersFile | undefined,
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
      this.#seam.send(framePackets(command, payload));
    });
  }

  #chunk(chunk: Uint8Array): void {
    const running = this.#running;
    this.#reader.push(chunk);
    const wait = running?.handler.pressure();
    if (wait === undefined) return;
    this.#seam.pause();
    wait.then(
      () => this.#seam.resume(),
      (error) => this.#fail(error),
    );
  }

  #packet(bytes: Uint8Array, start: number, end: number): void {
    const running = this.#running;
    // Nothing was asked: the server is saying why it closes (shutdown, KILL, a timeout).
    if (running === undefined) return;
    try {
      if (!running.response.packet(bytes, start, end)) return;
      this.#status = running.response.status ?? this.#status;
      this.#running = undefined;
      running.resolve();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A packet over --max-allowed-packet: as the client, we hang up, and say no more than that. */
  #tooLong(): void {
    const phase = this.#running?.response.phase ?? 'first';
    this.#fail(lostDuringQuery(phase, false));
    this.#lost = 'told';
    this.#seam.destroy();
  }

  #fail(error: unknown): void {
    const running = this.#running;
    this.#running = undefined;
    running?.reject(error);
  }

  #onLost(): void {
    if (this.#lost !== 'no') return;
    this.#lost = 'unnoticed';
    if (this.#running === undefined) return;
    this.#lost = 'told';
    const { command, response } = this.#running;
    // The client looks which database it is in first, and keeps what it notices to itself.
    const early = command === commands.initDb;
    this.#fail(early ? goneAway() : lostDuringQuery(response.phase, this.#tls));
  }

  /**
   * Why nothing can be asked. The client notices a lost connection when it waits for the answer to
   * a statement, and knows from then on; changing the database it knows at once (observed).
   */
  #whyLost(command: number): ReplicaError {
    const unnoticed = this.#lost === 'unnoticed' && command === commands.query;
    this.#lost = 'told';
    return unnoticed ? lostDuringQuery('first', this.#tls) : goneAway();
  }
}

interface ConnectedParts {
  target: Target;
  login: Login;
  endpoint: Endpoint | undefined;
  address: string | undefined;
  serverVersion: string;
  characterSet: CharacterSet;
  tls: boolean;
  mysql2: Mysql2Connection;
}

interface Running {
  command: number;
  response: Response | TextReply;
  handler: ResultHandler;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** What the handshake says that we can, by the options that change it. */
function flagsFor({ expiredPassword, ignoreSpaces, localInfile }: Login): string[] {
  return [
    ...flags,
    localInfile ? 'LOCAL_FILES' : '-LOCAL_FILES',
    ...(ignoreSpaces ? [] : ['-IGNORE_SPACE']),
    ...(expiredPassword ? ['CAN_HANDLE_EXPIRED_PASSWORDS'] : []),
  ];
}

/** For statements whose results nobody asked for. */
export const ignoreResults: ResultHandler = {
  ok() {},
  resultSet() {},
  row() {},
  endOfRows() {},
  pressure: () => undefined,
};

function loggedIn(mysql2: Mysql2Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    mysql2.once('connect', () => resolve());
    mysql2.on('error', (error: Mysql2Error) => {
      mysql2.destroy();
      reject(loginError(error));
    });
  });
}

interface Mysql2Error extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
}

/** The name to log in with where none was given: the system's. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A number without a name.
    return 'UNKNOWN_USER';
  }
}

/** What `plan` gives; if it throws, the connection is closed. */
function planOrHangUp<T>(socket: Socket, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** mysql2's error, in the words and with the number of the client. */
function loginError(error: Mysql2Error): ReplicaError {
  if (error instanceof ReplicaError) return error;
  const { code = '', errno, sqlState } = error;
  if (errno !== undefined && errno >= 1000) {
    // A server has no business with the numbers of the client's own errors.
    if (errno >= 2000 && errno < 3000) {
      const text = 'Received malformed packet';
      return new ReplicaError(clientErrors.malformedPacket, 'HY000', text, 'connect');
    }
    return new ReplicaError(errno, sqlState || 'HY000', error.message, 'connect');
  }
  if (code === 'HANDSHAKE_SSL_ERROR' || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL')) {
    return asTlsError(error);
  }
  const plugin = /using unknown plugin ([\s\S]*)\. See /.exec(error.message)?.[1];
  if (plugin !== undefined) return unknownPlugin(plugin);
  if (code === 'HANDSHAKE_UNKNOWN_ERROR' || code === 'AUTH_SWITCH_PLUGIN_ERROR') {
    const text = `Can't connect to server (${systemErrors.again}).`;
    return new ReplicaError(clientErrors.lost, 'HY000', text, 'connect');
  }
  const number = code === 'ETIMEDOUT' ? systemErrors.timedOut : systemErrors.again;
  return lostConnection('reading authorization packet', number);
}
