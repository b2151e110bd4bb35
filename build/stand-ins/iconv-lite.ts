/** What turns text into bytes, or bytes into text, piece by piece. */
interface Codec<From, To> {
  write(piece: From): To;
  end(): To | undefined;
}

/** The real iconv-lite, as far as mysql2 uses it. */
interface IconvLite {
  getDecoder(encoding: string, options?: unknown): Codec<Uint8Array, string>;
  getEncoder(encoding: string, options?: unknown): Codec<string, Uint8Array>;
}

/** A bundle of its own, which few logins need. */
function iconvLite(): IconvLite {
  return require('../replica/iconv-lite.js');
}

const ascii = /^[\0-\x7f]*$/;

/**
 * mysql2 reads the server's version as CESU-8, which for ASCII is ASCII; all other character sets
 * that Node does not know itself are iconv-lite's.
 */
export function getDecoder(encoding: string, options?: unknown): Codec<Uint8Array, string> {
  if (encoding !== 'cesu8' || options !== undefined) {
    return iconvLite().getDecoder(encoding, options);
  }
  let decoder: Codec<Uint8Array, string> | undefined;
  return {
    write(piece) {
      const text = Buffer.from(piece).toString('latin1');
      if (decoder === undefined && ascii.test(text)) return text;
      decoder ??= iconvLite().getDecoder(encoding);
      return decoder.write(piece);
    },
    end: () => decoder?.end(),
  };
}

/** See getDecoder: a user's name is written in the connection's character set. */
export function getEncoder(encoding: string, options?: unknown): Codec<string, Uint8Array> {
  return iconvLite().getEncoder(encoding, options);
}
