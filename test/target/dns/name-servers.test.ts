import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  formatNameServer,
  parseNameServer,
  parseResolvConf,
  readSystemNameServers,
} from '../../../src/target/dns/name-servers.js';
import { temporaryDirectory } from '../../temporary-directory.js';
import { catchFailure } from '../../wikis/checkout.js';

/** Returns name servers as `SERVER … TIMEOUTms xATTEMPTS`. */
function summarize({ servers, timeoutMs, attempts }: ReturnType<typeof parseResolvConf>): string {
  return `${servers.map(formatNameServer).join(' ')} ${timeoutMs}ms x${attempts}`;
}

describe('parseResolvConf', () => {
  test.each([
    ['', '127.0.0.1 5000ms x2'],
    ['search eqiad.wmnet\n', '127.0.0.1 5000ms x2'],
    ['nameserver 10.3.0.1\n', '10.3.0.1 5000ms x2'],
    ['nameserver 10.3.0.1', '10.3.0.1 5000ms x2'],
    ['nameserver\t10.3.0.1\r\n', '10.3.0.1 5000ms x2'],
    ['nameserver 10.3.0.1 10.3.0.2\n', '10.3.0.1 5000ms x2'],
    [
      'nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n',
      '10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 5000ms x2',
    ],
    ['nameserver 2620:0:861::1\nnameserver fe80::1%eth0\n', '2620:0:861::1 fe80::1%eth0 5000ms x2'],
    ['# nameserver 10.0.0.1\n;nameserver 10.0.0.2\n', '127.0.0.1 5000ms x2'],
    ['nameserver 10.0.0.1 # the first\nnameserver 10.0.0.2;x\n', '10.0.0.1 10.0.0.2 5000ms x2'],
    [' nameserver 10.0.0.1\n', '127.0.0.1 5000ms x2'],
    ['nameserver10.0.0.1\n', '127.0.0.1 5000ms x2'],
    ['nameserver dns.test\nnameserver 10.0.0\nnameserver\n', '127.0.0.1 5000ms x2'],
    ['options timeout:1 attempts:3\n', '127.0.0.1 1000ms x3'],
    ['options rotate timeout:1\noptions attempts:1 edns0\n', '127.0.0.1 1000ms x1'],
    ['options timeout:1\noptions timeout:2\n', '127.0.0.1 2000ms x2'],
    ['options timeout:31 attempts:6\n', '127.0.0.1 30000ms x5'],
    ['options timeout:99999999999999999999 attempts:100\n', '127.0.0.1 30000ms x5'],
    ['options timeout:0 attempts:0\n', '127.0.0.1 1000ms x1'],
    ['options timeout:-1 attempts:x timeout: attempts\n', '127.0.0.1 5000ms x2'],
    ['options # timeout:1\n', '127.0.0.1 5000ms x2'],
  ])('parses %j as %s', (text, summary) => {
    expect(summarize(parseResolvConf(text))).toBe(summary);
  });

  test('readSystemNameServers reads the file, or returns this machine if it cannot be read', () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'resolv.conf');
    expect(summarize(readSystemNameServers(path))).toBe('127.0.0.1 5000ms x2');
    writeFileSync(path, 'nameserver ::1\n');
    expect(summarize(readSystemNameServers(path))).toBe('::1 5000ms x2');
    mkdirSync(join(directory, 'directory'));
    expect(summarize(readSystemNameServers(join(directory, 'directory')))).toBe(
      '127.0.0.1 5000ms x2',
    );
  });
});

describe('--nameserver', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1', 53],
    ['127.0.0.1:5353', '127.0.0.1', 5353],
    ['127.0.0.1:65535', '127.0.0.1', 65_535],
    ['::1', '::1', 53],
    ['[::1]', '::1', 53],
    ['[::1]:5353', '::1', 5353],
    ['2620:0:861::1:5353', '2620:0:861::1:5353', 53],
    ['fe80::1%eth0', 'fe80::1%eth0', 53],
    ['[fe80::1%eth0]:54', 'fe80::1%eth0', 54],
  ])('accepts %s', (value, address, port) => {
    expect(parseNameServer(value)).toEqual({ address, port });
  });

  test.each([
    '',
    'localhost',
    'dns.test:53',
    '127.0.0.1:',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.1:053535',
    '127.0.0.1:x',
    '127.0.0.1:53:53',
    '127.0.0',
    '127.0.0.256',
    ' 127.0.0.1',
    '[127.0.0.1]:53',
    '[::1',
    '[::1]5353',
    '[::1]:',
    '[]:53',
    ':53',
    '::1::2',
  ])('refuses %j', (value) => {
    expect(catchFailure(() => parseNameServer(value))).toBe(
      `bad-nameserver: --nameserver: expected an IP address, optionally with :PORT, but found '${value}': use 127.0.0.1, 127.0.0.1:5353, ::1 or [::1]:5353.`,
    );
  });
});
