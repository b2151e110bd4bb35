import { createRequire } from 'node:module';
import { createConnection } from 'mysql2';
import { expect, inject, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const require = createRequire(import.meta.url);

it('package.json pins mysql2, and the pinned version is installed', () => {
  const { version } = require('mysql2/package.json') as { version: string };
  expect(manifest.devDependencies.mysql2).toBe(version);
});

it.each([false, true])(
  'mysql2 has the private fields that mysql2-internals.ts uses (compress: %s)',
  async (compress) => {
    const { address, port } = inject('farm').endpoints.s2;
    const { name: user, password } = inject('farm').users.research;
    const connection = createConnection({ host: address, port, user, password, compress });
    const connectionInLogin = connection as unknown as { _command: Record<string, unknown> };
    expect(typeof connectionInLogin._command.mariadbExtendedClientFlags).toBe('number');
    await new Promise((resolve, reject) => connection.connect((e) => (e ? reject(e) : resolve(e))));
    const internals = connection as unknown as Record<string, Record<string, unknown>>;
    expect({
      execute: typeof internals.packetParser?.execute,
      compressed: internals._inflatedPacketsParser !== undefined,
      _bumpCompressedSequenceId: typeof internals._bumpCompressedSequenceId,
      compressedSequenceId: typeof internals.compressedSequenceId,
      write: typeof internals.write,
      writePacket: typeof internals.writePacket,
      _resetSequenceId: typeof internals._resetSequenceId,
      connectionId: typeof internals._handshakePacket?.connectionId,
      pause: typeof internals.stream?.pause,
      startTLS: typeof internals.startTLS,
      _handleNetworkError: typeof internals._handleNetworkError,
      handlePacket: typeof internals.handlePacket,
      sequenceId: typeof internals.sequenceId,
    }).toEqual({
      execute: 'function',
      compressed: compress,
      _bumpCompressedSequenceId: 'function',
      compressedSequenceId: 'number',
      write: 'function',
      writePacket: 'function',
      _resetSequenceId: 'function',
      connectionId: 'number',
      pause: 'function',
      startTLS: 'function',
      _handleNetworkError: 'function',
      handlePacket: 'function',
      sequenceId: 'number',
    });
    connection.destroy();
  },
);
