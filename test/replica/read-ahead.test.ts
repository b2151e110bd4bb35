import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadAhead } from '../../src/replica/read-ahead.js';
import { emptyDirectory } from '../e2e/home.js';

/** A server and an output; the test controls when the output accepts bytes. */
class ServerAndOutput {
  readonly received: number[] = [];
  reading = true;
  error: unknown;
  /** The number of chunks that the output accepts before it is blocked. */
  acceptedChunks = 0;
  #unblock: (() => void) | undefined;
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
        this.acceptedChunks -= bytes.length;
      },
      backPressure: () => {
        if (this.acceptedChunks > 0) return undefined;
        return new Promise((resolve) => {
          this.#unblock = resolve;
        });
      },
      fail: (error) => {
        this.error = error;
      },
    },
  );
  #sent = 0;

  /** Sends the bytes 0, 1, 2 … from the server in chunks of one byte. */
  send(count: number): void {
    for (let i = 0; i < count; i++) this.readAhead.push(Uint8Array.of(this.#sent++ & 0xff));
  }

  get sent(): number[] {
    return Array.from({ length: this.#sent }, (_, i) => i & 0xff);
  }

  async accept(count: number): Promise<void> {
    this.acceptedChunks = count;
    this.#unblock?.();
    await vi.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('ReadAhead', () => {
  it('reads the server while the output accepts all bytes', () => {
    const stream = new ServerAndOutput();
    stream.acceptedChunks = 100;
    stream.send(50);
    expect([stream.reading, stream.received]).toEqual([true, stream.sent]);
  });

  it('stops reading the server while the output is blocked for a short time', async () => {
    const stream = new ServerAndOutput();
    stream.acceptedChunks = 10;
    stream.send(10);
    await vi.advanceTimersByTimeAsync(1400);
    expect(stream.reading).toBe(false);
    await stream.accept(10);
    expect(stream.reading).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    stream.send(5);
    expect([stream.reading, stream.received]).toEqual([true, stream.sent]);
  });

  it('reads the server again if the output stays blocked, and keeps the order of the bytes', async () => {
    const stream = new ServerAndOutput();
    stream.acceptedChunks = 10;
    stream.send(10);
    await vi.advanceTimersByTimeAsync(1600);
    expect(stream.reading).toBe(true);
    stream.send(200);
    expect([stream.reading, stream.received.length]).toEqual([true, 10]);
    await stream.accept(1000);
    expect([stream.reading, stream.received]).toEqual([true, stream.sent]);
    stream.send(3);
    expect(stream.received).toEqual(stream.sent);
  });

  it('reads no more bytes than it delivers while the output accepts bytes', async () => {
    const stream = new ServerAndOutput();
    stream.acceptedChunks = 10;
    stream.send(10);
    await vi.advanceTimersByTimeAsync(1600);
    // More bytes than the first buffers hold, so that not all are delivered at once.
    stream.send(5000);
    await stream.accept(1);
    const delivered = stream.received.length - 10;
    expect([stream.reading, delivered > 0 && delivered < 5000]).toEqual([true, true]);
    stream.send(delivered);
    expect(stream.reading).toBe(false);
    await vi.advanceTimersByTimeAsync(1600);
    expect(stream.reading).toBe(true);
    await stream.accept(1e9);
    expect(stream.received).toEqual(stream.sent);
  });

  it('calls the callback of whenDrained when all bytes are delivered', async () => {
    const stream = new ServerAndOutput();
    stream.acceptedChunks = 1;
    stream.send(1);
    await vi.advanceTimersByTimeAsync(1600);
    stream.send(100);
    let receivedWhenDrained: number | undefined;
    stream.readAhead.whenDrained(() => {
      receivedWhenDrained = stream.received.length;
    });
    expect(receivedWhenDrained).toBeUndefined();
    await stream.accept(1000);
    expect(receivedWhenDrained).toBe(101);
  });

  it('delivers nothing more after drop', async () => {
    const stream = new ServerAndOutput();
    stream.acceptedChunks = 1;
    stream.send(1);
    await vi.advanceTimersByTimeAsync(1600);
    stream.send(100);
    stream.readAhead.drop();
    let drained = false;
    stream.readAhead.whenDrained(() => {
      drained = true;
    });
    await stream.accept(1000);
    expect([drained, stream.received.length]).toEqual([true, 1]);
  });
});

it('ReadAhead delivers bytes that cannot be spilled in order, and stops reading the server', async () => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = `${emptyDirectory()}/no`;
  try {
    const stream = new ServerAndOutput();
    stream.acceptedChunks = 1;
    stream.readAhead.push(Uint8Array.of(1));
    await vi.advanceTimersByTimeAsync(1600);
    const chunk = new Uint8Array(1024 * 1024).fill(2);
    for (let i = 0; i < 40 && stream.reading; i++) stream.readAhead.push(chunk);
    expect(stream.reading).toBe(false);
    expect(stream.readAhead.spillError?.message).toMatch(/cannot buffer rows in '.*no' \(ENOENT\)/);
    // A byte that was already received.
    stream.readAhead.push(Uint8Array.of(3));
    let byteCount = 0;
    let lastByte = 0;
    stream.received.push = (byte) => {
      byteCount++;
      lastByte = byte;
      return byteCount;
    };
    await stream.accept(1e9);
    for (let i = 0; i < 100 && lastByte !== 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([lastByte, (byteCount - 1) % chunk.length, stream.reading]).toEqual([3, 0, true]);
    stream.readAhead.begin();
    expect(stream.readAhead.spillError).toBeUndefined();
  } finally {
    process.env.TMPDIR = before;
    if (before === undefined) delete process.env.TMPDIR;
  }
});
