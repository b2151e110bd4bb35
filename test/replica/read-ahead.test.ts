import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadAhead } from '../../src/replica/read-ahead.js';
import { emptyDirectory } from '../e2e/home.js';

/** A server and an output, of which a test says when it takes bytes. */
class Ends {
  readonly received: number[] = [];
  reading = true;
  failure: unknown;
  /** The output takes so many chunks before it is stuck. */
  room = 0;
  #wakeUp: (() => void) | undefined;
  readonly readAhead = new ReadAhead(
    {
      pause: () => {
        this.reading = false;
      },
      resume: () => {
        this.reading = true;
      },
    },
    {
      take: (bytes) => {
        for (const byte of bytes) this.received.push(byte);
        this.room -= bytes.length;
      },
      pressure: () => {
        if (this.room > 0) return undefined;
        return new Promise((resolve) => {
          this.#wakeUp = resolve;
        });
      },
      fail: (error) => {
        this.failure = error;
      },
    },
  );
  #sent = 0;

  /** The server sends bytes 0, 1, 2 …, in chunks of one. */
  send(count: number): void {
    for (let i = 0; i < count; i++) this.readAhead.push(Uint8Array.of(this.#sent++ & 0xff));
  }

  get sent(): number[] {
    return Array.from({ length: this.#sent }, (_, i) => i & 0xff);
  }

  async takes(count: number): Promise<void> {
    this.room = count;
    this.#wakeUp?.();
    await vi.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a server', () => {
  it('is read while the output takes all', () => {
    const ends = new Ends();
    ends.room = 100;
    ends.send(50);
    expect([ends.reading, ends.received]).toEqual([true, ends.sent]);
  });

  it('is held back while the output is stuck for a short time', async () => {
    const ends = new Ends();
    ends.room = 10;
    ends.send(10);
    await vi.advanceTimersByTimeAsync(1400);
    expect(ends.reading).toBe(false);
    await ends.takes(10);
    expect(ends.reading).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    ends.send(5);
    expect([ends.reading, ends.received]).toEqual([true, ends.sent]);
  });

  it('is read again when the output stays stuck, and the order is kept', async () => {
    const ends = new Ends();
    ends.room = 10;
    ends.send(10);
    await vi.advanceTimersByTimeAsync(1600);
    expect(ends.reading).toBe(true);
    ends.send(200);
    expect([ends.reading, ends.received.length]).toEqual([true, 10]);
    await ends.takes(1000);
    expect([ends.reading, ends.received]).toEqual([true, ends.sent]);
    ends.send(3);
    expect(ends.received).toEqual(ends.sent);
  });

  it('sends no more than is passed on while the output moves', async () => {
    const ends = new Ends();
    ends.room = 10;
    ends.send(10);
    await vi.advanceTimersByTimeAsync(1600);
    // Beyond the first pieces of memory, so that not all is passed on at once.
    ends.send(5000);
    await ends.takes(1);
    const passed = ends.received.length - 10;
    expect([ends.reading, passed > 0 && passed < 5000]).toEqual([true, true]);
    ends.send(passed);
    expect(ends.reading).toBe(false);
    await vi.advanceTimersByTimeAsync(1600);
    expect(ends.reading).toBe(true);
    await ends.takes(1e9);
    expect(ends.received).toEqual(ends.sent);
  });

  it('that has hung up is noticed when all is passed on', async () => {
    const ends = new Ends();
    ends.room = 1;
    ends.send(1);
    await vi.advanceTimersByTimeAsync(1600);
    ends.send(100);
    let noticed: number | undefined;
    ends.readAhead.whenDrained(() => {
      noticed = ends.received.length;
    });
    expect(noticed).toBeUndefined();
    await ends.takes(1000);
    expect(noticed).toBe(101);
  });

  it('is given up at once', async () => {
    const ends = new Ends();
    ends.room = 1;
    ends.send(1);
    await vi.advanceTimersByTimeAsync(1600);
    ends.send(100);
    ends.readAhead.drop();
    let noticed = false;
    ends.readAhead.whenDrained(() => {
      noticed = true;
    });
    await ends.takes(1000);
    expect([noticed, ends.received.length]).toEqual([true, 1]);
  });
});

it('bytes that cannot be kept are passed on in their order, and the server waits', async () => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = `${emptyDirectory()}/no`;
  try {
    const ends = new Ends();
    ends.room = 1;
    ends.readAhead.push(Uint8Array.of(1));
    await vi.advanceTimersByTimeAsync(1600);
    const chunk = new Uint8Array(1024 * 1024).fill(2);
    for (let i = 0; i < 40 && ends.reading; i++) ends.readAhead.push(chunk);
    expect(ends.reading).toBe(false);
    expect(ends.readAhead.noRoom?.message).toMatch(/cannot be kept in .*no \(ENOENT\)/);
    // One that was under way.
    ends.readAhead.push(Uint8Array.of(3));
    let sum = 0;
    let last = 0;
    ends.received.push = (byte) => {
      sum++;
      last = byte;
      return sum;
    };
    await ends.takes(1e9);
    for (let i = 0; i < 100 && last !== 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([last, (sum - 1) % chunk.length, ends.reading]).toEqual([3, 0, true]);
    ends.readAhead.begin();
    expect(ends.readAhead.noRoom).toBeUndefined();
  } finally {
    process.env.TMPDIR = before;
    if (before === undefined) delete process.env.TMPDIR;
  }
});
