import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../src/protocol/progress-report.js';
import { ignoreResults } from '../../src/replica/connection.js';
import { LiveStatus, type StatusScreen, statusLine } from '../../src/shell/live-status.js';

const progress = (stage: number, stages: number, percent: number, what: string): Progress => ({
  stage,
  stages,
  percent,
  what: Buffer.from(what),
});

describe('the line says', () => {
  it.each<[string, number, number, Progress?]>([
    ['1.0 s', 1, 0],
    ['59.9 s', 59.99, 0],
    ['1 min 0 s', 60, 0],
    ['1 min 5 s', 65.9, 0],
    ['1 h 1 min', 3665, 0],
    ['12.3 s · 1 row', 12.34, 1],
    ['12.3 s · 1,234,000 rows', 12.34, 1_234_000],
    [
      "2.0 s · stage 1 of 2 'copy to tmp table' 0.8%",
      2,
      0,
      progress(1, 2, 0.833, 'copy to tmp table'),
    ],
    ["2.0 s · 'checking' 100.0%", 2, 0, progress(1, 1, 100, 'checking')],
    ["2.0 s · '?[31m??' 5.0% · 3 rows", 2, 3, progress(1, 1, 5, '\x1b[31mé')],
  ])('%s', (line, seconds, rows, report) => {
    expect(statusLine(seconds, rows, report)).toBe(line);
  });
});

/** The clock is vitest's: nothing waits, and no time is measured. */
describe('LiveStatus', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(changes: Partial<StatusScreen> = {}) {
    const written: string[] = [];
    const screen = {
      write: (text: string) => void written.push(text),
      columns: 80,
      dumb: false,
      ...changes,
    };
    const live = new LiveStatus(screen);
    return { live, written, handler: live.watch(ignoreResults) };
  }
  const row = new Uint8Array();

  it('writes nothing in the first second, then four times a second', () => {
    const { written } = start();
    vi.advanceTimersByTime(999);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(501);
    expect(written).toEqual(['\r1.0 s\x1b[K', '\r1.2 s\x1b[K', '\r1.5 s\x1b[K']);
  });

  it('counts the rows of the result set that comes, and tells of progress', () => {
    const { written, handler } = start();
    handler.progress?.(progress(1, 2, 50, 'copy'));
    vi.advanceTimersByTime(1000);
    handler.resultSet([]);
    handler.row(row, 0, 0);
    handler.row(row, 0, 0);
    vi.advanceTimersByTime(250);
    handler.endOfRows(0);
    handler.resultSet([]);
    vi.advanceTimersByTime(250);
    expect(written).toEqual([
      "\r1.0 s · stage 1 of 2 'copy' 50.0%\x1b[K",
      '\r1.2 s · 2 rows\x1b[K',
      '\r1.5 s\x1b[K',
    ]);
  });

  it('is gone before anything is printed, and does not come again', async () => {
    const { live, written } = start();
    const sink = live.sink({
      write: async (bytes) => void written.push(Buffer.from(bytes).toString()),
    });
    vi.advanceTimersByTime(1000);
    await sink.write(Buffer.from('a'));
    await sink.write(Buffer.from('b'));
    vi.advanceTimersByTime(5000);
    expect(written).toEqual(['\r1.0 s\x1b[K', '\r\x1b[K', 'a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no trace of a statement that was quick', () => {
    const { live, written } = start();
    live.stop();
    vi.advanceTimersByTime(5000);
    expect([written, vi.getTimerCount()]).toEqual([[], 0]);
  });

  it('begins anew with each statement', () => {
    const { live, written, handler } = start();
    handler.row(row, 0, 0);
    vi.advanceTimersByTime(1000);
    live.watch(ignoreResults);
    vi.advanceTimersByTime(1000);
    expect(written).toEqual(['\r1.0 s · 1 row\x1b[K', '\r\x1b[K', '\r1.0 s\x1b[K']);
  });

  it('does not wrap, nor shows anything on a dumb terminal', () => {
    const narrow = start({ columns: 5 });
    const dumb = start({ dumb: true });
    vi.advanceTimersByTime(20_000);
    expect(narrow.written.at(-1)).toBe('\r20.0\x1b[K');
    expect(dumb.written).toEqual([]);
  });

  it('hands everything on', () => {
    const heard: string[] = [];
    const live = new LiveStatus({ write() {}, columns: 80, dumb: false });
    const handler = live.watch({
      ok: () => void heard.push('ok'),
      resultSet: () => void heard.push('result set'),
      row: (_bytes, start, end) => void heard.push(`row ${start} ${end}`),
      takeRows(_bytes, start, end, longest) {
        heard.push(`rows ${start} ${end} ${longest}`);
        return { end, rows: 2 };
      },
      endOfRows: (warnings) => void heard.push(`end ${warnings}`),
      pressure: () => void heard.push('pressure'),
      progress: () => void heard.push('progress'),
    });
    handler.ok({ affectedRows: 0, warnings: 0, info: row });
    handler.resultSet([]);
    handler.row(row, 1, 2);
    expect(handler.takeRows(row, 2, 9, 5)).toEqual({ end: 9, rows: 2 });
    handler.endOfRows(3);
    void handler.pressure();
    handler.progress?.(progress(1, 1, 0, ''));
    live.stop();
    expect(heard).toEqual([
      ...['ok', 'result set', 'row 1 2', 'rows 2 9 5', 'end 3', 'pressure', 'progress'],
    ]);
  });
});
