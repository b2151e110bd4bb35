import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../src/protocol/progress-report.js';
import { ignoreResults } from '../../src/replica/connection.js';
import { formatStatusLine, LiveStatus, type StatusScreen } from '../../src/shell/live-status.js';

const progress = (stage: number, stages: number, percent: number, what: string): Progress => ({
  stage,
  stages,
  percent,
  what: Buffer.from(what),
});

describe('the text of the line', () => {
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
    expect(formatStatusLine(seconds, rows, report)).toBe(line);
  });
});

/** Uses vitest's fake timers, so that nothing depends on real time. */
describe('LiveStatus', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(changes: Partial<StatusScreen> = {}) {
    const written: string[] = [];
    const screen = {
      write: (text: string) => void written.push(text),
      columns: 80,
      isDumb: false,
      ...changes,
    };
    const live = new LiveStatus(screen);
    return { live, written, handler: live.observe(ignoreResults) };
  }
  const row = new Uint8Array();

  it('writes nothing in the first second, then four times a second', () => {
    const { written } = start();
    vi.advanceTimersByTime(999);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(501);
    expect(written).toEqual(['\r1.0 s\x1b[K', '\r1.2 s\x1b[K', '\r1.5 s\x1b[K']);
  });

  it('shows the number of rows of the current result set, or the progress report', () => {
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

  it('removes the line before anything is printed, and does not draw it again', async () => {
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

  it('draws nothing for a quick statement', () => {
    const { live, written } = start();
    live.stop();
    vi.advanceTimersByTime(5000);
    expect([written, vi.getTimerCount()]).toEqual([[], 0]);
  });

  it('starts from zero with each statement', () => {
    const { live, written, handler } = start();
    handler.row(row, 0, 0);
    vi.advanceTimersByTime(1000);
    live.observe(ignoreResults);
    vi.advanceTimersByTime(1000);
    expect(written).toEqual(['\r1.0 s · 1 row\x1b[K', '\r\x1b[K', '\r1.0 s\x1b[K']);
  });

  it('cuts the line to the terminal width, and draws nothing on a dumb terminal', () => {
    const narrow = start({ columns: 5 });
    const dumb = start({ isDumb: true });
    vi.advanceTimersByTime(20_000);
    expect(narrow.written.at(-1)).toBe('\r20.0\x1b[K');
    expect(dumb.written).toEqual([]);
  });

  it('forwards all calls to the handler', () => {
    const calls: string[] = [];
    const live = new LiveStatus({ write() {}, columns: 80, isDumb: false });
    const handler = live.observe({
      ok: () => void calls.push('ok'),
      resultSet: () => void calls.push('result set'),
      row: (_bytes, start, end) => void calls.push(`row ${start} ${end}`),
      takeRows(_bytes, start, end, longest) {
        calls.push(`rows ${start} ${end} ${longest}`);
        return { end, rows: 2 };
      },
      endOfRows: (warnings) => void calls.push(`end ${warnings}`),
      backPressure: () => void calls.push('pressure'),
      progress: () => void calls.push('progress'),
    });
    handler.ok({ affectedRows: 0, warnings: 0, info: row });
    handler.resultSet([]);
    handler.row(row, 1, 2);
    expect(handler.takeRows(row, 2, 9, 5, 1)).toEqual({ end: 9, rows: 2 });
    handler.endOfRows(3);
    void handler.backPressure();
    handler.progress?.(progress(1, 1, 0, ''));
    live.stop();
    expect(calls).toEqual([
      ...['ok', 'result set', 'row 1 2', 'rows 2 9 5', 'end 3', 'pressure', 'progress'],
    ]);
  });
});
