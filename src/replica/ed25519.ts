import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';

/**
 * Returns the response of MariaDB's client_ed25519 to a server's scramble: an Ed25519 signature of
 * the scramble (RFC 8032, 5.1.6). The secret is the password, of any length; libraries require a
 * secret of 32 bytes, so their own signing functions cannot be used.
 */
export function signScramble(password: Uint8Array, scramble: Uint8Array): Uint8Array {
  const { Point } = ed25519;
  const expanded = sha512(password);
  const secretScalar = clamp(expanded.subarray(0, 32));
  const publicKey = Point.BASE.multiply(Point.Fn.create(secretScalar)).toBytes();
  const nonce = Point.Fn.create(fromLittleEndian(sha512(expanded.subarray(32), scramble)));
  const commitment = Point.BASE.multiply(nonce).toBytes();
  const challenge = Point.Fn.create(fromLittleEndian(sha512(commitment, publicKey, scramble)));
  const response = Point.Fn.create(nonce + challenge * secretScalar);
  return Buffer.concat([commitment, toLittleEndian(response)]);
}

function sha512(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/**
 * Clears the three lowest bits and the highest bit, and sets the second highest (RFC 8032, 5.1.5).
 */
function clamp(bytes: Uint8Array): bigint {
  const number = fromLittleEndian(bytes);
  return (number & ((1n << 254n) - 8n)) | (1n << 254n);
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** Returns the number as 32 bytes. */
function toLittleEndian(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
}
