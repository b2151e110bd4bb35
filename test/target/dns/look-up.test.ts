import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import DNS, { Packet } from 'dns2';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lookUp } from '../../../src/target/dns/look-up.js';
import type { NameServer } from '../../../src/target/dns/name-servers.js';
import { onFreePort, startNameServer, type Zone } from '../../farm/name-server.js';
import {
  type Asked,
  among,
  type Behaviour,
  cname,
  framed,
  good,
  ns,
  oddServer,
  reply,
  silent,
  srv,
} from './odd-server.js';

const NAME = '_s1-analytics._tcp.test';
const LIMIT = 3000;
const SHORT = 40;

/**
 * The targets that were found, or why none were. An answer that must come has a second, whatever
 * else the machine does; where none is to come, a short patience ends the wait.
 */
async function targets(servers: NameServer[], patienceMs = 500): Promise<string> {
  const found = await lookUp(NAME, 'SRV', among(servers, patienceMs), LIMIT);
  if (found.kind !== 'records') return `${found.kind}: ${found.reason}`;
  return found.records.map(({ target }) => target).join(' ');
}

async function served(zone: Zone): Promise<NameServer> {
  const server = await onFreePort(() => startNameServer(zone, '127.0.0.1', 0));
  onTestFinished(() => server.stop());
  return server;
}

const code =
  (rcode: number): Behaviour =>
  ({ request, send }) => {
    send(reply(request, [], { rcode }));
  };

describe('A well-behaved server', () => {
  const record = { type: 'SRV', priority: 0, weight: 100, port: 3311 } as const;

  test('is believed', async () => {
    const server = await served({ [NAME]: [{ ...record, target: 'one.test' }] });
    expect(await targets([server])).toBe('one.test');
  });

  test('is asked over TCP when its answer is too long for UDP', async () => {
    const hosts = Array.from({ length: 40 }, (_, index) => `a-rather-long-name-${index}.test`);
    const server = await served({ [NAME]: hosts.map((target) => ({ ...record, target })) });
    expect(await targets([server])).toBe(hosts.join(' '));
  });

  test('may say that there is no such name', async () => {
    const server = await served({});
    expect(await targets([server])).toBe(`none: 127.0.0.1:${server.port}: no such name`);
  });

  test('may say that there is no such record', async () => {
    const server = await served({ [NAME]: [{ type: 'A', address: '127.0.0.1' }] });
    expect(await targets([server])).toBe(`none: 127.0.0.1:${server.port}: no SRV record`);
  });

  test('may have an IPv6 address', async () => {
    const server = DNS.createUDPServer({ type: 'udp6' });
    server.on('request', (request: Packet, send: (response: Packet) => void) => {
      send(reply(request, [srv(NAME, 'six.test')]));
    });
    server.bind(0, '::1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    // Written in another form than the one that the system gives for the sender.
    expect(await targets([{ address: '0:0::1', port: server.address().port }])).toBe('six.test');
  });
});

/** What a forger, or a late answer to another question, may look like. */
const wrongAnswers: [string, (asked: Asked) => Packet | Buffer][] = [
  [
    'another id',
    ({ request }) => {
      const wrong = reply(request, [srv(NAME, 'wrong.test')]);
      wrong.header.id = (wrong.header.id + 1) % 0x10000;
      return wrong;
    },
  ],
  [
    'no response but a query',
    ({ request }) => reply(request, [srv(NAME, 'wrong.test')], { qr: 0 }),
  ],
  ['another opcode', ({ request }) => reply(request, [srv(NAME, 'wrong.test')], { opcode: 4 })],
  ['another name asked', ({ request }) => asking(request, '_s2-analytics._tcp.test', 33, 1)],
  ['another type asked', ({ request }) => asking(request, NAME, 1, 1)],
  ['another class asked', ({ request }) => asking(request, NAME, 33, 3)],
  [
    'no question',
    ({ request }) => {
      const wrong = reply(request, [srv(NAME, 'wrong.test')]);
      wrong.questions = [];
      return wrong;
    },
  ],
  [
    'two questions',
    ({ request }) => {
      const wrong = reply(request, [srv(NAME, 'wrong.test')]);
      wrong.questions = [...request.questions, ...request.questions];
      return wrong;
    },
  ],
  [
    'an error to another question',
    ({ request }) => {
      const wrong = asking(request, 'other.test', 33, 1);
      wrong.header = new Packet.Header({ ...wrong.header, rcode: 2 });
      return wrong;
    },
  ],
  [
    'NXDOMAIN to another question',
    ({ request }) => {
      const wrong = asking(request, 'other.test', 33, 1);
      wrong.header = new Packet.Header({ ...wrong.header, rcode: 3 });
      return wrong;
    },
  ],
  ['nothing', () => Buffer.alloc(0)],
  ['the id alone', ({ request }) => reply(request).toBuffer().subarray(0, 2)],
  ['half a header', ({ request }) => reply(request).toBuffer().subarray(0, 11)],
  ['a header alone', ({ request }) => reply(request).toBuffer().subarray(0, 12)],
  ['a question cut short', ({ request }) => reply(request).toBuffer().subarray(0, 25)],
  [
    'more records promised than there is room for',
    ({ request }) => {
      const wrong = reply(request).toBuffer();
      wrong.writeUInt16BE(0xffff, 6);
      return wrong;
    },
  ],
  [
    'a name that points to itself',
    ({ request }) => {
      const wrong = reply(request).toBuffer();
      wrong.writeUInt16BE(0xc00c, 12);
      return wrong;
    },
  ],
];

function asking(request: Packet, name: string, type: number, cls: number): Packet {
  const wrong = reply(request, [srv(NAME, 'wrong.test'), srv(name, 'wrong.test')]);
  wrong.questions = [new Packet.Question(name, type, cls)];
  return wrong;
}

describe('An answer to another question is dropped', () => {
  test.each(wrongAnswers)('%s: the right one, coming later, is taken', async (_, wrong) => {
    const server = await oddServer((asked) => {
      asked.send(wrong(asked));
      setTimeout(() => good('right.test')(asked), 20);
    });
    expect(await targets([server])).toBe('right.test');
  });

  test.each(wrongAnswers)('%s: alone it is no answer', async (_, wrong) => {
    const server = await oddServer((asked) => asked.send(wrong(asked)));
    expect(await targets([server], SHORT)).toBe(`no-dns: 127.0.0.1:${server.port}: no answer`);
  });

  test.each(wrongAnswers)('%s: over TCP too', async (_, wrong) => {
    const server = await oddServer(
      ({ request, send }) => send(reply(request, [], { tc: 1 })),
      (asked) => {
        asked.send(framed(wrong(asked)));
        asked.send(framed(reply(asked.request, [srv(NAME, 'right.test')])));
      },
    );
    expect(await targets([server])).toBe('right.test');
  });

  test('one from another port, right in all else', async () => {
    const server = await oddServer((asked) => {
      asked.sendFromElsewhere(reply(asked.request, [srv(NAME, 'wrong.test')]));
      setTimeout(() => good('right.test')(asked), 20);
    });
    expect(await targets([server])).toBe('right.test');
  });

  test('records of another owner, type or class are not the answer', async () => {
    const server = await oddServer(({ request, send }) => {
      const chaos = srv(NAME, 'wrong.test');
      chaos.class = 3;
      send(reply(request, [srv('other.test', 'wrong.test'), chaos, ns(NAME, 'wrong.test')]));
    });
    expect(await targets([server])).toBe(`none: 127.0.0.1:${server.port}: no SRV record`);
  });

  test('the case of letters makes no other name', async () => {
    const server = await oddServer(({ request, send }) => {
      const answer = reply(request, [srv(NAME.toUpperCase(), 'right.example')]);
      answer.questions = [new Packet.Question(NAME.toUpperCase(), 33, 1)];
      send(answer);
    });
    expect(await targets([server])).toBe('right.example');
  });
});

describe('A server that cannot answer leaves it to the next', () => {
  const bad: [string, Behaviour, Behaviour | undefined, string][] = [
    ['FORMERR', code(1), undefined, 'it answered FORMERR'],
    ['SERVFAIL', code(2), undefined, 'it answered SERVFAIL'],
    ['NOTIMP', code(4), undefined, 'it answered NOTIMP'],
    ['REFUSED', code(5), undefined, 'it answered REFUSED'],
    ['an unknown code', code(11), undefined, 'it answered RCODE 11'],
    ['silence', silent, undefined, 'no answer'],
    [
      'a referral to others',
      ({ request, send }) => {
        const referral = reply(request);
        referral.authorities = [ns('test', 'ns.test')];
        send(referral);
      },
      undefined,
      'it does not resolve for others',
    ],
    [
      'an unreadable record among others',
      ({ request, send }) => {
        const bytes = reply(request, [srv(NAME, 'a.test'), srv(NAME, 'wrong.test')]).toBuffer();
        send(bytes.subarray(0, bytes.length - 9));
      },
      undefined,
      'an answer that cannot be read',
    ],
    [
      'truncated, and nobody listens on TCP',
      ({ request, send }) => send(reply(request, [], { tc: 1 })),
      undefined,
      'nobody listens there',
    ],
    [
      'truncated, and silent on TCP',
      ({ request, send }) => send(reply(request, [], { tc: 1 })),
      silent,
      'no answer',
    ],
    [
      'truncated, and hung up on TCP',
      ({ request, send }) => send(reply(request, [], { tc: 1 })),
      ({ request, send, hangUp }) => {
        send(framed(reply(request, [srv(NAME, 'wrong.test')])).subarray(0, 30));
        hangUp();
      },
      'it closed the connection',
    ],
    [
      'truncated over TCP too',
      ({ request, send }) => send(reply(request, [], { tc: 1 })),
      ({ request, send }) => send(framed(reply(request, [], { tc: 1 }))),
      'a truncated answer over TCP',
    ],
    [
      'SERVFAIL over TCP',
      ({ request, send }) => send(reply(request, [], { tc: 1 })),
      ({ request, send }) => send(framed(reply(request, [], { rcode: 2 }))),
      'it answered SERVFAIL',
    ],
  ];

  test.each(bad)('%s, then a good one', async (_, udp, tcp) => {
    const first = await oddServer(udp, tcp);
    const second = await oddServer(good());
    expect(await targets([first, second], 200)).toBe('good.test');
    expect(first.asked[0]).toBe(`${NAME} SRV udp`);
    expect(second.asked).toEqual([`${NAME} SRV udp`]);
  });

  test.each(bad)('%s, and no other', async (_, udp, tcp, fault) => {
    const server = await oddServer(udp, tcp);
    // Long enough for TCP, which some of them try.
    expect(await targets([server], 150)).toBe(`no-dns: 127.0.0.1:${server.port}: ${fault}`);
  });

  test('nobody listens, then a good one', async () => {
    const second = await oddServer(good());
    expect(await targets([{ address: '127.0.0.1', port: await closedPort() }, second])).toBe(
      'good.test',
    );
  });

  test('each of several is named with its reason', async () => {
    const port = await closedPort();
    const refusing = await oddServer(code(5));
    const deaf = await oddServer(silent);
    expect(await targets([{ address: '127.0.0.1', port }, refusing, deaf], SHORT)).toBe(
      `no-dns: 127.0.0.1:${port}: nobody listens there; 127.0.0.1:${refusing.port}: it answered REFUSED; 127.0.0.1:${deaf.port}: no answer`,
    );
    expect(refusing.asked).toHaveLength(1);
    expect(deaf.asked).toHaveLength(2);
  });

  test('a lost question is asked again', async () => {
    let count = 0;
    const server = await oddServer((asked) => {
      count += 1;
      if (count === 2) good()(asked);
    });
    expect(await targets([server])).toBe('good.test');
  });

  test('a slow server still counts when the others are silent', async () => {
    const slow = await oddServer((asked) => void setTimeout(() => good('slow.test')(asked), 500));
    const deaf = await oddServer(silent);
    expect(await targets([slow, deaf], 300)).toBe('slow.test');
  });

  test('the limit of the look-up goes before a longer patience of resolv.conf', async () => {
    const servers = [await oddServer(silent), await oddServer(silent), await oddServer(good())];
    const patient = { servers, timeoutMs: 30_000, attempts: 5 };
    expect((await lookUp(NAME, 'SRV', patient, 1500)).kind).toBe('records');
    const deaf = { ...patient, servers: servers.slice(0, 2) };
    expect((await lookUp(NAME, 'SRV', deaf, 150)).kind).toBe('no-dns');
  });

  test.each([
    ['NXDOMAIN', code(3)],
    ['an empty answer', code(0)],
  ])('%s is final: the next is not asked', async (_, behaviour) => {
    const first = await oddServer(behaviour);
    const second = await oddServer(good());
    expect(await targets([first, second])).toMatch(/^none: /);
    expect(second.asked).toEqual([]);
  });
});

describe('TCP', () => {
  test('a message that comes byte by byte is put together', async () => {
    const server = await oddServer(
      ({ request, send }) => send(reply(request, [], { tc: 1 })),
      ({ request, send }) => {
        const bytes = [...framed(reply(request, [srv(NAME, 'right.test')]))];
        const next = () => {
          const byte = bytes.shift();
          if (byte === undefined) return;
          send(Buffer.from([byte]));
          setImmediate(next);
        };
        next();
      },
    );
    expect(await targets([server])).toBe('right.test');
    expect(server.asked).toEqual([`${NAME} SRV udp`, `${NAME} SRV tcp`]);
  });
});

describe('CNAMEs in front of a record', () => {
  /** Answers each question with the CNAMEs and the records of this table, one step at a time. */
  const stepwise =
    (aliases: Record<string, string>): Behaviour =>
    ({ request, send }) => {
      const name = request.questions[0]?.name ?? '';
      const to = aliases[name];
      send(reply(request, [to === undefined ? srv(name, 'end.test') : cname(name, to)]));
    };
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        index === 0 ? NAME : `${index}.test`,
        `${index + 1}.test`,
      ]),
    );

  test('are followed within the answer, in any order', async () => {
    const server = await oddServer(({ request, send }) => {
      send(
        reply(request, [
          srv('B.test', 'end.test'),
          cname('A.test', 'b.test'),
          cname(NAME, 'a.test'),
        ]),
      );
    });
    expect(await targets([server])).toBe('end.test');
    expect(server.asked).toHaveLength(1);
  });

  test('that end outside the answer are asked for anew', async () => {
    const server = await oddServer(stepwise(chain(2)));
    expect(await targets([server])).toBe('end.test');
    expect(server.asked).toEqual([`${NAME} SRV udp`, '1.test SRV udp', '2.test SRV udp']);
  });

  test('are asked for anew at the server that answered', async () => {
    const deaf = await oddServer(silent);
    const server = await oddServer(stepwise(chain(2)));
    expect(await targets([deaf, server])).toBe('end.test');
    expect(deaf.asked).toEqual([`${NAME} SRV udp`]);
  });

  test('eight in a row are followed, nine are not', async () => {
    expect(await targets([await oddServer(stepwise(chain(8)))])).toBe('end.test');
    expect(await targets([await oddServer(stepwise(chain(9)))])).toMatch(
      /: more than 8 CNAMEs in a row$/,
    );
  });

  test.each([
    ['to itself', { [NAME]: NAME.toUpperCase() }],
    ['and back', { [NAME]: 'a.test', 'a.test': NAME }],
    ['in a circle further on', { [NAME]: 'a.test', 'a.test': 'b.test', 'b.test': 'a.test' }],
  ])('%s are a circle, in one answer or in several', async (_, aliases) => {
    const all: Behaviour = ({ request, send }) =>
      send(
        reply(
          request,
          Object.entries(aliases).map(([name, to]) => cname(name, to)),
        ),
      );
    for (const behaviour of [all, stepwise(aliases)]) {
      const server = await oddServer(behaviour);
      expect(await targets([server])).toMatch(/^none: .*: its CNAMEs go round in a circle$/);
    }
  });

  test('to a name that does not exist', async () => {
    const server = await oddServer(({ request, send }) => {
      send(reply(request, [cname(NAME, 'gone\x1b.test')], { rcode: 3 }));
    });
    expect(await targets([server])).toBe(`none: 127.0.0.1:${server.port}: no name gone\\x1b.test`);
  });
});

describe('The process', () => {
  const lookUpPath = fileURLToPath(new URL('../../../src/target/dns/look-up.ts', import.meta.url));

  /** Looks up in a process of its own, which has nothing else to do. */
  async function ownProcess(servers: NameServer[]): Promise<string> {
    const asked = JSON.stringify(among(servers, 100));
    const script = `
      const { lookUp } = require(${JSON.stringify(lookUpPath)});
      lookUp('${NAME}', 'SRV', ${asked}, 1000).then((found) => console.log(found.kind));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '-e', script],
      { timeout: 15_000 },
    );
    return stdout;
  }

  test('does not end while it waits, and ends when nobody answers', async () => {
    expect(await ownProcess([await oddServer(silent)])).toBe('no-dns\n');
  });

  test('ends when the answer is there, though others were asked', async () => {
    const onlyTruncated: Behaviour = ({ request, send }) => send(reply(request, [], { tc: 1 }));
    const deaf = [await oddServer(silent), await oddServer(onlyTruncated, silent)];
    expect(await ownProcess([...deaf, await oddServer(good())])).toBe('records\n');
  });
});

/** A UDP port of 127.0.0.1 on which nobody listens. */
async function closedPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
