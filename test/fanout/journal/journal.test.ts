import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Journal, type JournalEntry } from '../../../src/fanout/journal/journal.js';
import { temporaryDirectory } from '../../temporary-directory.js';
import { catchFailure } from '../../wikis/checkout.js';

const header = { run: 'r1', fingerprint: 'f1' };
const ok = (wiki: string, rows = 1): JournalEntry => ({ wiki, outcome: 'ok', rows, bytes: 10 });
const wikisOf = (journal: Journal) => [...journal.entries.keys()].join(' ');

/** Creates a journal with these entries, closes it and returns its path. */
function createJournal(...entries: JournalEntry[]): string {
  const path = join(temporaryDirectory(), 'journal');
  const journal = Journal.open(path, header, false);
  for (const entry of entries) journal.add(entry);
  journal.close();
  return path;
}

describe('a journal', () => {
  it('is readable only by the user, and leaves no other file', () => {
    const path = createJournal(ok('aawiki'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..'))).toEqual(['journal']);
  });

  it('returns the last entry of each wiki', () => {
    const skipped: JournalEntry = { wiki: 'b', outcome: 'skipped', errno: 1146, rows: 0, bytes: 0 };
    const failed: JournalEntry = { wiki: 'a', outcome: 'failed', errno: 2013, rows: 0, bytes: 0 };
    const full: JournalEntry = {
      ...ok('a', 7),
      ...{ file: 'a.csv', size: 5, sha256: 'ff', extents: [[0, 3]], columns: [{ name: 'x' }] },
    };
    const journal = Journal.open(createJournal(failed, skipped, full), header, true);
    expect([...journal.entries.values()]).toEqual([full, skipped]);
    journal.close();
  });

  it('contains a line for each entry, in order', () => {
    const lines = readFileSync(createJournal(ok('b'), ok('a')), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { version: 1, ...header },
      ok('b'),
      ok('a'),
    ]);
  });

  it('can be continued several times', () => {
    const path = createJournal(ok('a'));
    for (const wiki of ['b', 'c']) {
      const journal = Journal.open(path, { ...header, run: 'r2' }, true);
      journal.add(ok(wiki));
      journal.sync();
      journal.close();
    }
    const journal = Journal.open(path, header, true);
    expect(wikisOf(journal)).toBe('a b c');
    journal.close();
  });

  it('is deleted together with its lock file', () => {
    const path = createJournal();
    const journal = Journal.open(path, header, true);
    journal.remove();
    journal.close();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });
});

describe('an incomplete end of a journal after a crash', () => {
  const entries = [ok('aawiki'), ok('frwiki', 12), ok('zhwiki')];

  it('is truncated, at whichever byte the file ends', () => {
    const path = createJournal(...entries);
    const whole = readFileSync(path);
    const lineEnds = [...whole.keys()].filter((at) => whole[at] === 0x0a).map((at) => at + 1);
    for (let size = 0; size <= whole.length; size++) {
      writeFileSync(path, whole.subarray(0, size));
      const journal = Journal.open(path, header, true);
      const kept = lineEnds.filter((end) => end <= size).length;
      expect(wikisOf(journal), `of ${size} bytes`).toBe(
        entries
          .slice(0, Math.max(0, kept - 1))
          .map(({ wiki }) => wiki)
          .join(' '),
      );
      journal.add(ok('zuwiki'));
      journal.close();
      const end = whole.subarray(0, lineEnds[kept - 1] ?? lineEnds[0]);
      const added = `${JSON.stringify(ok('zuwiki'))}\n`;
      expect(readFileSync(path, 'latin1'), `of ${size} bytes`).toBe(`${end}${added}`);
    }
  });

  it('is truncated at the first byte that the file system did not write', () => {
    const path = createJournal(...entries.slice(0, 2));
    appendFileSync(path, Buffer.concat([Buffer.alloc(100), Buffer.from('{"wiki":"z"}\n')]));
    const journal = Journal.open(path, header, true);
    expect(wikisOf(journal)).toBe('aawiki frwiki');
    journal.close();
  });

  it('is replaced, also by a new run, if the header is incomplete', () => {
    const path = createJournal();
    truncateSync(path, 5);
    Journal.open(path, { ...header, fingerprint: 'f2' }, false).close();
    Journal.open(path, { ...header, fingerprint: 'f2' }, true).close();
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(2);
  });
});

describe('a journal is refused', () => {
  const refusals: [
    condition: string,
    damage: (path: string) => void,
    resume: boolean,
    code: RegExp,
  ][] = [
    [
      'if a run is new',
      () => {},
      false,
      /^unfinished-run: \S+ contains an unfinished run: use --resume /,
    ],
    [
      'if it does not exist',
      rmSync,
      true,
      /^no-journal: nothing to resume: \S+ does not exist; run /,
    ],
    [
      'with a line that is not JSON',
      (path) => appendFileSync(path, 'x\n{}\n'),
      true,
      /^bad-journal: \S+ is damaged \(line 3\): remove \S+ to start over$/,
    ],
    [
      'with a line that misses a member',
      (path) => appendFileSync(path, '{"wiki":"a","outcome":"ok"}\n'),
      true,
      /^bad-journal: .* \(line 3\)/,
    ],
    ['with an invalid header', (path) => writeFileSync(path, '[]\n'), true, /\(line 1\)/],
    [
      'of a newer version',
      (path) => writeFileSync(path, '{"version":2}\n'),
      true,
      /^bad-journal: \S+ was written by another version of analytics-mysql: use that/,
    ],
    [
      'of other statements',
      (path) => writeFileSync(path, '{"version":1,"run":"r","fingerprint":"f2"}\n'),
      true,
      /^other-query: the run in \S+ has other statements or options than this one: repeat /,
    ],
    [
      'that is a symbolic link',
      (path) => {
        renameSync(path, `${path}.2`);
        symlinkSync(`${path}.2`, path);
      },
      true,
      /^journal-failed: cannot use \S+ \(ELOOP\)/,
    ],
  ];
  it.each(refusals)('%s', (_, damage, resume, expected) => {
    const path = createJournal(ok('aawiki'));
    damage(path);
    const before = readdirSync(join(path, '..'));
    expect(catchFailure(() => Journal.open(path, header, resume))).toMatch(expected);
    expect(readdirSync(join(path, '..'))).toEqual(before);
  });

  it('if its directory does not exist', () => {
    const path = join(temporaryDirectory(), 'nowhere', 'journal');
    expect(catchFailure(() => Journal.open(path, header, true))).toMatch(/^no-journal/);
    expect(catchFailure(() => Journal.open(path, header, false))).toMatch(
      /^journal-failed.*ENOENT/,
    );
  });
});

describe('a second lock on a journal', () => {
  it('is refused to the same process', () => {
    const path = createJournal();
    const journal = Journal.open(path, header, true);
    expect(catchFailure(() => Journal.open(path, header, true))).toMatch(/^journal-in-use: /);
    journal.close();
    Journal.open(path, header, true).close();
  });

  it('is refused to another process until the first is killed; a zombie does not hold it', async () => {
    const path = join(temporaryDirectory(), 'journal');
    const program = join(import.meta.dirname, 'hold-journal.ts');
    // The shell keeps running and does not wait, so the killed process stays a zombie.
    const script = 'node --import tsx "$0" "$@" & echo $!; exec sleep 600';
    const shell = spawn('sh', ['-c', script, program, path, 'r1', 'f1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const chunk of shell.stdout) {
      lines.push(...String(chunk).trim().split('\n'));
      if (lines.includes('held')) break;
    }
    const pid = Number(lines[0]);
    try {
      const refused = new RegExp(`^journal-in-use: .* \\(process ${pid} on \\S+\\): wait for it`);
      expect(catchFailure(() => Journal.open(path, header, true))).toMatch(refused);
      process.kill(pid, 'SIGKILL');
      await waitForState(pid, 'Z');
      Journal.open(path, header, true).close();
      expect(readdirSync(join(path, '..'))).toEqual(['journal']);
    } finally {
      shell.kill('SIGKILL');
      await once(shell, 'close');
    }
  });

  const createLock = () => {
    const path = createJournal();
    const journal = Journal.open(path, header, true);
    const [lockName = ''] = readdirSync(join(path, '..')).filter((name) => name.includes('.lock-'));
    journal.close();
    return { path, parts: lockName.split('-') };
  };
  const lockOwners: [owner: string, part: number, value: string, isHeld: boolean][] = [
    ['process that does not exist', 3, '999999999', false],
    ['process that had the same id before', 4, '12', false],
    ['process from before the last boot', 2, '00000000', false],
    ['process on another machine, which cannot be checked', 1, 'stat9999', true],
    ['process whose id is not a number', 3, 'x', true],
  ];
  it.each(lockOwners)('respects or removes the lock of a %s', (_, part, value, isHeld) => {
    const { path, parts } = createLock();
    const lockPath = join(path, '..', parts.with(part, value).join('-'));
    writeFileSync(lockPath, '');
    const open = () => Journal.open(path, header, true).close();
    if (isHeld) {
      expect(catchFailure(open)).toMatch(
        /^journal-in-use: .*; if that process does not exist, remove \S+$/,
      );
      rmSync(lockPath);
    }
    open();
    expect(readdirSync(join(path, '..'))).toEqual(['journal']);
  });
});

/** Waits until a process has a state of proc_pid_stat(5). */
async function waitForState(pid: number, state: string): Promise<void> {
  while (!readFileSync(`/proc/${pid}/stat`, 'latin1').includes(`) ${state} `)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
