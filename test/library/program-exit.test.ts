import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query, queryWikis } from '../../src/library/index.js';
import { environment } from '../farm/run.js';
import { projectRoot } from '../farm/sections.js';
import { farmOptions } from './farm-options.js';

const run = promisify(execFile);

/** Milliseconds after which a program that does not exit is killed. */
const exitTimeout = 20_000;

describe('a program exits on its own, and prints nothing, after', () => {
  it.each<[string, string]>([
    ['all rows', `await query('itwiki', 'select 1', options).toArray()`],
    ['the first row', `for await (const row of query('itwiki', long, options)) break`],
    ['the first wiki', `for await (const row of queryWikis('s2,s3', long, options)) break`],
    [
      'only the columns',
      `const q = query('itwiki', long, options); await q.columns(); await q.close()`,
    ],
    ['an error', `await query('itwiki', 'select nothing', options).toArray().catch(() => {})`],
    [
      'a row that is not valid UTF-8',
      `await query('itwiki', "select x'ff' as a", options).toArray().catch(() => {})`,
    ],
    ['failed wikis', `await queryWikis('s2', 'select nothing', options).toArray().catch(() => {})`],
    [
      'an aborted signal',
      `const signal = AbortSignal.timeout(500);
       await query('itwiki', 'select sleep(60)', { ...options, signal }).toArray().catch(() => {});
       await queryWikis('s2', 'select sleep(60)', { ...options, signal }).toArray().catch(() => {})`,
    ],
    [
      'a query that was never read',
      `query('itwiki', long, options); queryWikis('s2', long, options)`,
    ],
    [
      'using the port scheme',
      `await query('itwiki', 'select 1', { ...options, domain: 'invalid' }).toArray().catch(() => {})`,
    ],
  ])('%s', async (_name, body) => {
    const program = `
      const { query, queryWikis } = require(${JSON.stringify(projectRoot)});
      const options = JSON.parse(process.env.OPTIONS);
      const long = "select repeat('x', 1000) as x from seq_1_to_100000";
      (async () => { ${body} })();`;
    const env = environment({ OPTIONS: JSON.stringify(farmOptions()) });
    const result = await run(process.execPath, ['-e', program], { env, timeout: exitTimeout });
    expect(result).toEqual({ stdout: '', stderr: '' });
  });
});

describe('with a server that accepts connections but never answers', () => {
  const server = createServer((socket) => socket.on('error', () => {}));
  let silentServer: object;
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    silentServer = {
      ...farmOptions(),
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    };
  });
  afterAll(() => server.close());

  async function nextConnection(): Promise<Socket> {
    const [socket] = await once(server, 'connection');
    return socket;
  }

  it.each([
    ['query', (options: object) => query('itwiki', 'select 1', options)],
    ['queryWikis', (options: object) => queryWikis('itwiki', 'select 1', options)],
  ])('%s disconnects when it is aborted or closed', async (_name, startQuery) => {
    const controller = new AbortController();
    const connecting = nextConnection();
    const error = startQuery({ ...silentServer, signal: controller.signal })
      .toArray()
      .catch((reason: unknown) => reason);
    const socket = await connecting;
    socket.resume();
    const closed = once(socket, 'close');
    controller.abort();
    expect(await error).toBe(controller.signal.reason);
    await closed;

    const connectingAgain = nextConnection();
    const rows = startQuery(silentServer);
    const reading = rows.toArray();
    const other = await connectingAgain;
    other.resume();
    const otherClosed = once(other, 'close');
    await rows.close();
    expect(await reading).toEqual([]);
    await otherClosed;
  });

  it('connecting fails after connectTimeout', async () => {
    const options = { ...silentServer, connectTimeout: 1 };
    await expect(query('itwiki', 'select 1', options).toArray()).rejects.toMatchObject({
      errno: 2013,
    });
  });
});
