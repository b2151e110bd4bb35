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
  addTcpLength,
  answerWithTarget,
  type Behavior,
  buildReply,
  cnameRecord,
  ignoreQuery,
  makeNameServers,
  nsRecord,
  type ReceivedQuery,
  srvRecord,
  startScriptedNameServer,
} from './scripted-name-server.js';

const NAME = '_s1-analytics._tcp.test';
const LIMIT = 3000;
const SHORT = 40;

/**
 * Returns the targets found, or the reason why there are none. Tests that expect an answer wait up
 * to a second, since the machine may be busy. Tests that expect none use a short timeout.
 */
async function lookUpTargets(servers: NameServer[], timeoutMs = 500): Promise<string> {
  const found = await lookUp(NAME, 'SRV', makeNameServers(servers, timeoutMs), LIMIT);
  if (found.kind !== 'records') return `${found.kind}: ${found.reason}`;
  return found.records.map(({ target }) => target).join(' ');
}

async function startServer(zone: Zone): Promise<NameServer> {
  const server = await onFreePort(() => startNameServer(zone, '127.0.0.1', 0));
  onTestFinished(() => server.stop());
  return server;
}

const answerWithCode =
  (rcode: number): Behavior =>
  ({ request, send }) => {
    send(buildReply(request, [], { rcode }));
  };

describe('lookUp with a correct name server', () => {
  const record = { type: 'SRV', priority: 0, weight: 100, port: 3311 } as const;

  test('returns its answer', async () => {
    const server = await startServer({ [NAME]: [{ ...record, target: 'one.test' }] });
    expect(await lookUpTargets([server])).toBe('one.test');
  });

  test('repeats the query over TCP if the answer is too long for UDP', async () => {
    const hosts = Array.from({ length: 40 }, (_, index) => `a-rather-long-name-${index}.test`);
    const server = await startServer({ [NAME]: hosts.map((target) => ({ ...record, target })) });
    expect(await lookUpTargets([server])).toBe(hosts.join(' '));
  });

  test('reports that the name does not exist', async () => {
    const server = await startServer({});
    expect(await lookUpTargets([server])).toBe(`none: 127.0.0.1:${server.port}: no such name`);
  });

  test('reports that the record does not exist', async () => {
    const server = await startServer({ [NAME]: [{ type: 'A', address: '127.0.0.1' }] });
    expect(await lookUpTargets([server])).toBe(`none: 127.0.0.1:${server.port}: no SRV record`);
  });

  test('sends queries to an IPv6 address', async () => {
    const server = DNS.createUDPServer({ type: 'udp6' });
    server.on('request', (request: Packet, send: (response: Packet) => void) => {
      send(buildReply(request, [srvRecord(NAME, 'six.test')]));
    });
    server.bind(0, '::1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    // This form of the address differs from the form that the system reports for the sender.
    expect(await lookUpTargets([{ address: '0:0::1', port: server.address().port }])).toBe(
      'six.test',
    );
  });
});

/** Replies that a forger may send, or that are late replies to another query. */
const wrongReplies: [string, (query: ReceivedQuery) => Packet | Buffer][] = [
  [
    'another id',
    ({ request }) => {
      const wrong = buildReply(request, [srvRecord(NAME, 'wrong.test')]);
      wrong.header.id = (wrong.header.id + 1) % 0x10000;
      return wrong;
    },
  ],
  [
    'a query in place of a response',
    ({ request }) => buildReply(request, [srvRecord(NAME, 'wrong.test')], { qr: 0 }),
  ],
  [
    'another opcode',
    ({ request }) => buildReply(request, [srvRecord(NAME, 'wrong.test')], { opcode: 4 }),
  ],
  [
    'another name in the question',
    ({ request }) => replyToOtherQuestion(request, '_s2-analytics._tcp.test', 33, 1),
  ],
  ['another type in the question', ({ request }) => replyToOtherQuestion(request, NAME, 1, 1)],
  ['another class in the question', ({ request }) => replyToOtherQuestion(request, NAME, 33, 3)],
  [
    'no question',
    ({ request }) => {
      const wrong = buildReply(request, [srvRecord(NAME, 'wrong.test')]);
      wrong.questions = [];
      return wrong;
    },
  ],
  [
    'two questions',
    ({ request }) => {
      const wrong = buildReply(request, [srvRecord(NAME, 'wrong.test')]);
      wrong.questions = [...request.questions, ...request.questions];
      return wrong;
    },
  ],
  [
    'an error to another question',
    ({ request }) => {
      const wrong = replyToOtherQuestion(request, 'other.test', 33, 1);
      wrong.header = new Packet.Header({ ...wrong.header, rcode: 2 });
      return wrong;
    },
  ],
  [
    'NXDOMAIN to another question',
    ({ request }) => {
      const wrong = replyToOtherQuestion(request, 'other.test', 33, 1);
      wrong.header = new Packet.Header({ ...wrong.header, rcode: 3 });
      return wrong;
    },
  ],
  ['an empty message', () => Buffer.alloc(0)],
  ['only the id', ({ request }) => buildReply(request).toBuffer().subarray(0, 2)],
  ['half a header', ({ request }) => buildReply(request).toBuffer().subarray(0, 11)],
  ['only a header', ({ request }) => buildReply(request).toBuffer().subarray(0, 12)],
  ['a question cut short', ({ request }) => buildReply(request).toBuffer().subarray(0, 25)],
  [
    'a record count larger than the message allows',
    ({ request }) => {
      const wrong = buildReply(request).toBuffer();
      wrong.writeUInt16BE(0xffff, 6);
      return wrong;
    },
  ],
  [
    'a name that points to itself',
    ({ request }) => {
      const wrong = buildReply(request).toBuffer();
      wrong.writeUInt16BE(0xc00c, 12);
      return wrong;
    },
  ],
];

function replyToOtherQuestion(request: Packet, name: string, type: number, cls: number): Packet {
  const wrong = buildReply(request, [srvRecord(NAME, 'wrong.test'), srvRecord(name, 'wrong.test')]);
  wrong.questions = [new Packet.Question(name, type, cls)];
  return wrong;
}

describe('lookUp ignores a reply that does not match the query', () => {
  test.each(wrongReplies)('%s: accepts the correct reply that follows', async (_, wrong) => {
    const server = await startScriptedNameServer((query) => {
      query.send(wrong(query));
      setTimeout(() => answerWithTarget('right.test')(query), 20);
    });
    expect(await lookUpTargets([server])).toBe('right.test');
  });

  test.each(wrongReplies)('%s: reports no answer if no other reply follows', async (_, wrong) => {
    const server = await startScriptedNameServer((query) => query.send(wrong(query)));
    expect(await lookUpTargets([server], SHORT)).toBe(
      `no-dns: 127.0.0.1:${server.port}: no answer`,
    );
  });

  test.each(wrongReplies)('%s: ignores it over TCP too', async (_, wrong) => {
    const server = await startScriptedNameServer(
      ({ request, send }) => send(buildReply(request, [], { tc: 1 })),
      (query) => {
        query.send(addTcpLength(wrong(query)));
        query.send(addTcpLength(buildReply(query.request, [srvRecord(NAME, 'right.test')])));
      },
    );
    expect(await lookUpTargets([server])).toBe('right.test');
  });

  test('a reply from another port that is otherwise correct', async () => {
    const server = await startScriptedNameServer((query) => {
      query.sendFromOtherPort(buildReply(query.request, [srvRecord(NAME, 'wrong.test')]));
      setTimeout(() => answerWithTarget('right.test')(query), 20);
    });
    expect(await lookUpTargets([server])).toBe('right.test');
  });

  test('ignores records of another owner, type or class', async () => {
    const server = await startScriptedNameServer(({ request, send }) => {
      const chaos = srvRecord(NAME, 'wrong.test');
      chaos.class = 3;
      send(
        buildReply(request, [
          srvRecord('other.test', 'wrong.test'),
          chaos,
          nsRecord(NAME, 'wrong.test'),
        ]),
      );
    });
    expect(await lookUpTargets([server])).toBe(`none: 127.0.0.1:${server.port}: no SRV record`);
  });

  test('compares names case-insensitively', async () => {
    const server = await startScriptedNameServer(({ request, send }) => {
      const answer = buildReply(request, [srvRecord(NAME.toUpperCase(), 'right.example')]);
      answer.questions = [new Packet.Question(NAME.toUpperCase(), 33, 1)];
      send(answer);
    });
    expect(await lookUpTargets([server])).toBe('right.example');
  });
});

describe('lookUp with a failing name server', () => {
  const failingServers: [string, Behavior, Behavior | undefined, string][] = [
    ['FORMERR', answerWithCode(1), undefined, 'it answered FORMERR'],
    ['SERVFAIL', answerWithCode(2), undefined, 'it answered SERVFAIL'],
    ['NOTIMP', answerWithCode(4), undefined, 'it answered NOTIMP'],
    ['REFUSED', answerWithCode(5), undefined, 'it answered REFUSED'],
    ['an unknown code', answerWithCode(11), undefined, 'it answered RCODE 11'],
    ['silence', ignoreQuery, undefined, 'no answer'],
    [
      'a referral to other servers',
      ({ request, send }) => {
        const referral = buildReply(request);
        referral.authorities = [nsRecord('test', 'ns.test')];
        send(referral);
      },
      undefined,
      'it does not offer recursion',
    ],
    [
      'a malformed record among valid ones',
      ({ request, send }) => {
        const bytes = buildReply(request, [
          srvRecord(NAME, 'a.test'),
          srvRecord(NAME, 'wrong.test'),
        ]).toBuffer();
        send(bytes.subarray(0, bytes.length - 9));
      },
      undefined,
      'it sent a malformed answer',
    ],
    [
      'a truncated reply, and a closed TCP port',
      ({ request, send }) => send(buildReply(request, [], { tc: 1 })),
      undefined,
      'the port is closed',
    ],
    [
      'a truncated reply, and no answer over TCP',
      ({ request, send }) => send(buildReply(request, [], { tc: 1 })),
      ignoreQuery,
      'no answer',
    ],
    [
      'a truncated reply, and a TCP connection that closes',
      ({ request, send }) => send(buildReply(request, [], { tc: 1 })),
      ({ request, send, hangUp }) => {
        send(addTcpLength(buildReply(request, [srvRecord(NAME, 'wrong.test')])).subarray(0, 30));
        hangUp();
      },
      'it closed the connection',
    ],
    [
      'a truncated reply over TCP too',
      ({ request, send }) => send(buildReply(request, [], { tc: 1 })),
      ({ request, send }) => send(addTcpLength(buildReply(request, [], { tc: 1 }))),
      'a truncated answer over TCP',
    ],
    [
      'SERVFAIL over TCP',
      ({ request, send }) => send(buildReply(request, [], { tc: 1 })),
      ({ request, send }) => send(addTcpLength(buildReply(request, [], { rcode: 2 }))),
      'it answered SERVFAIL',
    ],
  ];

  test.each(failingServers)('%s: the next server answers', async (_, udp, tcp) => {
    const first = await startScriptedNameServer(udp, tcp);
    const second = await startScriptedNameServer(answerWithTarget());
    expect(await lookUpTargets([first, second], 200)).toBe('good.test');
    expect(first.queries[0]).toBe(`${NAME} SRV udp`);
    expect(second.queries).toEqual([`${NAME} SRV udp`]);
  });

  test.each(failingServers)(
    '%s: without another server, reports the reason',
    async (_, udp, tcp, reason) => {
      const server = await startScriptedNameServer(udp, tcp);
      // The timeout must suffice for TCP, which some cases use.
      expect(await lookUpTargets([server], 150)).toBe(
        `no-dns: 127.0.0.1:${server.port}: ${reason}`,
      );
    },
  );

  test('a closed port: the next server answers', async () => {
    const second = await startScriptedNameServer(answerWithTarget());
    expect(
      await lookUpTargets([{ address: '127.0.0.1', port: await findClosedPort() }, second]),
    ).toBe('good.test');
  });

  test('reports the reason for each of several servers', async () => {
    const port = await findClosedPort();
    const refusing = await startScriptedNameServer(answerWithCode(5));
    const silentServer = await startScriptedNameServer(ignoreQuery);
    expect(
      await lookUpTargets([{ address: '127.0.0.1', port }, refusing, silentServer], SHORT),
    ).toBe(
      `no-dns: 127.0.0.1:${port}: the port is closed; 127.0.0.1:${refusing.port}: it answered REFUSED; 127.0.0.1:${silentServer.port}: no answer`,
    );
    expect(refusing.queries).toHaveLength(1);
    expect(silentServer.queries).toHaveLength(2);
  });

  test('repeats a lost query', async () => {
    let count = 0;
    const server = await startScriptedNameServer((query) => {
      count += 1;
      if (count === 2) answerWithTarget()(query);
    });
    expect(await lookUpTargets([server])).toBe('good.test');
  });

  test('accepts the late answer of a slow server if the others do not answer', async () => {
    const slow = await startScriptedNameServer(
      (query) => void setTimeout(() => answerWithTarget('slow.test')(query), 500),
    );
    const silentServer = await startScriptedNameServer(ignoreQuery);
    expect(await lookUpTargets([slow, silentServer], 300)).toBe('slow.test');
  });

  test('the time limit of the lookup overrides a longer timeout of resolv.conf', async () => {
    const servers = [
      await startScriptedNameServer(ignoreQuery),
      await startScriptedNameServer(ignoreQuery),
      await startScriptedNameServer(answerWithTarget()),
    ];
    const slowSettings = { servers, timeoutMs: 30_000, attempts: 5 };
    expect((await lookUp(NAME, 'SRV', slowSettings, 1500)).kind).toBe('records');
    const silentServers = { ...slowSettings, servers: servers.slice(0, 2) };
    expect((await lookUp(NAME, 'SRV', silentServers, 150)).kind).toBe('no-dns');
  });

  test.each([
    ['NXDOMAIN', answerWithCode(3)],
    ['an empty answer', answerWithCode(0)],
  ])('%s is final: does not ask the next server', async (_, behavior) => {
    const first = await startScriptedNameServer(behavior);
    const second = await startScriptedNameServer(answerWithTarget());
    expect(await lookUpTargets([first, second])).toMatch(/^none: /);
    expect(second.queries).toEqual([]);
  });
});

describe('lookUp over TCP', () => {
  test('assembles a message that arrives byte by byte', async () => {
    const server = await startScriptedNameServer(
      ({ request, send }) => send(buildReply(request, [], { tc: 1 })),
      ({ request, send }) => {
        const bytes = [...addTcpLength(buildReply(request, [srvRecord(NAME, 'right.test')]))];
        const next = () => {
          const byte = bytes.shift();
          if (byte === undefined) return;
          send(Buffer.from([byte]));
          setImmediate(next);
        };
        next();
      },
    );
    expect(await lookUpTargets([server])).toBe('right.test');
    expect(server.queries).toEqual([`${NAME} SRV udp`, `${NAME} SRV tcp`]);
  });
});

describe('lookUp follows CNAMEs', () => {
  /**
   * Answers each query with the next CNAME of this table, or with a record at the end of the chain.
   */
  const answerStepwise =
    (aliases: Record<string, string>): Behavior =>
    ({ request, send }) => {
      const name = request.questions[0]?.name ?? '';
      const alias = aliases[name];
      send(
        buildReply(request, [
          alias === undefined ? srvRecord(name, 'end.test') : cnameRecord(name, alias),
        ]),
      );
    };
  const buildCnameChain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        index === 0 ? NAME : `${index}.test`,
        `${index + 1}.test`,
      ]),
    );

  test('within one answer, in any order', async () => {
    const server = await startScriptedNameServer(({ request, send }) => {
      send(
        buildReply(request, [
          srvRecord('B.test', 'end.test'),
          cnameRecord('A.test', 'b.test'),
          cnameRecord(NAME, 'a.test'),
        ]),
      );
    });
    expect(await lookUpTargets([server])).toBe('end.test');
    expect(server.queries).toHaveLength(1);
  });

  test('with a new query if they lead out of the answer', async () => {
    const server = await startScriptedNameServer(answerStepwise(buildCnameChain(2)));
    expect(await lookUpTargets([server])).toBe('end.test');
    expect(server.queries).toEqual([`${NAME} SRV udp`, '1.test SRV udp', '2.test SRV udp']);
  });

  test('with a new query to the server that answered', async () => {
    const silentServer = await startScriptedNameServer(ignoreQuery);
    const server = await startScriptedNameServer(answerStepwise(buildCnameChain(2)));
    expect(await lookUpTargets([silentServer, server])).toBe('end.test');
    expect(silentServer.queries).toEqual([`${NAME} SRV udp`]);
  });

  test('eight in a row, but not nine', async () => {
    expect(
      await lookUpTargets([await startScriptedNameServer(answerStepwise(buildCnameChain(8)))]),
    ).toBe('end.test');
    expect(
      await lookUpTargets([await startScriptedNameServer(answerStepwise(buildCnameChain(9)))]),
    ).toMatch(/: more than 8 CNAMEs in a row$/);
  });

  test.each([
    ['to itself', { [NAME]: NAME.toUpperCase() }],
    ['back to its source', { [NAME]: 'a.test', 'a.test': NAME }],
    [
      'in a loop after the first CNAME',
      { [NAME]: 'a.test', 'a.test': 'b.test', 'b.test': 'a.test' },
    ],
  ])('reports a CNAME that leads %s as a loop, in one answer or in several', async (_, aliases) => {
    const all: Behavior = ({ request, send }) =>
      send(
        buildReply(
          request,
          Object.entries(aliases).map(([name, alias]) => cnameRecord(name, alias)),
        ),
      );
    for (const behavior of [all, answerStepwise(aliases)]) {
      const server = await startScriptedNameServer(behavior);
      expect(await lookUpTargets([server])).toMatch(/^none: .*: its CNAMEs form a loop$/);
    }
  });

  test('and reports a name at the end that does not exist', async () => {
    const server = await startScriptedNameServer(({ request, send }) => {
      send(buildReply(request, [cnameRecord(NAME, 'gone\x1b.test')], { rcode: 3 }));
    });
    expect(await lookUpTargets([server])).toBe(
      `none: 127.0.0.1:${server.port}: no name gone\\x1b.test`,
    );
  });
});

describe('a process that only runs lookUp', () => {
  const lookUpPath = fileURLToPath(new URL('../../../src/target/dns/look-up.ts', import.meta.url));

  /** Runs lookUp in a process that does nothing else. Returns the kind of the result. */
  async function lookUpInOwnProcess(servers: NameServer[]): Promise<string> {
    const settings = JSON.stringify(makeNameServers(servers, 100));
    const script = `
      const { lookUp } = require(${JSON.stringify(lookUpPath)});
      lookUp('${NAME}', 'SRV', ${settings}, 1000).then((found) => console.log(found.kind));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '-e', script],
      { timeout: 15_000 },
    );
    return stdout;
  }

  test('stays alive while it waits, and ends if no server answers', async () => {
    expect(await lookUpInOwnProcess([await startScriptedNameServer(ignoreQuery)])).toBe('no-dns\n');
  });

  test('ends after the first answer, although other queries are still open', async () => {
    const onlyTruncated: Behavior = ({ request, send }) => send(buildReply(request, [], { tc: 1 }));
    const silentServers = [
      await startScriptedNameServer(ignoreQuery),
      await startScriptedNameServer(onlyTruncated, ignoreQuery),
    ];
    expect(
      await lookUpInOwnProcess([
        ...silentServers,
        await startScriptedNameServer(answerWithTarget()),
      ]),
    ).toBe('records\n');
  });
});

/** Returns a closed UDP port of 127.0.0.1. */
async function findClosedPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
