import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isKnown, isTerminal, nodeHandles, ordinarySockets } from '../src/node-handles.js';
import { projectRoot } from './farm/places.js';

it.runIf(isKnown(process.versions.node))(
  'this version of Node has the handles that are used',
  () => {
    const names = ['tcp_wrap', 'stream_wrap', 'tls_wrap', 'udp_wrap', 'tty_wrap'] as const;
    expect(names.filter((name) => nodeHandles(name) === undefined)).toEqual([]);
    const handle = nodeHandles('tcp_wrap');
    const tcp = handle && new handle.TCP(handle.constants.SOCKET);
    const methods = [
      'connect connect6 setNoDelay setKeepAlive readStart readStop useUserBuffer',
      'writeBuffer shutdown close',
    ].join(' ');
    expect(
      methods.split(' ').filter((name) => typeof Reflect.get(tcp ?? {}, name) !== 'function'),
    ).toEqual([]);
    tcp?.close();
  },
);

it('another version of Node gets the ordinary modules', () => {
  const file = join(projectRoot, 'src/node-handles.ts');
  const code = `
    const { nodeHandles } = require(${JSON.stringify(file)});
    for (const node of ['19.9.0', '20.999.0', '21.0.0', '27.0.0', '']) {
      Object.defineProperty(process, 'versions', { value: { node } });
      console.log(node, nodeHandles('tcp_wrap'));
    }`;
  const args = ['--import', 'tsx', '-e', code];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: projectRoot })).toBe(
    '19.9.0 undefined\n20.999.0 undefined\n21.0.0 undefined\n27.0.0 undefined\n undefined\n',
  );
});

it('nobody is warned of anything, unless all that is deprecated was asked for', () => {
  const file = join(projectRoot, 'src/node-handles.ts');
  const code = `require(${JSON.stringify(file)}).nodeHandles('tls_wrap');
    setImmediate(() => console.log('done'));`;
  const args = ['--throw-deprecation', '--import', 'tsx', '-e', code];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: projectRoot })).toBe(
    'done\n',
  );
});

it.each([undefined, '1'])('a file is no terminal (ordinary modules: %s)', (ordinary) => {
  if (ordinary !== undefined) process.env[ordinarySockets] = ordinary;
  expect(isTerminal(1000)).toBe(false);
  delete process.env[ordinarySockets];
});
