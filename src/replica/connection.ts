import type { Connection as Mysql2Connection } from 'mysql2';
import { type CharacterSet, findCharacterSet } from '../protocol/character-sets.js';
import { framePackets, type PacketProblem, PacketReader } from '../protocol/packet-reader.js';
import { countPackets, type RowsTaken, takeNoRows } from '../protocol/packets.js';
import { Response, type ResultHandler, serverStatus } from '../protocol/response.js';
import {
  clientErrors,
  goneAwayError,
  lostDuringQueryError,
  malformedPacketError,
  SqlError,
} from '../protocol/sql-error.js';
import { type SqlMode, sqlModeFromStatus } from '../protocol/sql-mode.js';
import { TextResponse } from '../protocol/text-response.js';
import type { Address, Endpoint } from '../target/address.js';
import type { Target } from '../target/target.js';
import { type AllowLocalFile, answerFileRequest } from './local-infile.js';
import { type Login, type LoginResult, logIn } from './log-in.js';
import { type CommandChannel, takeOverConnection } from './mysql2-internals.js';
import { ReadAhead } from './read-ahead.js';

/* Runs commands on a connection to one MariaDB server and passes their results to handlers. */

const commands = {
  quit: 0x01,
  initDb: 0x02,
  query: 0x03,
  statistics: 0x09,
  resetConnection: 0x1f,
} as const;

/**
 * Bytes of a local file per packet. mysql2 compresses up to 4 kB synchronously. Longer chunks would
 * accumulate in memory while the socket is full.
 */
const fileChunkLength = 128 * 1024;
const compressedFileChunkLength = 4000;

/** In bytes. A longer command is not sent at once, so that sending it can fail on any connection. */
const longCommand = 64 * 1024;

/** A connection to one server. It runs one command at a time. */
export class ReplicaConnection {
  readonly target: Target;
  readonly login: Login;
  /** The endpoint of the target that accepted the connection; undefined for a socket file. */
  readonly endpoint: Endpoint | undefined;
  /** The IP address of the endpoint's host. */
  readonly ipAddress: string | undefined;
  readonly serverVersion: string;
  #characterSet: CharacterSet;
  #channel: CommandChannel;
  #mysql2: Mysql2Connection;
  #reader: PacketReader;
  readonly #readAhead: ReadAhead;
  #runningCommand: RunningCommand | undefined;
  #tls: boolean;
  /**
   * Whether the connection is lost. `reported`: a command has already failed because of the loss.
   */
  #lost: 'no' | 'unnoticed' | 'reported' = 'no';
  /** The system refuses, or would refuse, to send anything on the lost connection. */
  #refusesToSend = false;
  #status: number;
  #sqlMode: SqlMode;
  #bytesReceived = 0;

  private constructor(loginResult: LoginResult) {
    this.target = loginResult.target;
    this.login = loginResult.login;
    this.endpoint = loginResult.endpoint;
    this.ipAddress = loginResult.ipAddress;
    this.serverVersion = loginResult.serverVersion;
    this.#characterSet = loginResult.characterSet;
    this.#status = loginResult.status;
    this.#sqlMode = sqlModeFromStatus(loginResult.status);
    this.#mysql2 = loginResult.mysql2;
    this.#tls = loginResult.tls;
    this.#reader = new PacketReader(
      (bytes, start, end) => this.#onPacket(bytes, start, end),
      (bytes, start, end) => this.#onRowBatch(bytes, start, end),
      loginResult.login.maxAllowedPacket,
      (problem) => this.#onPacketProblem(problem),
    );
    this.#readAhead = new ReadAhead(
      { pause: () => this.#channel.pause(), resume: () => this.#channel.resume() },
      {
        take: (bytes) => this.#reader.push(bytes),
        backPressure: () => this.#runningCommand?.handler.backPressure(),
        fail: (error) => this.#fail(error),
      },
    );
    this.#channel = takeOverConnection(loginResult.mysql2, loginResult.reader, {
      take: (chunk) => {
        this.#bytesReceived += chunk.length;
        this.#readAhead.push(chunk);
      },
      isNumbered: () => this.#runningCommand?.sendsFile === false,
      onMalformed: () => this.#onMalformedCompression(),
    });
    loginResult.mysql2
      .removeAllListeners('error')
      .on('error', (error: NodeJS.ErrnoException) => this.#onLost(error))
      .on('end', () => this.#onLost());
  }

  /**
   * Connects and logs in. Throws SqlError with the error that the client would print: 2002,
   * 2005, 2013, 2026, or an error of the server (1045, 1049 …).
   */
  static async open(
    target: Target,
    login: Login,
    env: NodeJS.ProcessEnv,
  ): Promise<ReplicaConnection> {
    const loginResult = await logIn(target, login, env);
    return new ReplicaConnection(loginResult);
  }

  /**
   * Returns a target that leads to this server, by IP address. If a host name or an SRV record
   * leads to several servers, a second connection must not reach another one. The target has no
   * database.
   */
  getServerTarget(): Target {
    const { address, ipAddress } = this;
    return {
      ...this.target,
      database: undefined,
      address,
      ...(ipAddress !== undefined && { lookup: async () => [ipAddress] }),
    };
  }

  /** The address of this server: the endpoint of the target that accepted the connection. */
  get address(): Address {
    const { endpoint, target } = this;
    return endpoint === undefined ? target.address : { kind: 'tcp', endpoints: [endpoint] };
  }

  get characterSet(): CharacterSet {
    return this.#characterSet;
  }

  /** Whether the connection is known to be closed by the server. */
  get isLost(): boolean {
    return this.#lost !== 'no';
  }

  /** Whether a command is running. */
  get isBusy(): boolean {
    return this.#runningCommand !== undefined;
  }

  /** The number of bytes that the server has sent after the login. */
  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  /** OpenSSL's name of the cipher in use; undefined without TLS. */
  get cipher(): string | undefined {
    return this.#channel.cipher();
  }

  /** The server's thread id, for KILL. */
  get threadId(): number {
    return this.#channel.threadId;
  }

  /** The session's SqlMode, as the server last reported it. */
  get sqlMode(): SqlMode {
    return this.#sqlMode;
  }

  /** Whether a transaction is open, or was open when the connection was lost. */
  get inTransaction(): boolean {
    return (this.#status & serverStatus.inTransaction) !== 0;
  }

  /**
   * Runs SQL and passes all results to `handler`. `sql` is one statement, or several if the
   * delimiter did not separate them. It must not change until the promise is settled. Throws
   * SqlError; after 2006 and 2013 the connection is lost.
   *
   * `allowsFile` decides which local files the server may read (LOAD DATA LOCAL); without it, none.
   */
  query(sql: Uint8Array, handler: ResultHandler, allowsFile?: AllowLocalFile): Promise<void> {
    return this.#sendAndRead(commands.query, sql, handler, allowsFile);
  }

  /** Changes the current database, as `USE` does. Throws SqlError (1049, 1044 …). */
  useDatabase(name: Uint8Array): Promise<void> {
    return this.#sendAndRead(commands.initDb, name, ignoreResults);
  }

  /**
   * Resets the session to its state after the login (COM_RESET_CONNECTION): the server discards
   * variables, temporary tables, locks and an open transaction. Keeps the character set. Throws
   * SqlError.
   */
  async reset(): Promise<void> {
    await this.#sendAndRead(commands.resetConnection, new Uint8Array(), ignoreResults);
    await this.setCharacterSet(this.#characterSet);
  }

  /** Changes the connection's character set. Throws SqlError. */
  async setCharacterSet(set: CharacterSet): Promise<void> {
    await this.query(Buffer.from(`SET NAMES ${set.name}`), ignoreResults);
    this.#characterSet = set;
  }

  /** Changes `characterSet` to the one that a statement has set. Ignores an unknown name. */
  assumeCharacterSet(name: string): void {
    this.#characterSet = findCharacterSet(name) ?? this.#characterSet;
  }

  /** Returns the server's line of statistics (COM_STATISTICS): `Uptime: 5  Threads: 1  …`. */
  async statistics(): Promise<Uint8Array> {
    const reply = new TextResponse();
    await this.#sendCommand(commands.statistics, new Uint8Array(), reply, ignoreResults);
    return reply.text;
  }

  /** Sends COM_QUIT if no command is running, then closes the connection. */
  close(): void {
    if (this.#lost === 'no' && this.#runningCommand === undefined) {
      this.#channel.send(framePackets(commands.quit, new Uint8Array()));
    }
    this.#readAhead.drop();
    this.#mysql2.removeAllListeners().on('error', () => {});
    this.#mysql2.destroy();
  }

  /** Closes the connection immediately, even if a command is running. */
  destroy(): void {
    this.#readAhead.drop();
    this.#onLost();
    this.#channel.destroy();
  }

  #sendAndRead(
    command: number,
    payload: Uint8Array,
    handler: ResultHandler,
    allowsFile?: AllowLocalFile,
  ): Promise<void> {
    const onFileRequest = (name: Uint8Array, sequence: number) => {
      // The server may answer before it has received the whole file.
      this.#reader.expectSequence(undefined);
      if (this.#runningCommand !== undefined) this.#runningCommand.sendsFile = true;
      this.#answerFileRequest(response, name, sequence, allowsFile).catch((error) =>
        this.#fail(error),
      );
    };
    const { progressReports = false } = this.login;
    const response: Response = new Response(handler, onFileRequest, progressReports);
    return this.#sendCommand(command, payload, response, handler);
  }

  async #answerFileRequest(
    response: Response,
    name: Uint8Array,
    sequence: number,
    allowsFile: AllowLocalFile | undefined,
  ): Promise<void> {
    const chunkLength = this.login.compress ? compressedFileChunkLength : fileChunkLength;
    const send = (frame: Uint8Array) => {
      // The connection may have been lost in the meantime.
      return this.#runningCommand?.response === response
        ? this.#channel.sendMore(frame)
        : undefined;
    };
    const effectivePolicy = this.login.localInfile === 'none' ? undefined : allowsFile;
    response.fileError = await answerFileRequest(
      name,
      effectivePolicy,
      sequence,
      chunkLength,
      send,
    );
  }

  #sendCommand(
    command: number,
    payload: Uint8Array,
    response: Response | TextResponse,
    handler: ResultHandler,
  ): Promise<void> {
    if (this.#lost !== 'no') return Promise.reject(this.#createLostError(command));
    return new Promise((resolve, reject) => {
      const isLong = payload.length > longCommand;
      this.#runningCommand = {
        command,
        response,
        handler,
        isLong,
        sendsFile: false,
        resolve,
        reject,
      };
      this.#readAhead.begin();
      // The packets of the command are numbered from 0; those of the response continue. With
      // compression, each result continues the numbers of the compressed packets (observed: 10.11),
      // which the channel checks.
      const packets = countPackets(1 + payload.length);
      // The server may answer before it has received all of them.
      const sequence = packets === 1 ? 1 : 'any';
      this.#reader.expectSequence(this.login.compress ? undefined : sequence);
      this.#channel.send(framePackets(command, payload));
    });
  }

  #onPacket(bytes: Uint8Array, start: number, end: number): void {
    const running = this.#runningCommand;
    // No command is running: the packet says why the server closes (shutdown, KILL, a timeout).
    if (running === undefined) return;
    try {
      if (!running.response.readPacket(bytes, start, end)) return;
      this.#updateStatus(running.response.status);
      this.#runningCommand = undefined;
      this.#reader.expectSequence(undefined);
      running.resolve();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Passes rows in batches to the handler. The reader passes the other packets to #onPacket. */
  #onRowBatch(bytes: Uint8Array, start: number, end: number): RowsTaken | undefined {
    const running = this.#runningCommand;
    if (running === undefined) return undefined;
    try {
      return running.response.readRowBatch(bytes, start, end, this.login.maxAllowedPacket);
    } catch (error) {
      // No command is running any more, so #onPacket ignores the remaining packets.
      this.#fail(error);
      return undefined;
    }
  }

  /**
   * Closes the connection because of a packet longer than --max-allowed-packet, which the client
   * reports as a lost connection, or because packets are missing or repeated.
   */
  #onPacketProblem(problem: PacketProblem): void {
    const phase = this.#runningCommand?.response.phase ?? 'first';
    const isTooLong = problem === 'too long';
    this.#fail(isTooLong ? lostDuringQueryError(phase, false) : malformedPacketError(phase));
    this.#breakOff();
  }

  /** The bytes that arrived before are processed first: they may complete the command. */
  #onMalformedCompression(): void {
    this.#breakOff();
    this.#readAhead.whenDrained(() =>
      this.#fail(malformedPacketError(this.#runningCommand?.response.phase ?? 'first')),
    );
  }

  #breakOff(): void {
    this.#lost = 'reported';
    this.#channel.destroy();
  }

  #updateStatus(status: number | undefined): void {
    if (status === undefined || status === this.#status) return;
    this.#status = status;
    this.#sqlMode = sqlModeFromStatus(status);
  }

  #fail(error: unknown): void {
    const running = this.#runningCommand;
    this.#runningCommand = undefined;
    // After an error in a later result, the status changes of the earlier results remain.
    this.#updateStatus(running?.response.status);
    running?.reject(error);
    this.#reader.expectSequence(undefined);
    // The beginning of the next response is unknown.
    if (isMalformedPacket(error)) this.#breakOff();
  }

  #onLost(error?: NodeJS.ErrnoException): void {
    if (this.#lost !== 'no') return;
    this.#lost = 'unnoticed';
    // After the end of a TCP stream the system still accepts bytes, but not after the end of a
    // UNIX socket, nor after a reset.
    const isUnixSocket = this.endpoint === undefined;
    const running = this.#runningCommand;
    // A write that fails on a TCP stream may be that of TLS, which answers the end of the stream.
    this.#refusesToSend =
      running === undefined
        ? isUnixSocket || error?.code === 'ECONNRESET'
        : error?.syscall === 'write' && (isUnixSocket || running.isLong);
    // Process the bytes that arrived before the loss: they may complete the command.
    this.#readAhead.whenDrained(() => this.#reportLoss());
  }

  #reportLoss(): void {
    if (this.#runningCommand === undefined) return;
    this.#lost = 'reported';
    const { command, response } = this.#runningCommand;
    // Before COM_INIT_DB the client queries the current database, and does not report that error.
    const isGone = command === commands.initDb || this.#refusesToSend;
    const error = isGone ? goneAwayError() : lostDuringQueryError(response.phase, this.#tls);
    const { spillError } = this.#readAhead;
    this.#fail(spillError === undefined ? error : appendReason(error, spillError.message));
  }

  /**
   * Returns the error for a command on a lost connection. Observed: if the client can still send
   * the statement, it notices the loss when it waits for the response; otherwise, and from then on,
   * it reports 2006. When it changes the database, it reports 2006 at once.
   */
  #createLostError(command: number): SqlError {
    const unnoticed =
      this.#lost === 'unnoticed' && command === commands.query && !this.#refusesToSend;
    this.#lost = 'reported';
    return unnoticed ? lostDuringQueryError('first', this.#tls) : goneAwayError();
  }
}

function isMalformedPacket(error: unknown): boolean {
  return error instanceof SqlError && error.errno === clientErrors.malformedPacket;
}

/**
 * Returns the error with a reason appended: the server closed the connection after it had to wait
 * too long.
 */
function appendReason({ errno, sqlState, text, phase }: SqlError, reason: string): SqlError {
  return new SqlError(errno, sqlState, `${Buffer.from(text).toString()}; ${reason}`, phase);
}

interface RunningCommand {
  command: number;
  response: Response | TextResponse;
  handler: ResultHandler;
  /** The system does not accept the whole command at once. */
  isLong: boolean;
  /** The server has requested a local file. */
  sendsFile: boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Discards all results. */
export const ignoreResults: ResultHandler = {
  ok() {},
  resultSet() {},
  row() {},
  takeRows: takeNoRows,
  endOfRows() {},
  backPressure: () => undefined,
};
