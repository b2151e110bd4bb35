/*
 * Replaces iconv-lite for mysql2: handles ASCII itself, and loads the real iconv-lite only for other
 * text.
 */

/** An encoder or decoder that works piece by piece. */
interface Codec<From, To> {
  write(piece: From): To;
  end(): To | undefined;
}

/** The part of iconv-lite that mysql2 uses. */
interface IconvLite {
  getDecoder(encoding: string, options?: unknown): Codec<Uint8Array, string>;
  getEncoder(encoding: string, options?: unknown): Codec<string, Uint8Array>;
}

/** Loads the bundle of the real iconv-lite, which few logins need. */
function loadIconvLite(): IconvLite {
  return require('./iconv-lite.js');
}

const ascii = /^[\0-\x7f]*$/;

/**
 * Returns a decoder. mysql2 reads the server's version as CESU-8, which is its name for utf8mb3 and
 * equals ASCII for ASCII text. iconv-lite decodes all other text and character sets.
 */
export function getDecoder(encoding: string, options?: unknown): Codec<Uint8Array, string> {
  if (encoding !== 'cesu8' || options !== undefined) {
    return loadIconvLite().getDecoder(encoding, options);
  }
  let decoder: Codec<Uint8Array, string> | undefined;
  return {
    write(piece) {
      const text = Buffer.from(piece).toString('latin1');
      if (decoder === undefined && ascii.test(text)) return text;
      decoder ??= loadIconvLite().getDecoder(encoding);
      return decoder.write(piece);
    },
    end: () => decoder?.end(),
  };
}

/**
 * Returns an encoder, for names of users and databases, by the same rule. mysql2 passes an object of
 * options that is empty.
 */
export function getEncoder(encoding: string, options: object = {}): Codec<string, Uint8Array> {
  if (encoding !== 'cesu8' || Object.keys(options).length > 0) {
    return loadIconvLite().getEncoder(encoding, options);
  }
  let encoder: Codec<string, Uint8Array> | undefined;
  return {
    write(piece) {
      if (encoder === undefined && ascii.test(piece)) return Buffer.from(piece, 'latin1');
      encoder ??= loadIconvLite().getEncoder(encoding);
      return encoder.write(piece);
    },
    end: () => encoder?.end(),
  };
}
