import { expect, it } from 'vitest';
import { nodeHandles, ordinarySockets } from '../../src/node-handles.js';
// Once more, with the sockets of Node's own that any version of it has.
import './connection.test.js';
import './hostile-server.test.js';

process.env[ordinarySockets] = '1';

it('all of the above ran without handles', () => {
  expect(nodeHandles('tcp_wrap')).toBe(undefined);
});
