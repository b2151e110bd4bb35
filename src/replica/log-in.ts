import type { Socket } from 'node:net';
import { userInfo } from 'node:os';
import {
  type ConnectionOptions,
  createConnection,
  type Connection as Mysql2Connection,
} from 'mysql2';
import type { ConnectSettings } from '../cli/settings.js';
import type { CharacterSet } from '../protocol/character-sets.js';
import { progressCapability } from '../protocol/progress-report.js';
import {
  brokenLoginError,
  lostConnectionError,
  malformedPacketError,
  SqlError,
  systemErrors,
} from '../protocol/sql-error.js';
import { type Endpoint, getSocketPath } from '../target/address.js';
import type { Target } from '../target/target.js';
import { toExactBytes } from '../text/exact-bytes.js';
import {
  type AskQuestion,
  createAuthenticationPlugins,
  unknownPluginError,
} from './authentication.js';
import type { BufferedReader } from './buffered-reader.js';
import { chooseCharacterSet } from './character-set.js';
import { readGreeting } from './greeting.js';
import {
  guardLogin,
  hashPassword,
  offerCapability,
  replaceStartTls,
  setCollation,
} from './mysql2-internals.js';
import { openSocket } from './open-socket.js';
import { planTls, startTls } from './tls.js';
import { toTlsError } from './tls-error.js';

/**
 * Settings of a login: ConnectSettings with the password that the user typed, if it had to be
 * typed.
 */
export type Login = Omit<ConnectSettings, 'password'> & {
  password: string | undefined;
  /** Shows a question of the server to the user. Without it, the answer is empty. */
  ask?: AskQuestion;
  /** See SocketOptions. */
  onSocket?: (socket: Socket) => void;
  /** Requests progress reports for long statements. */
  progressReports?: boolean;
};

/**
 * Changes to mysql2's default flags. The client does not set FOUND_ROWS and ODBC, which change the
 * number of affected rows and the meaning of SQL.
 */
const connectionFlags = ['-FOUND_ROWS', '-ODBC', 'INTERACTIVE'];

/**
 * The collation with which mysql2 writes each code unit of a text as one byte. So it sends names
 * whose code units are bytes, and decodes error texts to their bytes. The client sends and prints
 * bytes unchanged, too, whatever the character set.
 */
const latin1Collation = 8;

/** A connection that is ready for its first command, and what the login found out about it. */
export interface LoginResult {
  target: Target;
  login: Login;
  endpoint: Endpoint | undefined;
  ipAddress: string | undefined;
  serverVersion: string;
  characterSet: CharacterSet;
  tls: boolean;
  /** The server's status flags at the start of the session. */
  status: number;
  mysql2: Mysql2Connection;
  reader: BufferedReader;
}

/**
 * Connects to a target and logs in: socket, greeting, TLS, authentication. Throws SqlError with the
 * error that the client would print: 2002, 2005, 2013, 2026, or an error of the server (1045, 1049
 * …).
 */
export async function logIn(
  target: Target,
  login: Login,
  env: NodeJS.ProcessEnv,
): Promise<LoginResult> {
  const { connectTimeout, onSocket } = login;
  const socketPromise = openSocket(target, { timeoutSeconds: connectTimeout, onSocket });
  // Avoid an unhandled rejection: the promise is awaited below, perhaps after it was rejected.
  socketPromise.catch(() => {});
  const characterSet = await chooseCharacterSet(login.characterSet, env).catch((error) => {
    // The socket may still connect. Destroy it, or the server would reset it only after seconds.
    socketPromise.then(({ reader }) => reader.socket.destroy()).catch(() => {});
    throw error;
  });
  const { reader, endpoint } = await socketPromise;
  const { socket } = reader;
  const { serverVersion, offersTls, status } = await readGreeting(
    socket,
    login.connectTimeout,
    login.tls.enabled || login.tls.verifyServerCert,
  );
  const isTcp = target.address.kind === 'tcp';
  const tls = planOrDestroy(socket, () => planTls(login.tls, { offersTls, isTcp }, env));
  const password = toExactBytes(login.password ?? '');
  const host = endpoint?.host ?? 'localhost';
  const socketPath = getSocketPath(target.address);
  const options: ConnectionOptions = {
    stream: socket,
    // This program does TLS itself, so mysql2 does not need the host name. node:net would take 7 ms
    // to determine that a name is not an address.
    host: '127.0.0.1',
    user: toCodeUnits(login.user ?? getSystemUser()),
    // What is sent to the server: see setCollation.
    charsetNumber: latin1Collation,
    connectTimeout: login.connectTimeout * 1000,
    multipleStatements: true,
    ...hashPassword(password),
    authPlugins: createAuthenticationPlugins(password, {
      hasTls: tls !== undefined,
      isLocal: socketPath !== undefined,
      enableCleartextPlugin: login.enableCleartextPlugin,
      ask: login.ask,
    }),
    compress: login.compress,
    maxPreparedStatements: 1,
    flags: buildFlags(login),
    connectAttributes: { program_name: 'analytics-mysql' },
    ...(target.database !== undefined && { database: toCodeUnits(target.database) }),
    ...(socketPath !== undefined && { socketPath }),
    // mysql2 only requests TLS. This program performs the TLS handshake and the checks.
    ...(tls !== undefined && { ssl: { rejectUnauthorized: false } }),
  };
  const mysql2 = createConnection(options);
  guardLogin(mysql2);
  setCollation(mysql2, characterSet.collation);
  if (login.progressReports) offerCapability(mysql2, progressCapability);
  if (tls !== undefined) {
    replaceStartTls(mysql2, (stream, done) => startTls(stream, tls, host, done));
  }
  socket.resume();
  await waitForLogin(mysql2);
  return {
    target,
    login,
    endpoint,
    ipAddress: socket.remoteAddress,
    serverVersion,
    characterSet,
    tls: tls !== undefined,
    status,
    mysql2,
    reader,
  };
}

/** Returns a name as the text whose code units are its bytes. */
function toCodeUnits(name: string): string {
  return toExactBytes(name).toString('latin1');
}

/** Returns mysql2's names of the capabilities for the handshake, according to the options. */
function buildFlags({ expiredPassword, ignoreSpaces, localInfile }: Login): string[] {
  return [
    ...connectionFlags,
    localInfile !== 'none' ? 'LOCAL_FILES' : '-LOCAL_FILES',
    ...(ignoreSpaces ? [] : ['-IGNORE_SPACE']),
    ...(expiredPassword ? ['CAN_HANDLE_EXPIRED_PASSWORDS'] : []),
  ];
}

function waitForLogin(mysql2: Mysql2Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    mysql2.once('connect', () => resolve());
    mysql2.on('error', (error: Mysql2Error) => {
      mysql2.destroy();
      reject(toLoginError(error));
    });
  });
}

interface Mysql2Error extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
}

/** Returns the system's user name, the default for the login. */
function getSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // The system has no name for this user id.
    return 'UNKNOWN_USER';
  }
}

/** Returns the result of `plan`. If it throws, destroys the socket and rethrows. */
function planOrDestroy<T>(socket: Socket, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Converts an error of mysql2 to the error that the client reports, with its number and text. */
function toLoginError(error: Mysql2Error): SqlError {
  if (error instanceof SqlError) return error;
  const { code = '', errno, sqlState } = error;
  if (errno !== undefined && errno >= 1000) {
    // 2000–2999 are errors of the client. From a server they mean a malformed packet.
    if (errno >= 2000 && errno < 3000) {
      return malformedPacketError('connect');
    }
    const text = Buffer.from(error.message, 'latin1');
    return new SqlError(errno, sqlState || 'HY000', text, 'connect');
  }
  if (code === 'HANDSHAKE_SSL_ERROR' || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL')) {
    return toTlsError(error);
  }
  const plugin = /using unknown plugin ([\s\S]*)\. See /.exec(error.message)?.[1];
  if (plugin !== undefined) return unknownPluginError(plugin);
  if (code === 'HANDSHAKE_UNKNOWN_ERROR' || code === 'AUTH_SWITCH_PLUGIN_ERROR') {
    return brokenLoginError();
  }
  const number = code === 'ETIMEDOUT' ? systemErrors.timedOut : systemErrors.again;
  return lostConnectionError('reading authorization packet', number);
}
