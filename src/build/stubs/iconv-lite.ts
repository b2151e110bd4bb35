/*
 * Replaces iconv-lite for mysql2, which decodes two texts of the login with it: the version of the
 * server, and the name of an authentication plugin.
 */

/** Returns a decoder for CESU-8, which is mysql2's name for utf8mb3. */
export function getDecoder(): { write(piece: Uint8Array): string; end(): undefined } {
  return {
    write: (piece) => Buffer.from(piece).toString(),
    end: () => undefined,
  };
}
