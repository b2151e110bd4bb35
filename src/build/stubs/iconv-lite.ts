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

/** A file of its own in the build, which few logins need. */
function iconvLite(): IconvLite {
  return require('./iconv-lite.js');
}

const ascii = /^[\0-\x7f]*$/;

/**
 * mysql2 reads the server's version as CESU-8, the set that utf8mb3 is to it, which for ASCII is
 * ASCII; all other character sets that Node does not know itself are iconv-lite's.
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

/** The same for what is written: names of users and databases. mysql2 gives options, but none. */
export function getEncoder(encoding: string, options: object = {}): Codec<string, Uint8Array> {
  if (encoding !== 'cesu8' || Object.keys(options).length > 0) {
    return iconvLite().getEncoder(encoding, options);
  }
  let encoder: Codec<string, Uint8Array> | undefined;
  return {
    write(piece) {
      if (encoder === undefined && ascii.test(piece)) return Buffer.from(piece, 'latin1');
      encoder ??= iconvLite().getEncoder(encoding);
      return encoder.write(piece);
    },
    end: () => encoder?.end(),
  };
}
