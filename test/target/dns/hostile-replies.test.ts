import { Packet } from 'dns2';
import { describe, expect, it } from 'vitest';
import { lookUp } from '../../../src/target/dns/look-up.js';
import { makeQuery, parseReply, type Reply } from '../../../src/target/dns/message.js';
import { type QueryResult, queryNameServer } from '../../../src/target/dns/query-name-server.js';
import {
  addTcpLength,
  type Behavior,
  buildReply,
  makeNameServers,
  srvRecord,
  startScriptedNameServer,
} from './scripted-name-server.js';

/*
 * Tests replies that a hostile or broken server may send. Messages that do not answer the query are
 * ignored (`dropped`). Records with invalid data are passed over; replies without valid answers, or with
 * records whose end is unknown, are reported as incomplete.
 */

const name = '_s2-analytics._tcp.test';
const query = makeQuery(name, 'SRV');
const question = query.bytes.subarray(12);
/** The offset of the first record. */
const recordsStart = query.bytes.length;
/** A pointer to the question's name. */
const questionPointer = [0xc0, 12];

function encodeUint16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/**
 * Returns a message whose header has these counts of answers, authorities and additional records.
 */
function buildMessage(body: number[], counts: [number, number, number] = [1, 0, 0]): Buffer {
  const head = Buffer.from([
    ...encodeUint16(query.id),
    0x81,
    0x80,
    ...encodeUint16(1),
    ...counts.flatMap(encodeUint16),
  ]);
  return Buffer.concat([head, question, Buffer.from(body)]);
}

function buildRecord(
  data: number[],
  { owner = questionPointer, type = 33, length = data.length } = {},
): number[] {
  return [...owner, ...encodeUint16(type), 0, 1, 0, 0, 0, 9, ...encodeUint16(length), ...data];
}

function encodeLabel(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')];
}

const hostName = [...encodeLabel('host'), ...encodeLabel('test'), 0];
const encodeSrv = (host: number[]) => [0, 0, 0, 1, ...encodeUint16(3312), ...host];
const goodRecord = buildRecord(encodeSrv(hostName));

/** Returns the names or addresses in a reply, `incomplete`, or `dropped` if there is no reply. */
function describeReply(reply: Reply | undefined): string {
  if (reply === undefined) return 'dropped';
  if (!reply.complete) return 'incomplete';
  return reply.answers.map((answer) => answer.target ?? answer.domain ?? answer.address).join(' ');
}

/** Parses a message without a server. */
function read(bytes: Buffer): string {
  return describeReply(parseReply(bytes, query));
}

/** Returns what the client reads of a message that a server sends over UDP and over TCP. */
async function sendOverBoth(bytes: Buffer): Promise<{ udp: string; tcp: string }> {
  return { udp: await sendOver('udp', bytes), tcp: await sendOver('tcp', bytes) };
}

/**
 * Sends a second, valid reply after the message, so that a test of an ignored message ends quickly.
 */
async function sendOver(transport: 'udp' | 'tcp', bytes: Buffer): Promise<string> {
  const next = 'the-next.test';
  const answer: Behavior = ({ request, send }) => {
    const message = Buffer.from(bytes);
    if (message.length >= 2) message.writeUInt16BE(request.header.id, 0);
    for (const reply of [message, buildReply(request, [srvRecord(name, next)]).toBuffer()]) {
      send(transport === 'tcp' ? addTcpLength(reply) : reply);
    }
  };
  const truncated: Behavior = ({ request, send }) => send(buildReply(request, [], { tc: 1 }));
  const server = await (transport === 'tcp'
    ? startScriptedNameServer(truncated, answer)
    : startScriptedNameServer(answer));
  const outcome = await new Promise<QueryResult>((resolve) => {
    queryNameServer(server, name, 'SRV', resolve);
  });
  if ('error' in outcome) return outcome.error;
  const words = describeReply(outcome.reply);
  return words === next ? 'dropped' : words;
}

const forBoth = (expected: string) => ({ udp: expected, tcp: expected });

it('reads a valid reply', async () => {
  expect(await sendOverBoth(buildMessage(goodRecord))).toEqual(forBoth('host.test'));
});

describe('a name in a record', () => {
  /**
   * Returns pointers, each to its predecessor; the first leads to the root name in the question.
   */
  const buildPointers = (count: number): number[] => {
    const root = recordsStart - 5;
    return Array.from({ length: count }, (_, index) =>
      encodeUint16(0xc000 | (index === 0 ? root : recordsStart + 12 + 2 * (index - 1))),
    ).flat();
  };
  const buildPointerRecords = (count: number) => [
    ...buildRecord(buildPointers(count), { type: 99 }),
    ...buildRecord(encodeSrv(encodeUint16(0xc000 | (recordsStart + 12 + 2 * (count - 1))))),
  ];

  it.each<[string, number[], string]>([
    [
      'may have a pointer after a label',
      encodeSrv([...encodeLabel('host'), ...questionPointer]),
      `host.${name}`,
    ],
    ['may be the root name', encodeSrv([0]), ''],
    ['may have non-ASCII bytes', encodeSrv([...encodeLabel('h\xf6st'), 0]), 'h\xf6st'],
    [
      'may have 255 octets',
      encodeSrv([
        ...Array(3)
          .fill(encodeLabel('x'.repeat(63)))
          .flat(),
        ...encodeLabel('x'.repeat(61)),
        0,
      ]),
      `${`${'x'.repeat(63)}.`.repeat(3)}${'x'.repeat(61)}`,
    ],
    [
      'must not have more than 255 octets',
      encodeSrv([
        ...Array(4)
          .fill(encodeLabel('x'.repeat(63)))
          .flat(),
        0,
      ]),
      'incomplete',
    ],
    [
      'must not point to itself',
      encodeSrv(encodeUint16(0xc000 | (recordsStart + 18))),
      'incomplete',
    ],
    ['must not point forward', encodeSrv([0xff, 0xff]), 'incomplete'],
    ['must not have a label of a reserved kind (01)', encodeSrv([0x41, ...hostName]), 'incomplete'],
    ['must not have a label of a reserved kind (10)', encodeSrv([0x81, ...hostName]), 'incomplete'],
    ['must not have a dot in a label', encodeSrv([...encodeLabel('host.evil'), 0]), 'incomplete'],
    ['must not have a NUL in a label', encodeSrv([...encodeLabel('host\0'), 0]), 'incomplete'],
  ])('%s', async (_name, data, expected) => {
    expect(await sendOverBoth(buildMessage(buildRecord(data)))).toEqual(forBoth(expected));
    if (expected !== 'incomplete') return;
    const records = [...buildRecord(data), ...goodRecord, ...goodRecord];
    expect(await sendOverBoth(buildMessage(records, [3, 0, 0])), 'among others').toEqual(
      forBoth('host.test host.test'),
    );
  });

  it('may lead through 16 pointers, but not through more', async () => {
    expect(await sendOverBoth(buildMessage(buildPointerRecords(15), [2, 0, 0]))).toEqual(
      forBoth(''),
    );
    expect(
      await sendOverBoth(buildMessage([...buildPointerRecords(16), ...goodRecord], [3, 0, 0])),
    ).toEqual(forBoth('host.test'));
  });

  it('must not exceed 64 KiB together with all other names', async () => {
    const longest = [
      ...Array(3)
        .fill(encodeLabel('x'.repeat(63)))
        .flat(),
      ...encodeLabel('x'.repeat(61)),
      0,
    ];
    const first = buildRecord(encodeSrv([0]), { owner: longest });
    const pointerToFirst = encodeUint16(0xc000 | recordsStart);
    const buildOtherRecords = (count: number) =>
      Array(count)
        .fill(buildRecord(encodeSrv(pointerToFirst), { owner: pointerToFirst }))
        .flat();
    // Subtract the question, the root and the first name. Each other name takes 255 octets and a
    // pointer.
    const maxCount = Math.floor((0xffff - (name.length + 2) - 1 - 255) / (2 * 257));
    const sendRecords = (count: number) =>
      sendOverBoth(buildMessage([...first, ...buildOtherRecords(count)], [count + 1, 0, 0]));
    expect((await sendRecords(maxCount)).tcp.split(' ')).toHaveLength(1 + maxCount);
    expect(await sendRecords(maxCount + 1)).toEqual(forBoth('incomplete'));
    const most = Math.floor((0xffff - recordsStart - first.length) / buildOtherRecords(1).length);
    expect((await sendRecords(most)).tcp).toBe('incomplete');
  });

  it('is also checked if it is the owner of a record', async () => {
    const owner = [...encodeLabel('a.b'), 0];
    expect(await sendOverBoth(buildMessage(buildRecord(encodeSrv(hostName), { owner })))).toEqual(
      forBoth('incomplete'),
    );
  });
});

describe('a record', () => {
  const length = encodeSrv(hostName).length;
  it.each<[string, number[], string]>([
    [
      'must not extend beyond the message',
      buildRecord(encodeSrv(hostName), { length: length + 1 }),
      'incomplete',
    ],
    [
      'must not state a shorter length',
      buildRecord(encodeSrv(hostName), { length: length - 1 }),
      'incomplete',
    ],
    [
      'must not state a longer length',
      [...buildRecord(encodeSrv(hostName), { length: length + 3 }), 0, 0, 0],
      'incomplete',
    ],
    ['must not be truncated', goodRecord.slice(0, -1), 'incomplete'],
    ['of type A must not have five bytes', buildRecord([1, 2, 3, 4, 5], { type: 1 }), 'incomplete'],
    ['of type A has four bytes', buildRecord([1, 2, 3, 4], { type: 1 }), '1.2.3.4'],
    ['of type A must not have three bytes', buildRecord([1, 2, 3], { type: 1 }), 'incomplete'],
    [
      'of type AAAA must not have four bytes',
      buildRecord([1, 2, 3, 4], { type: 28 }),
      'incomplete',
    ],
    [
      'of type AAAA must not have 17 bytes',
      buildRecord(Array(17).fill(1), { type: 28 }),
      'incomplete',
    ],
    ['of type SRV must have data', buildRecord([]), 'incomplete'],
    [
      'of type CNAME must not end inside its name',
      buildRecord(hostName, { type: 5, length: 3 }),
      'incomplete',
    ],
    ['of another type is ignored', buildRecord([1, 2, 3], { type: 16 }), ''],
    [
      'of type OPT (EDNS) with an invalid option length is ignored',
      buildRecord([0, 8, 0xff, 0xff, 1], { type: 41 }),
      '',
    ],
  ])('%s', async (_name, body, expected) => {
    expect(await sendOverBoth(buildMessage(body))).toEqual(forBoth(expected));
  });

  it.each<[string, number[]]>([
    ['five bytes of type A', buildRecord([1, 2, 3, 4, 5], { type: 1 })],
    ['three bytes of type A', buildRecord([1, 2, 3], { type: 1 })],
    ['17 bytes of type AAAA', buildRecord(Array(17).fill(1), { type: 28 })],
    ['no data', buildRecord([])],
    ['a name that is longer than the record', buildRecord(encodeSrv(hostName.slice(0, 8)))],
    ['a name that is shorter than the record', buildRecord([...encodeSrv(hostName), 0, 0, 0])],
  ])('with %s is passed over', async (_name, record) => {
    for (const counts of [[3, 0, 0] as const, [2, 1, 0] as const, [2, 0, 1] as const]) {
      const records = [...goodRecord, ...goodRecord];
      records.splice(counts[0] === 3 ? goodRecord.length : records.length, 0, ...record);
      expect(await sendOverBoth(buildMessage(records, [...counts]))).toEqual(
        forBoth('host.test host.test'),
      );
    }
  });

  it('after one with an invalid owner is not read', async () => {
    const invalidRecord = buildRecord(encodeSrv(hostName), { owner: [0x41, 0] });
    expect(await sendOverBoth(buildMessage([...goodRecord, ...invalidRecord], [2, 0, 0]))).toEqual(
      forBoth('incomplete'),
    );
    expect(await sendOverBoth(buildMessage([...goodRecord, ...invalidRecord], [1, 0, 1]))).toEqual(
      forBoth('host.test'),
    );
  });
});

describe('a header', () => {
  it.each<[string, [number, number, number]]>([
    ['answers', [0xffff, 0, 0]],
    ['authorities', [1, 0xffff, 0]],
    ['additional records', [1, 0, 0xffff]],
  ])('must not announce more %s than the message can contain', async (_name, counts) => {
    expect(await sendOverBoth(buildMessage(goodRecord, counts))).toEqual(forBoth('dropped'));
  });

  it('that announces a missing record makes the reply incomplete', async () => {
    expect(
      await sendOverBoth(buildMessage([...goodRecord, ...Array(11).fill(0xff)], [2, 0, 0])),
    ).toEqual(forBoth('incomplete'));
  });

  it.each(Array.from({ length: recordsStart }, (_, length) => length))(
    'and a question that are truncated to %i bytes are ignored',
    (length) => {
      expect(read(buildMessage(goodRecord).subarray(0, length))).toBe('dropped');
    },
  );
});

it('ignores a message of 12 bytes with large record counts, which dns2 would try to decode', async () => {
  const hostile = Buffer.from([
    ...encodeUint16(query.id),
    0x81,
    0x80,
    0xff,
    0xff,
    ...Array(6).fill(0xff),
  ]);
  expect(await sendOverBoth(hostile)).toEqual(forBoth('dropped'));
});

it('never throws an exception for a randomly changed reply', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 0x80000000;
    return seed % below;
  };
  const original = buildMessage(
    [...goodRecord, ...buildRecord(encodeSrv(questionPointer)), ...goodRecord],
    [3, 0, 0],
  );
  // One expectation for all rounds, because one per round would take most of the time.
  const failures: [round: number, error: unknown][] = [];
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(original);
    for (let change = random(4); change >= 0; change--) {
      bytes[random(bytes.length)] = random(256);
    }
    const cut = random(10) === 0 ? random(bytes.length) : bytes.length;
    try {
      read(bytes.subarray(0, cut));
    } catch (error) {
      failures.push([round, error]);
    }
  }
  expect(failures).toEqual([]);
});

it('reads a reply of 65,535 bytes over TCP', async () => {
  const rest = 0xffff - recordsStart - goodRecord.length - 12;
  const longest = buildMessage(
    [...goodRecord, ...buildRecord(Array(rest).fill(0), { type: 16 })],
    [2, 0, 0],
  );
  expect(longest).toHaveLength(0xffff);
  expect(await sendOver('tcp', longest)).toBe('host.test');
});

describe('a reply over UDP', () => {
  const buildAnswer = (filler: number) => (request: Packet) => {
    const response = Packet.createResponseFromRequest(request);
    const owner = request.questions[0]?.name ?? '';
    const host = { priority: 0, weight: 1, port: 3312, target: 'host.test' };
    response.answers = [
      new Packet.Resource({ name: owner, type: 33, class: 1, ttl: 9, ...host }),
      // Its name is not compressed, and it is ignored.
      new Packet.Resource({
        name: '',
        type: 65280,
        class: 1,
        ttl: 9,
        data: Buffer.alloc(filler),
      } as never),
    ];
    return response.toBuffer();
  };
  const size = (filler: number) => buildAnswer(filler)(Packet.parse(query.bytes)).length;

  it.each([
    ['of 4,096 bytes is read', 4096, 'records'],
    ['of 4,097 bytes is ignored', 4097, 'no-dns'],
  ])('%s', async (_name, bytes, kind) => {
    const filler = bytes - size(0);
    expect(size(filler)).toBe(bytes);
    const server = await startScriptedNameServer(({ request, send }) =>
      send(buildAnswer(filler)(request)),
    );
    expect((await lookUp(name, 'SRV', makeNameServers([server], 150))).kind).toBe(kind);
  });
});
