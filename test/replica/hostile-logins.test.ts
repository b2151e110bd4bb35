import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { expect, it } from 'vitest';
import { loginAs, makeTcpTarget, openConnection } from './open-connection.js';
import {
  buildAuthSwitch,
  buildError,
  buildGreeting,
  okPayload,
  type Step,
  scramble,
  startScriptedServer,
} from './scripted-server.js';

/*
 * A server that answers in place of the real one tries to learn the password, without TLS.
 */

const password = 'open-sesame-p\u00e4ss';
const passwordBytes = Buffer.from(password);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicPem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
const withNul = Buffer.concat([scramble, Buffer.of(0)]);

const plugins = [
  'mysql_native_password',
  'mysql_clear_password',
  'client_ed25519',
  'caching_sha2_password',
  'sha256_password',
  'dialog',
  'mysql_old_password',
  'auth_gssapi_client',
  'nosuch',
  '',
];
const data = [withNul, Buffer.alloc(0), Buffer.alloc(32, 'x'), Buffer.from('\x05Password: ')];
const moreData = [Buffer.of(3), Buffer.of(4), publicPem, Buffer.alloc(0), withNul];

/** Returns a generator of numbers below a limit (Numerical Recipes), the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function buildRandomPacket(random: (below: number) => number): Buffer {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
  switch (random(8)) {
    case 0:
      return okPayload;
    case 1:
      return buildError(1045, 'no', '28000');
    case 2:
      // AuthNextFactor
      return Buffer.concat([Buffer.of(2), Buffer.from(`${pick(plugins)}\0`), pick(data)]);
    case 3:
    case 4:
      return Buffer.concat([Buffer.of(1), pick(moreData)]);
    default:
      return buildAuthSwitch(pick(plugins), pick(data));
  }
}

/** Whether a packet contains the password, as it is or encrypted with the server's key. */
function revealsPassword(payload: Buffer): boolean {
  if (payload.includes(passwordBytes.subarray(0, 6))) return true;
  if (payload.length !== 256) return false;
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const key = { key: privateKey, oaepHash: 'sha1', padding };
    const text = privateDecrypt(key, payload).map(
      (byte, i) => byte ^ (scramble[i % scramble.length] ?? 0),
    );
    return Buffer.from(text).includes(passwordBytes);
  } catch {
    return false;
  }
}

/** Logs in to a server of random packets. Returns what it learns. */
async function tryLogin(seed: number, enableCleartextPlugin: boolean): Promise<boolean> {
  const random = createRandom(seed);
  let isRevealed = false;
  const steps: Step[] = Array.from({ length: 8 }, () => (payload: Buffer) => {
    isRevealed ||= revealsPassword(payload);
    return buildRandomPacket(random);
  });
  const greeting = buildGreeting(plugins[random(plugins.length)]);
  const server = await startScriptedServer([greeting, ...steps]);
  const login = loginAs('research', { password, enableCleartextPlugin, connectTimeout: 2 });
  const ask = async () => password;
  try {
    const target = makeTcpTarget('127.0.0.1', server.port);
    (await openConnection(target, { ...login, ask })).destroy();
  } catch {
    // Most of these logins fail.
  }
  server.close();
  return isRevealed;
}

it('never learns the password', { timeout: 120_000 }, async () => {
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);
  const revealing: number[] = [];
  for (const seed of seeds) if (await tryLogin(seed, false)) revealing.push(seed);
  expect(revealing).toEqual([]);
});

it('learns it if the user allows that', { timeout: 120_000 }, async () => {
  let revealed = 0;
  for (let seed = 0; seed < 50; seed++) if (await tryLogin(seed, true)) revealed++;
  expect(revealed).toBeGreaterThan(0);
});
