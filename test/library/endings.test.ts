import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query, queryWikis } from '../../src/library/index.js';
import { projectRoot } from '../farm/places.js';
import { environment } from '../farm/run.js';
import { onTheFarm } from './options.js';

const run = promisify(execFile);

/** Node's own limit for a program that does not end, in milliseconds. */
const limit = 20_000;

describe('a program ends by itself, and has said nothing, after', () => {
  it.each<[string, string]>([
    ['all rows', `await query('itwiki', 'select 1', options).toArray()`],
    ['the first row', `for await (const row of query('itwiki', long, options)) break`],
    ['the first wiki', `for await (const row of queryWikis('s2,s3', long, options)) break`],
    [
      'the columns alone',
      `const q = query('itwiki', long, options); await q.columns(); await q.close()`,
    ],
    ['an error', `await query('itwiki', 'select nothing', options).toArray().catch(() => {})`],
    [
      'a wrong row',
      `await query('itwiki', "select x'ff' as a", options).toArray().catch(() => {})`,
    ],
    ['failures', `await queryWikis('s2', 'select nothing', options).toArray().catch(() => {})`],
    [
      'a signal',
      `const signal = AbortSignal.timeout(500);
       await query('itwiki', 'select sleep(60)', { ...options, signal }).toArray().catch(() => {});
       await queryWikis('s2', 'select sleep(60)', { ...options, signal }).toArray().catch(() => {})`,
    ],
    [
      'a query that was never read',
      `query('itwiki', long, options); queryWikis('s2', long, options)`,
    ],
    [
      'the scheme of ports',
      `await query('itwiki', 'select 1', { ...options, domain: 'invalid' }).toArray().catch(() => {})`,
    ],
  ])('%s', async (_name, body) => {
    const program = `
      const { query, queryWikis } = require(${JSON.stringify(projectRoot)});
      const options = JSON.parse(process.env.OPTIONS);
      const long = "select repeat('x', 1000) as x from seq_1_to_100000";
      (async () => { ${body} })();`;
    const env = environment({ OPTIONS: JSON.stringify(onTheFarm()) });
    const ended = await run(process.execPath, ['-e', program], { env, timeout: limit });
    expect(ended).toEqual({ stdout: '', stderr: '' });
  });
});

describe('with a server that takes connections and says nothing', () => {
  const server = createServer((socket) => socket.on('error', () => {}));
  let place: object;
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    place = { ...onTheFarm(), host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  });
  afterAll(() => server.close());

  async function heard(): Promise<Socket> {
    const [socket] = await once(server, 'connection');
    return socket;
  }

  it.each([
    ['query', (options: object) => query('itwiki', 'select 1', options)],
    ['queryWikis', (options: object) => queryWikis('itwiki', 'select 1', options)],
  ])('%s hangs up when it is told to', async (_name, ask) => {
    const controller = new AbortController();
    const hearing = heard();
    const error = ask({ ...place, signal: controller.signal })
      .toArray()
      .catch((reason: unknown) => reason);
    const socket = await hearing;
    socket.resume();
    const closed = once(socket, 'close');
    controller.abort();
    expect(await error).toBe(controller.signal.reason);
    await closed;

    const hearingAgain = heard();
    const rows = ask(place);
    const reading = rows.toArray();
    const other = await hearingAgain;
    other.resume();
    const closedToo = once(other, 'close');
    await rows.close();
    expect(await reading).toEqual([]);
    await closedToo;
  });

  it('connecting takes no longer than it may', async () => {
    const options = { ...place, connectTimeout: 1 };
    await expect(query('itwiki', 'select 1', options).toArray()).rejects.toMatchObject({
      errno: 2013,
    });
  });
});
