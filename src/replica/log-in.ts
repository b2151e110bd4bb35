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
import { clientErrors, lostConnection, SqlError, systemErrors } from '../protocol/sql-error.js';
import { type Endpoint, socketPathOf } from '../target/address.js';
import type { Target } from '../target/target.js';
import { type AskQuestion, authenticationPlugins, unknownPlugin } from './authentication.js';
import type { BufferedReader } from './buffered-reader.js';
import { chooseCharacterSet } from './character-set.js';
import { readGreeting } from './greeting.js';
import { offerCapability, secureBy } from './mysql2-seam.js';
import { openSocket } from './open-socket.js';
import { planTls, startTls } from './tls.js';
import { asTlsError } from './tls-error.js';

/** ConnectSettings with the password asked for, where it had to be. */
export type Login = Omit<ConnectSettings, 'password'> & {
  password: string | undefined;
  /** Puts a question of the server's to the user; without it the answer is empty. */
  ask?: AskQuestion;
  /** See Opening. */
  onSocket?: (socket: Socket) => void;
  /** The server is asked to tell how far it is with a long statement. */
  progressReports?: boolean;
};

/**
 * mysql2's defaults that change what SQL means or what is counted, and that the client does not
 * set, are taken away.
 */
const flags = ['-FOUND_ROWS', '-ODBC', 'INTERACTIVE'];

/** The sets that mysql2 cannot write a user's name in: for them it logs in with another. */
const withoutCodec = new Set(['dec8', 'eucjpms', 'geostd8', 'hp8', 'keybcs2', 'swe7']);
const latin1 = 8;

/** A connection that is ready for its first command. */
export interface LoggedIn {
  target: Target;
  login: Login;
  endpoint: Endpoint | undefined;
  ipAddress: string | undefined;
  serverVersion: string;
  characterSet: CharacterSet;
  tls: boolean;
  /** The server's status flags. */
  status: number;
  /** The server was told another character set, and has to hear of the right one. */
  setsNames: boolean;
  mysql2: Mysql2Connection;
  reads: BufferedReader;
}

/**
 * Connects to a target and logs in: socket, greeting, TLS, authentication. Throws SqlError with
 * the error that the client would print: 2002, 2005, 2013, 2026, or the server's own (1045, 1049 …).
 */
export async function logIn(
  target: Target,
  login: Login,
  env: NodeJS.ProcessEnv,
): Promise<LoggedIn> {
  const { connectTimeout, onSocket } = login;
  const opening = openSocket(target, { timeoutSeconds: connectTimeout, onSocket });
  // Awaited below, but perhaps after it has failed.
  opening.catch(() => {});
  const characterSet = await chooseCharacterSet(login.characterSet, env).catch((error) => {
    // It may still connect: the server would find out after seconds, and reset a socket of nobody.
    opening.then(({ reads }) => reads.socket.destroy()).catch(() => {});
    throw error;
  });
  const { reads, endpoint } = await opening;
  const { socket } = reads;
  const { serverVersion, offersTls, status } = await readGreeting(
    socket,
    login.connectTimeout,
    login.tls.enabled || login.tls.verifyServerCert,
  );
  const tls = planOrHangUp(socket, () => planTls(login.tls, offersTls, env));
  const password = login.password ?? '';
  const host = endpoint?.host ?? 'localhost';
  const socketPath = socketPathOf(target.address);
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
    ...(socketPath !== undefined && { socketPath }),
    // mysql2 only has to ask for TLS: how it is done and checked is ours.
    ...(tls !== undefined && { ssl: { rejectUnauthorized: false } }),
  };
  const mysql2 = createConnection(options);
  if (login.progressReports) offerCapability(mysql2, progressCapability);
  if (tls !== undefined) {
    secureBy(mysql2, (stream, done) => startTls(stream, tls, host, done));
  }
  socket.resume();
  await loggedIn(mysql2);
  return {
    target,
    login,
    endpoint,
    ipAddress: socket.remoteAddress,
    serverVersion,
    characterSet,
    tls: tls !== undefined,
    status,
    setsNames: withoutCodec.has(characterSet.name),
    mysql2,
    reads,
  };
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
function loginError(error: Mysql2Error): SqlError {
  if (error instanceof SqlError) return error;
  const { code = '', errno, sqlState } = error;
  if (errno !== undefined && errno >= 1000) {
    // A server has no business with the numbers of the client's own errors.
    if (errno >= 2000 && errno < 3000) {
      const text = 'Received malformed packet';
      return new SqlError(clientErrors.malformedPacket, 'HY000', text, 'connect');
    }
    return new SqlError(errno, sqlState || 'HY000', error.message, 'connect');
  }
  if (code === 'HANDSHAKE_SSL_ERROR' || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL')) {
    return asTlsError(error);
  }
  const plugin = /using unknown plugin ([\s\S]*)\. See /.exec(error.message)?.[1];
  if (plugin !== undefined) return unknownPlugin(plugin);
  if (code === 'HANDSHAKE_UNKNOWN_ERROR' || code === 'AUTH_SWITCH_PLUGIN_ERROR') {
    const text = `Can't connect to server (${systemErrors.again}).`;
    return new SqlError(clientErrors.lost, 'HY000', text, 'connect');
  }
  const number = code === 'ETIMEDOUT' ? systemErrors.timedOut : systemErrors.again;
  return lostConnection('reading authorization packet', number);
}
