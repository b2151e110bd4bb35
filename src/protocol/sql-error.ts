/** The point at which an error occurred: the client reports each of them differently. */
export type ErrorPhase =
  | 'connect' // before or instead of the first statement
  | 'first' // instead of the statement's first result
  | 'later' // instead of a second or later result of the same statement
  | 'rows'; // after some rows of a result set had been sent

/**
 * An error that the server sent, or an error of the client library (2002, 2013 …). `text` holds the
 * server's text as bytes, in the character set of the connection. It is not part of `message`, so
 * that logging the exception does not log data.
 */
export class SqlError extends Error {
  readonly errno: number;
  readonly sqlState: string;
  readonly text: Uint8Array;
  readonly phase: ErrorPhase;

  constructor(errno: number, sqlState: string, text: string | Uint8Array, phase: ErrorPhase) {
    super(`server error ${errno} (${sqlState})`);
    this.name = 'SqlError';
    this.errno = errno;
    this.sqlState = sqlState;
    this.text = typeof text === 'string' ? Buffer.from(text) : text;
    this.phase = phase;
  }
}

/** Error numbers of the client library that this program raises, as `mariadb` 10.11 prints them. */
export const clientErrors = {
  noSocket: 2001,
  cannotConnect: 2002,
  unknownHost: 2005,
  goneAway: 2006,
  otherProtocol: 2007,
  badHandshake: 2012,
  lost: 2013,
  plugin: 2059,
  tls: 2026,
  noCharacterSet: 2019,
  malformedPacket: 2027,
  unknown: 2000,
} as const;

/** Numbers of system errors on Linux. */
export const systemErrors = { again: 11, reset: 104, timedOut: 110 } as const;

/** Returns the error for a packet that does not follow the protocol. */
export function malformedPacketError(phase: ErrorPhase): SqlError {
  return new SqlError(clientErrors.malformedPacket, 'HY000', 'Received malformed packet', phase);
}

/**
 * Returns the error for a connection lost before login. `phaseName`: the client's name for the
 * moment.
 */
export function lostConnectionError(phaseName: string, systemError: number): SqlError {
  const text = `Lost connection to server at '${phaseName}', system error: ${systemError}`;
  return new SqlError(clientErrors.lost, 'HY000', text, 'connect');
}

/** Returns the error for a packet of the login that the client does not expect. */
export function brokenLoginError(): SqlError {
  const text = `Can't connect to server (${systemErrors.again}).`;
  return new SqlError(clientErrors.lost, 'HY000', text, 'connect');
}

/** Returns the error for a command on a connection whose loss was already reported. */
export function goneAwayError(): SqlError {
  return new SqlError(clientErrors.goneAway, 'HY000', 'Server has gone away', 'first');
}

/**
 * Returns the error for a connection lost during a statement. The client has another text for TLS.
 */
export function lostDuringQueryError(phase: ErrorPhase, tls: boolean): SqlError {
  const errno = tls ? clientErrors.tls : clientErrors.lost;
  const text = tls
    ? 'TLS/SSL error: unexpected eof while reading'
    : 'Lost connection to server during query';
  return new SqlError(errno, 'HY000', text, phase);
}

/**
 * Parses the payload of an ERR packet (first byte 0xff): error number, `#` and SQL state if the
 * server sends one (it does not before the handshake is complete), text.
 */
export function parseErrorPacket(
  bytes: Uint8Array,
  start: number,
  end: number,
  phase: ErrorPhase,
): SqlError {
  if (end - start < 3) return malformedPacketError(phase);
  const errno = (bytes[start + 1] ?? 0) | ((bytes[start + 2] ?? 0) << 8);
  let textStart = start + 3;
  let sqlState = 'HY000';
  if (bytes[textStart] === 0x23) {
    sqlState = Buffer.from(bytes.subarray(textStart + 1, textStart + 6)).toString('latin1');
    textStart += 6;
  }
  return new SqlError(errno, sqlState, Buffer.from(bytes.subarray(textStart, end)), phase);
}
