import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import type { LoginOptions, TargetOptions } from '../../src/library/options.js';
import { loginOf, readQuerySettings } from '../../src/library/query-settings.js';
import { temporaryDirectory } from '../temporary-directory.js';

const file = join(temporaryDirectory(), 'client.cnf');

function loginWith(optionFile: string, options: LoginOptions = {}) {
  writeFileSync(file, optionFile);
  return loginOf(readQuerySettings('itwiki', { defaultsFile: file, ...options }));
}

describe('options take precedence over option files', () => {
  const optionFile = '[client]\nuser=anna\npassword=a\ncompress\nconnect-timeout=3\nssl-ca=/ca\n';

  it('if they are given', () => {
    const options = { user: 'bob', password: '', compress: false, connectTimeout: 0.5 };
    expect(loginWith(optionFile, options)).toMatchObject(options);
    expect(loginWith(optionFile, { initCommands: ['set @a = 1', 'do 1'] }).initCommands).toEqual([
      'set @a = 1',
      'do 1',
    ]);
    expect(
      loginWith(optionFile, { tls: { ca: '/other', verifyServerCert: true } }).tls,
    ).toMatchObject({
      enabled: true,
      verifyServerCert: true,
      ca: '/other',
    });
    expect(loginWith(optionFile, { tls: false }).tls.enabled).toBe(false);
  });

  it('but not if they are omitted', () => {
    expect(loginWith(optionFile)).toMatchObject({
      user: 'anna',
      password: 'a',
      compress: true,
      connectTimeout: 3,
      tls: { enabled: true, ca: '/ca' },
    });
  });
});

describe('an invalid number is refused', () => {
  it.each<[TargetOptions & LoginOptions]>([
    [{ port: 65536 }],
    [{ port: 1.5 }],
    [{ connectTimeout: -1 }],
    [{ connectTimeout: Number.NaN }],
  ])('%j', (options) => {
    let code: string | undefined;
    try {
      readQuerySettings('itwiki', { noDefaults: true, ...options });
    } catch (error) {
      code = error instanceof Failure ? error.code : String(error);
    }
    expect(code).toBe('bad-number');
  });
});

it('refuses options in a file that the client refuses', () => {
  expect(() => loginWith('[client]\nnosuch\n')).toThrow("unknown option '--nosuch'");
});
