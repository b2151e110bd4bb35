import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';

/**
 * The answer of MariaDB's client_ed25519 to a server's scramble: an Ed25519 signature of it
 * (RFC 8032, 5.1.6) whose secret is the password itself, of whatever length; that is why
 * libraries, which want a secret of 32 bytes, cannot sign with it as they are.
 */
export function signScramble(password: Uint8Array, scramble: Uint8Array): Uint8Array {
  const { Point } = ed25519;
  const expanded = sha512(password);
  const secret = clamped(expanded.subarray(0, 32));
  const publicKey = Point.BASE.multiply(Point.Fn.create(secret)).toBytes();
  const nonce = Point.Fn.create(fromLittleEndian(sha512(expanded.subarray(32), scramble)));
  const commitment = Point.BASE.multiply(nonce).toBytes();
  const challenge = Point.Fn.create(fromLittleEndian(sha512(commitment, publicKey, scramble)));
  const response = Point.Fn.create(nonce + challenge * secret);
  return Buffer.concat([commitment, toLittleEndian(response)]);
}

function sha512(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The three lowest bits and the highest are cleared, the one below that is set. */
function clamped(bytes: Uint8Array): bigint {
  const number = fromLittleEndian(bytes);
  return (number & ((1n << 254n) - 8n)) | (1n << 254n);
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** 32 bytes. */
function toLittleEndian(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
}
