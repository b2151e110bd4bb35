/** Where in a response an error came: the client reports the three differently. */
export type ErrorPhase =
  | 'connect' // before or instead of the first statement
  | 'first' // instead of the statement's first result
  | 'later' // instead of a second or later result of the same statement
  | 'rows'; // after some rows of a result set had been sent

/**
 * An error that the server sent, or that the client library would have raised in its place (2002,
 * 2013 …). It carries the server's own text as bytes, in the connection's character set; the text
 * is not part of `message`, so that a log of the exception does not carry data.
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

/** Error numbers of the client library that we raise ourselves, as `mariadb` 10.11 prints them. */
export const clientErrors = {
  noSocket: 2001,
  cannotConnect: 2002,
  unknownHost: 2005,
  goneAway: 2006,
  otherProtocol: 2007,
  badHandshake: 2012,
  lost: 2013,
  tls: 2026,
  noCharacterSet: 2019,
  malformedPacket: 2027,
  unknown: 2000,
} as const;

/** Numbers of the system's errors, as Linux has them. */
export const systemErrors = { again: 11, reset: 104, timedOut: 110 } as const;

/** The connection went away before we were in. `where` is the client's name of that moment. */
export function lostConnection(where: string, systemError: number): SqlError {
  const text = `Lost connection to server at '${where}', system error: ${systemError}`;
  return new SqlError(clientErrors.lost, 'HY000', text, 'connect');
}

/** Nothing can be asked any more: the connection went away, and that was told before. */
export function goneAway(): SqlError {
  return new SqlError(clientErrors.goneAway, 'HY000', 'Server has gone away', 'first');
}

/** The connection went away in the middle of a statement; under TLS the client says it otherwise. */
export function lostDuringQuery(phase: ErrorPhase, tls: boolean): SqlError {
  const errno = tls ? clientErrors.tls : clientErrors.lost;
  const text = tls
    ? 'TLS/SSL error: unexpected eof while reading'
    : 'Lost connection to server during query';
  return new SqlError(errno, 'HY000', text, phase);
}

/**
 * Reads an ERR packet's payload (first byte 0xff): error number, `#` and SQL state where the
 * server sends one (not before the handshake is done), text.
 */
export function parseErrorPacket(
  bytes: Uint8Array,
  start: number,
  end: number,
  phase: ErrorPhase,
): SqlError {
  const errno = (bytes[start + 1] ?? 0) | ((bytes[start + 2] ?? 0) << 8);
  let textStart = start + 3;
  let sqlState = 'HY000';
  if (bytes[textStart] === 0x23) {
    sqlState = Buffer.from(bytes.subarray(textStart + 1, textStart + 6)).toString('latin1');
    textStart += 6;
  }
  return new SqlError(errno, sqlState, Buffer.from(bytes.subarray(textStart, end)), phase);
}
