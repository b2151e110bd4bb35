import { Packet } from 'dns2';
import { describe, expect, it } from 'vitest';
import { lookUp } from '../../src/target/dns/look-up.js';
import { makeQuery, readReply } from '../../src/target/dns/message.js';
import { among, oddServer } from './odd-server.js';

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

/** What is read of a message: its SRV targets, `incomplete`, or `dropped`. */
function read(bytes: Buffer): string {
  const reply = readReply(bytes, query);
  if (reply === undefined) return 'dropped';
  if (!reply.complete) return 'incomplete';
  return reply.answers.map((answer) => answer.target ?? answer.domain ?? answer.address).join(' ');
}

it('a sound answer is read', () => {
  expect(read(message(good))).toBe('host.test');
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
  ])('%s', (_name, data, expected) => {
    expect(read(message(record(data)))).toBe(expected);
  });

  it('may lead through 16 pointers, not through more', () => {
    expect(read(message(inChain(15), [2, 0, 0]))).toBe('');
    expect(read(message(inChain(16), [2, 0, 0]))).toBe('incomplete');
  });

  it('of an owner is checked too', () => {
    const owner = [...label('a.b'), 0];
    expect(read(message(record(srvData(target), { owner })))).toBe('incomplete');
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
    ['of an IPv6 address must have its 16 bytes', record([1, 2, 3, 4], { type: 28 }), 'incomplete'],
    ['of another type is passed over', record([1, 2, 3], { type: 16 }), ''],
    [
      'of EDNS with a length that leads nowhere is passed over',
      record([0, 8, 0xff, 0xff, 1], { type: 41 }),
      '',
    ],
  ])('%s', (_name, body, expected) => {
    expect(read(message(body))).toBe(expected);
  });

  it('after an unsound one is not read', () => {
    const unsound = record([1, 2, 3], { type: 1 });
    expect(read(message([...unsound, ...good], [2, 0, 0]))).toBe('incomplete');
  });

  it('among the authorities counts as well, one among the additional ones does not', () => {
    const unsound = record([1, 2, 3], { type: 1 });
    expect(read(message([...good, ...unsound], [1, 1, 0]))).toBe('incomplete');
    expect(read(message([...good, ...unsound], [1, 0, 1]))).toBe('host.test');
  });
});

describe('a header', () => {
  it.each<[string, [number, number, number]]>([
    ['answers', [0xffff, 0, 0]],
    ['authorities', [1, 0xffff, 0]],
    ['additional records', [1, 0, 0xffff]],
  ])('must not promise more %s than the message can hold', (_name, counts) => {
    expect(read(message(good, counts))).toBe('dropped');
  });

  it('that promises a record more than there is makes the answer incomplete', () => {
    expect(read(message([...good, ...Array(11).fill(0xff)], [2, 0, 0]))).toBe('incomplete');
  });

  it.each(Array.from({ length: recordsAt }, (_, length) => length))(
    'and a question that end after %i bytes are dropped',
    (length) => {
      expect(read(message(good).subarray(0, length))).toBe('dropped');
    },
  );
});

it('12 bytes that make dns2 follow a chain of counts are dropped at once', () => {
  const hostile = Buffer.from([
    ...number16(query.id),
    0x81,
    0x80,
    0xff,
    0xff,
    ...Array(6).fill(0xff),
  ]);
  expect(read(hostile)).toBe('dropped');
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
