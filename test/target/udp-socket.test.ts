import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../farm/places.js';

/** Connects a socket in a process of its own, since what is loaded stays loaded. */
function connected(type: string, address: string): string {
  const file = join(projectRoot, 'src/target/dns/udp-socket.ts');
  const code = `
    const { boundSocket } = require(${JSON.stringify(file)});
    const socket = boundSocket('${type}');
    socket.connect(9, '${address}', () => {
      const { port } = socket.address();
      socket.close();
      const modules = ['cluster', 'dns'].filter((name) =>
        process.moduleLoadList.includes('NativeModule ' + name),
      );
      console.log(port > 0 ? 'bound' : 'not bound', modules.join());
    });`;
  const args = ['--import', 'tsx', '-e', code];
  return execFileSync(process.execPath, args, { encoding: 'utf8', cwd: projectRoot }).trim();
}

it.each([
  ['udp4', '127.0.0.1'],
  ['udp6', '::1'],
])('a socket for %s is bound and connected without node:cluster and node:dns', (type, address) => {
  expect(connected(type, address)).toBe('bound');
});
