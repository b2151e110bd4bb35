import { Packet } from 'dns2';
import { describe, expect, it } from 'vitest';
import { type ExchangeResult, exchange } from '../../../src/target/dns/exchange.js';
import { lookUp } from '../../../src/target/dns/look-up.js';
import { makeQuery, type Reply, readReply } from '../../../src/target/dns/message.js';
import { among, type Behaviour, framed, oddServer, reply, srv } from './odd-server.js';

/*
 * Answers that a hostile or broken server may send, byte by byte. Those that are not an answer to the
 * question at all are dropped; those whose records cannot be trusted are reported as incomplete.
 */

const name = '_s2-analytics._tcp.test';
const query = makeQuery(name, 'SRV');
const question = query.bytes.subarray(12);
/** Where the records begin. */
const recordsAt = query.bytes.length;
/** A pointer to the question's name. */
const toQuestion = [0xc0, 12];

function number16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/** A message with these counts of answers, authorities and additional records. */
function message(body: number[], counts: [number, number, number] = [1, 0, 0]): Buffer {
  const head = Buffer.from([
    ...number16(query.id),
    0x81,
    0x80,
    ...number16(1),
    ...counts.flatMap(number16),
  ]);
  return Buffer.concat([head, question, Buffer.from(body)]);
}

function record(
  data: number[],
  { owner = toQuestion, type = 33, length = data.length } = {},
): number[] {
  return [...owner, ...number16(type), 0, 1, 0, 0, 0, 9, ...number16(length), ...data];
}

function label(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')];
}

const target = [...label('host'), ...label('test'), 0];
const srvData = (host: number[]) => [0, 0, 0, 1, ...number16(3312), ...host];
const good = record(srvData(target));

/** What a reply says: the names or addresses in it, or `incomplete`; `dropped` where there is none. */
function inWords(reply: Reply | undefined): string {
  if (reply === undefined) return 'dropped';
  if (!reply.complete) return 'incomplete';
  return reply.answers.map((answer) => answer.target ?? answer.domain ?? answer.address).join(' ');
}

/** What is read of a message, without a server. */
function read(bytes: Buffer): string {
  return inWords(readReply(bytes, query));
}

/** What is read of a message that a server sends, over UDP and over TCP. */
async function received(bytes: Buffer): Promise<{ udp: string; tcp: string }> {
  return { udp: await receivedOver('udp', bytes), tcp: await receivedOver('tcp', bytes) };
}

/** A second answer comes after it, so that one that is dropped need not be waited for. */
async function receivedOver(transport: 'udp' | 'tcp', bytes: Buffer): Promise<string> {
  const next = 'the-next.test';
  const answer: Behaviour = ({ request, send }) => {
    const mine = Buffer.from(bytes);
    if (mine.length >= 2) mine.writeUInt16BE(request.header.id, 0);
    for (const one of [mine, reply(request, [srv(name, next)]).toBuffer()]) {
      send(transport === 'tcp' ? framed(one) : one);
    }
  };
  const truncated: Behaviour = ({ request, send }) => send(reply(request, [], { tc: 1 }));
  const server = await (transport === 'tcp' ? oddServer(truncated, answer) : oddServer(answer));
  const outcome = await new Promise<ExchangeResult>((resolve) => {
    exchange(server, name, 'SRV', resolve);
  });
  if ('error' in outcome) return outcome.error;
  const words = inWords(outcome.reply);
  return words === next ? 'dropped' : words;
}

const both = (expected: string) => ({ udp: expected, tcp: expected });

it('a sound answer is read', async () => {
  expect(await received(message(good))).toEqual(both('host.test'));
});

describe('a name in a record', () => {
  /** Pointers, each to the one before it; the first to the root's name at the end of the question. */
  const chain = (count: number): number[] => {
    const root = recordsAt - 5;
    return Array.from({ length: count }, (_, index) =>
      number16(0xc000 | (index === 0 ? root : recordsAt + 12 + 2 * (index - 1))),
    ).flat();
  };
  const inChain = (count: number) => [
    ...record(chain(count), { type: 99 }),
    ...record(srvData(number16(0xc000 | (recordsAt + 12 + 2 * (count - 1))))),
  ];

  it.each<[string, number[], string]>([
    [
      'may have a pointer behind a label',
      srvData([...label('host'), ...toQuestion]),
      `host.${name}`,
    ],
    ['may be the root', srvData([0]), ''],
    ['may have bytes beyond ASCII', srvData([...label('h\xf6st'), 0]), 'h\xf6st'],
    [
      'may be of 255 octets',
      srvData([
        ...Array(3)
          .fill(label('x'.repeat(63)))
          .flat(),
        ...label('x'.repeat(61)),
        0,
      ]),
      `${`${'x'.repeat(63)}.`.repeat(3)}${'x'.repeat(61)}`,
    ],
    [
      'must not be longer',
      srvData([
        ...Array(4)
          .fill(label('x'.repeat(63)))
          .flat(),
        0,
      ]),
      'incomplete',
    ],
    ['must not point to itself', srvData(number16(0xc000 | (recordsAt + 18))), 'incomplete'],
    ['must not point forward', srvData([0xff, 0xff]), 'incomplete'],
    ['must not have a label of a reserved kind (01)', srvData([0x41, ...target]), 'incomplete'],
    ['must not have a label of a reserved kind (10)', srvData([0x81, ...target]), 'incomplete'],
    ['must not have a dot in a label', srvData([...label('host.evil'), 0]), 'incomplete'],
    ['must not have a NUL in a label', srvData([...label('host\0'), 0]), 'incomplete'],
  ])('%s', async (_name, data, expected) => {
    expect(await received(message(record(data)))).toEqual(both(expected));
  });

  it('may lead through 16 pointers, not through more', async () => {
    expect(await received(message(inChain(15), [2, 0, 0]))).toEqual(both(''));
    expect(await received(message(inChain(16), [2, 0, 0]))).toEqual(both('incomplete'));
  });

  it('must not, with all the others written out, be longer than 64 KiB', async () => {
    const longest = [
      ...Array(3)
        .fill(label('x'.repeat(63)))
        .flat(),
      ...label('x'.repeat(61)),
      0,
    ];
    const first = record(srvData([0]), { owner: longest });
    const toFirst = number16(0xc000 | recordsAt);
    const others = (count: number) =>
      Array(count)
        .fill(record(srvData(toFirst), { owner: toFirst }))
        .flat();
    // The question, the root and the first name; 255 octets and a pointer for each of the others.
    const fitting = Math.floor((0xffff - (name.length + 2) - 1 - 255) / (2 * 257));
    const sent = (count: number) =>
      received(message([...first, ...others(count)], [count + 1, 0, 0]));
    expect((await sent(fitting)).tcp.split(' ')).toHaveLength(1 + fitting);
    expect(await sent(fitting + 1)).toEqual(both('incomplete'));
    const most = Math.floor((0xffff - recordsAt - first.length) / others(1).length);
    expect((await sent(most)).tcp).toBe('incomplete');
  });

  it('of an owner is checked too', async () => {
    const owner = [...label('a.b'), 0];
    expect(await received(message(record(srvData(target), { owner })))).toEqual(both('incomplete'));
  });
});

describe('a record', () => {
  const length = srvData(target).length;
  it.each<[string, number[], string]>([
    [
      'must not go beyond the message',
      record(srvData(target), { length: length + 1 }),
      'incomplete',
    ],
    [
      'must not say that it is shorter',
      record(srvData(target), { length: length - 1 }),
      'incomplete',
    ],
    [
      'must not say that it is longer',
      [...record(srvData(target), { length: length + 3 }), 0, 0, 0],
      'incomplete',
    ],
    ['must not be cut off', good.slice(0, -1), 'incomplete'],
    ['of an address must have its four bytes', record([1, 2, 3, 4, 5], { type: 1 }), 'incomplete'],
    ['of an address has its four bytes', record([1, 2, 3, 4], { type: 1 }), '1.2.3.4'],
    ['of an address must not have fewer', record([1, 2, 3], { type: 1 }), 'incomplete'],
    ['of an IPv6 address must have its 16 bytes', record([1, 2, 3, 4], { type: 28 }), 'incomplete'],
    [
      'of an IPv6 address must not have one more',
      record(Array(17).fill(1), { type: 28 }),
      'incomplete',
    ],
    ['of SRV must not be without data', record([]), 'incomplete'],
    ['of an alias must not end in its name', record(target, { type: 5, length: 3 }), 'incomplete'],
    ['of another type is passed over', record([1, 2, 3], { type: 16 }), ''],
    [
      'of EDNS with a length that leads nowhere is passed over',
      record([0, 8, 0xff, 0xff, 1], { type: 41 }),
      '',
    ],
  ])('%s', async (_name, body, expected) => {
    expect(await received(message(body))).toEqual(both(expected));
  });

  it('after an unsound one is not read', async () => {
    const unsound = record([1, 2, 3], { type: 1 });
    expect(await received(message([...unsound, ...good], [2, 0, 0]))).toEqual(both('incomplete'));
  });

  it('among the authorities counts as well, one among the additional ones does not', async () => {
    const unsound = record([1, 2, 3], { type: 1 });
    expect(await received(message([...good, ...unsound], [1, 1, 0]))).toEqual(both('incomplete'));
    expect(await received(message([...good, ...unsound], [1, 0, 1]))).toEqual(both('host.test'));
  });
});

describe('a header', () => {
  it.each<[string, [number, number, number]]>([
    ['answers', [0xffff, 0, 0]],
    ['authorities', [1, 0xffff, 0]],
    ['additional records', [1, 0, 0xffff]],
  ])('must not promise more %s than the message can hold', async (_name, counts) => {
    expect(await received(message(good, counts))).toEqual(both('dropped'));
  });

  it('that promises a record more than there is makes the answer incomplete', async () => {
    expect(await received(message([...good, ...Array(11).fill(0xff)], [2, 0, 0]))).toEqual(
      both('incomplete'),
    );
  });

  it.each(Array.from({ length: recordsAt }, (_, length) => length))(
    'and a question that end after %i bytes are dropped',
    (length) => {
      expect(read(message(good).subarray(0, length))).toBe('dropped');
    },
  );
});

it('12 bytes that make dns2 follow a chain of counts are dropped at once', async () => {
  const hostile = Buffer.from([
    ...number16(query.id),
    0x81,
    0x80,
    0xff,
    0xff,
    ...Array(6).fill(0xff),
  ]);
  expect(await received(hostile)).toEqual(both('dropped'));
});

it('random changes to an answer never end in an exception', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 0x80000000;
    return seed % below;
  };
  const original = message([...good, ...record(srvData(toQuestion)), ...good], [3, 0, 0]);
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(original);
    for (let change = random(4); change >= 0; change--) {
      bytes[random(bytes.length)] = random(256);
    }
    const cut = random(10) === 0 ? random(bytes.length) : bytes.length;
    expect(() => read(bytes.subarray(0, cut)), `round ${round}`).not.toThrow();
  }
});

it('an answer of 65,535 bytes over TCP is read', async () => {
  const rest = 0xffff - recordsAt - good.length - 12;
  const longest = message([...good, ...record(Array(rest).fill(0), { type: 16 })], [2, 0, 0]);
  expect(longest).toHaveLength(0xffff);
  expect(await receivedOver('tcp', longest)).toBe('host.test');
});

describe('an answer over UDP', () => {
  const answerOf = (filler: number) => (request: Packet) => {
    const response = Packet.createResponseFromRequest(request);
    const owner = request.questions[0]?.name ?? '';
    const host = { priority: 0, weight: 1, port: 3312, target: 'host.test' };
    response.answers = [
      new Packet.Resource({ name: owner, type: 33, class: 1, ttl: 9, ...host }),
      // Not compressed, and passed over.
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
  const size = (filler: number) => answerOf(filler)(Packet.parse(query.bytes)).length;

  it.each([
    ['of 4,096 bytes is read', 4096, 'records'],
    ['of one byte more is dropped', 4097, 'no-dns'],
  ])('%s', async (_name, bytes, kind) => {
    const filler = bytes - size(0);
    expect(size(filler)).toBe(bytes);
    const server = await oddServer(({ request, send }) => send(answerOf(filler)(request)));
    expect((await lookUp(name, 'SRV', among([server], 150))).kind).toBe(kind);
  });
});
