/*
 * The authentication plugins of MySQL that use SHA-256. mysql2's own take a password as text only,
 * and so change one that is not UTF-8.
 */

/** Answers the packets of the server; null: nothing is sent. Throws if a packet is not expected. */
type Answer = (packet: Buffer) => Buffer | null;

const scrambleLength = 20;

/** Requests of the client for the server's public key. */
const sha256KeyRequest = Buffer.of(1);
const cachingSha2KeyRequest = Buffer.of(2);

/** Answers of caching_sha2_password to the hash of the password. */
const isCached = Buffer.of(3);
const isNotCached = Buffer.of(4);

/**
 * Returns the responses of sha256_password: the password itself if the connection has TLS; otherwise
 * encrypted with the server's public key. `checkKeyUse` is called before that key is requested, and
 * throws if it must not be used.
 */
export function answerSha256(password: Buffer, hasTls: boolean, checkKeyUse: () => void): Answer {
  let scramble: Buffer | undefined;
  let isDone = false;
  return (packet) => {
    if (isDone) throw unexpectedPacketError();
    if (!hasTls && scramble === undefined) checkKeyUse();
    isDone = hasTls || scramble !== undefined;
    if (hasTls) return withNul(password);
    if (scramble !== undefined) return encrypt(password, scramble, packet);
    scramble = packet.subarray(0, scrambleLength);
    return sha256KeyRequest;
  };
}

/**
 * Returns the responses of caching_sha2_password: a hash of the password; if the server does not have
 * it in its cache, the password itself on a private connection, otherwise encrypted with the server's
 * public key. `checkKeyUse` is as in answerSha256.
 */
export function answerCachingSha2(
  password: Buffer,
  isPrivate: boolean,
  checkKeyUse: () => void,
): Answer {
  let scramble: Buffer = Buffer.alloc(0);
  let expected: 'scramble' | 'result' | 'key' | 'nothing' = 'scramble';
  return (packet) => {
    switch (expected) {
      case 'scramble':
        expected = 'result';
        scramble = packet.subarray(0, scrambleLength);
        return hashWithScramble(password, scramble);
      case 'result':
        expected = packet.equals(isNotCached) && !isPrivate ? 'key' : 'nothing';
        if (packet.equals(isCached)) return null;
        if (!packet.equals(isNotCached)) throw unexpectedPacketError();
        if (isPrivate) return withNul(password);
        checkKeyUse();
        return cachingSha2KeyRequest;
      case 'key':
        expected = 'nothing';
        return encrypt(password, scramble, packet);
      case 'nothing':
        throw unexpectedPacketError();
    }
  };
}

/** Returns the error for a packet of the login that a plugin does not expect. */
export function unexpectedPacketError(): Error {
  return new Error('the plugin expects no such packet');
}

function withNul(password: Buffer): Buffer {
  return Buffer.concat([password, Buffer.of(0)]);
}

/** Returns SHA256(password) XOR SHA256(SHA256(SHA256(password)), scramble). */
function hashWithScramble(password: Buffer, scramble: Buffer): Buffer {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const hash = sha256(password);
  return xor(hash, sha256(sha256(hash), scramble));
}

/** Throws if the server's key cannot be used. */
function encrypt(password: Buffer, scramble: Buffer, key: Buffer): Buffer {
  const { constants, publicEncrypt } = process.getBuiltinModule('node:crypto');
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, oaepHash: 'sha1', padding }, xor(withNul(password), scramble));
}

/** Returns the bytes XOR those of `pad`, which is repeated. */
function xor(bytes: Buffer, pad: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ (pad[i % pad.length] ?? 0)));
}
