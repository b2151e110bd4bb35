import { describe, expect, it } from 'vitest';
import {
  type AddressOptions,
  addressFromOptions,
  formatAddress,
} from '../../src/target/address.js';

describe('addressFromOptions', () => {
  it.each<[AddressOptions, string]>([
    [{ host: 'db.test' }, 'db.test:3306'],
    [{ host: 'db.test', port: 3399 }, 'db.test:3399'],
    [{ host: 'db.test', socket: '/tmp/x.sock' }, 'db.test:3306'],
    [{ host: '::1', port: 3399 }, '[::1]:3399'],
    [{ host: 'localhost', socket: '/tmp/x.sock' }, '/tmp/x.sock'],
    [{ socket: '/tmp/x.sock' }, '/tmp/x.sock'],
    [{ socket: '/tmp/x.sock', port: 3399 }, '/tmp/x.sock'],
    [{ host: 'localhost' }, '/run/mysqld/mysqld.sock'],
    [{ host: 'localhost', port: 3399 }, 'localhost:3399'],
    [{ host: 'LOCALHOST' }, 'LOCALHOST:3306'],
    [{ host: '127.0.0.1' }, '127.0.0.1:3306'],
  ])('%j: returns %s', (options, text) => {
    const address = addressFromOptions(options);
    expect(address && formatAddress(address)).toBe(text);
  });

  it('returns undefined if only a port is given', () => {
    expect(addressFromOptions({ port: 3399 })).toBeUndefined();
  });
});
