import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import type { LoginOptions, TargetOptions } from '../../src/library/options.js';
import { loginOf, settingsOf } from '../../src/library/settings-of.js';
import { temporaryDirectory } from '../temporary.js';

const file = join(temporaryDirectory(), 'client.cnf');

function loginWith(optionFile: string, options: LoginOptions = {}) {
  writeFileSync(file, optionFile);
  return loginOf(settingsOf('itwiki', { defaultsFile: file, ...options }));
}

describe('what a program says goes over the option files', () => {
  const given = '[client]\nuser=anna\npassword=a\ncompress\nconnect-timeout=3\nssl-ca=/ca\n';

  it('where it says something', () => {
    const options = { user: 'bob', password: '', compress: false, connectTimeout: 0.5 };
    expect(loginWith(given, options)).toMatchObject(options);
    expect(loginWith(given, { initCommands: ['set @a = 1', 'do 1'] }).initCommands).toEqual([
      'set @a = 1',
      'do 1',
    ]);
    expect(loginWith(given, { tls: { ca: '/other', verifyServerCert: true } }).tls).toMatchObject({
      enabled: true,
      verifyServerCert: true,
      ca: '/other',
    });
    expect(loginWith(given, { tls: false }).tls.enabled).toBe(false);
  });

  it('and nowhere else', () => {
    expect(loginWith(given)).toMatchObject({
      user: 'anna',
      password: 'a',
      compress: true,
      connectTimeout: 3,
      tls: { enabled: true, ca: '/ca' },
    });
  });
});

describe('a number that cannot be is refused', () => {
  it.each<[TargetOptions & LoginOptions]>([
    [{ port: 65536 }],
    [{ port: 1.5 }],
    [{ connectTimeout: -1 }],
    [{ connectTimeout: Number.NaN }],
  ])('%j', (options) => {
    let code: string | undefined;
    try {
      settingsOf('itwiki', { noDefaults: true, ...options });
    } catch (error) {
      code = error instanceof Failure ? error.code : String(error);
    }
    expect(code).toBe('bad-number');
  });
});

it('the options of a file that the client refuses are refused here', () => {
  expect(() => loginWith('[client]\nnosuch\n')).toThrow("unknown option '--nosuch'");
});
