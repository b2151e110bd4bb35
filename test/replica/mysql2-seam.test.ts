import { createRequire } from 'node:module';
import { createConnection } from 'mysql2';
import { expect, inject, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const load = createRequire(import.meta.url);

it('mysql2 is pinned, and the pinned version is installed', () => {
  const { version } = load('mysql2/package.json') as { version: string };
  expect(manifest.dependencies.mysql2).toBe(version);
});

it.each([false, true])(
  'mysql2 has the inside that the seam takes over (compress: %s)',
  async (compress) => {
    const { address, port } = inject('farm').places.s2;
    const { name: user, password } = inject('farm').users.research;
    const connection = createConnection({ host: address, port, user, password, compress });
    const loggingIn = connection as unknown as { _command: Record<string, unknown> };
    expect(typeof loggingIn._command.mariadbExtendedClientFlags).toBe('number');
    await new Promise((resolve, reject) => connection.connect((e) => (e ? reject(e) : resolve(e))));
    const inside = connection as unknown as Record<string, Record<string, unknown>>;
    expect({
      execute: typeof inside.packetParser?.execute,
      compressed: inside._inflatedPacketsParser !== undefined,
      _bumpCompressedSequenceId: typeof inside._bumpCompressedSequenceId,
      write: typeof inside.write,
      _resetSequenceId: typeof inside._resetSequenceId,
      connectionId: typeof inside._handshakePacket?.connectionId,
      pause: typeof inside.stream?.pause,
      startTLS: typeof inside.startTLS,
      _handleNetworkError: typeof inside._handleNetworkError,
    }).toEqual({
      execute: 'function',
      compressed: compress,
      _bumpCompressedSequenceId: 'function',
      write: 'function',
      _resetSequenceId: 'function',
      connectionId: 'number',
      pause: 'function',
      startTLS: 'function',
      _handleNetworkError: 'function',
    });
    connection.destroy();
  },
);
