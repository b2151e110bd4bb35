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
import type { EarlierRun } from '../../../src/cli/settings.js';
import { Journal, type JournalEntry } from '../../../src/fanout/journal/journal.js';
import { temporaryDirectory } from '../../temporary-directory.js';
import { catchFailure } from '../../wikis/checkout.js';

const header = { run: 'r1', fingerprint: 'f1' };
const refuse: EarlierRun = { action: 'refuse' };
const resume: EarlierRun = { action: 'resume', maxAge: undefined };
const restart: EarlierRun = { action: 'restart' };
const ok = (wiki: string, rows = 1): JournalEntry => ({ wiki, outcome: 'ok', rows, bytes: 10 });
const wikisOf = (journal: Journal) => [...journal.entries.keys()].join(' ');

/** Creates a journal with these entries, closes it and returns its path. */
function createJournal(...entries: JournalEntry[]): string {
  const path = join(temporaryDirectory(), 'journal');
  const journal = Journal.open(path, header, refuse);
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
    const journal = Journal.open(createJournal(failed, skipped, full), header, resume);
    expect([...journal.entries.values()]).toEqual([full, skipped]);
    journal.close();
  });

  it('contains a line for each entry, in order', () => {
    const lines = readFileSync(createJournal(ok('b'), ok('a')), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { version: 2, ...header },
      ok('b'),
      ok('a'),
    ]);
  });

  it('can be continued several times', () => {
    const path = createJournal(ok('a'));
    for (const wiki of ['b', 'c']) {
      const journal = Journal.open(path, { ...header, run: 'r2' }, resume);
      journal.add(ok(wiki));
      journal.sync();
      journal.close();
    }
    const journal = Journal.open(path, header, resume);
    expect(wikisOf(journal)).toBe('a b c');
    journal.close();
  });

  it('is deleted together with its lock file', () => {
    const path = createJournal();
    const journal = Journal.open(path, header, resume);
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
      const journal = Journal.open(path, header, resume);
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
    const journal = Journal.open(path, header, resume);
    expect(wikisOf(journal)).toBe('aawiki frwiki');
    journal.close();
  });

  it('is replaced, also by a new run, if the header is incomplete', () => {
    const path = createJournal();
    truncateSync(path, 5);
    Journal.open(path, { ...header, fingerprint: 'f2' }, refuse).close();
    Journal.open(path, { ...header, fingerprint: 'f2' }, resume).close();
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(2);
  });
});

describe('a journal is refused', () => {
  const refusals: [
    condition: string,
    damage: (path: string) => void,
    earlierRun: EarlierRun,
    code: RegExp,
  ][] = [
    [
      'if a run is new',
      () => {},
      refuse,
      /^unfinished-run: \S+ contains an unfinished run: use --resume to continue it, or --restart to/,
    ],
    [
      'if its run is finished and a run is new',
      (path) => appendFileSync(path, '{"finished":true}\n'),
      refuse,
      /^finished-run: \S+ contains the files of a finished run: use --restart to replace them$/,
    ],
    [
      'with a line that is not JSON',
      (path) => appendFileSync(path, 'x\n{}\n'),
      resume,
      /^bad-journal: \S+ is damaged \(line 3\): remove \S+ to start over$/,
    ],
    [
      'with a line that misses a member',
      (path) => appendFileSync(path, '{"wiki":"a","outcome":"ok"}\n'),
      resume,
      /^bad-journal: .* \(line 3\)/,
    ],
    ['with an invalid header', (path) => writeFileSync(path, '[]\n'), resume, /\(line 1\)/],
    [
      'of a newer version',
      (path) => writeFileSync(path, '{"version":3}\n'),
      resume,
      /^bad-journal: \S+ was written by another version of analytics-mysql: use that/,
    ],
    [
      'of other statements',
      (path) => writeFileSync(path, '{"version":1,"run":"r","fingerprint":"f2"}\n'),
      resume,
      /^other-query: the run in \S+ has other statements, wikis or options than this one: repeat its command with --resume, use --restart to discard it, /,
    ],
    [
      'that is a symbolic link',
      (path) => {
        renameSync(path, `${path}.2`);
        symlinkSync(`${path}.2`, path);
      },
      resume,
      /^journal-failed: cannot use \S+ \(ELOOP\)/,
    ],
  ];
  it.each(refusals)('%s', (_, damage, earlierRun, expected) => {
    const path = createJournal(ok('aawiki'));
    damage(path);
    const before = readdirSync(join(path, '..'));
    expect(catchFailure(() => Journal.open(path, header, earlierRun))).toMatch(expected);
    expect(readdirSync(join(path, '..'))).toEqual(before);
  });

  it('if its directory does not exist', () => {
    const path = join(temporaryDirectory(), 'nowhere', 'journal');
    for (const earlierRun of [refuse, resume, restart]) {
      expect(catchFailure(() => Journal.open(path, header, earlierRun))).toMatch(
        /^journal-failed.*the directory .* does not exist/,
      );
    }
  });
});

describe('an earlier run', () => {
  const withFile = (wiki: string) => ({ ...ok(wiki), file: `${wiki}.csv`, size: 1 });
  const run = '20261101T000000Z-aaaaaa';
  const now = () => `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-bbbbbb`;

  /** Creates the journal of a run, opens it in the given way, and describes what was opened. */
  function open(path: string, earlierRun: EarlierRun) {
    const journal = Journal.open(path, { ...header, run: now() }, earlierRun);
    const { isContinued, wasFinished, replaces } = journal;
    journal.close();
    return { isContinued, wasFinished, replaces: replaces.map(({ file }) => file).join(' ') };
  }

  function createEarlier(id: string, isFinished: boolean): string {
    const path = join(temporaryDirectory(), 'journal');
    const journal = Journal.open(path, { ...header, run: id }, refuse);
    journal.add(withFile('aawiki'));
    journal.add({ wiki: 'bbwiki', outcome: 'failed', errno: 1054, final: true, rows: 0, bytes: 0 });
    if (isFinished) journal.finish();
    journal.close();
    return path;
  }

  const continued = { isContinued: true, wasFinished: false, replaces: '' };
  const replaced = { isContinued: false, wasFinished: false, replaces: 'aawiki.csv' };

  it('that is unfinished is continued by --resume, and replaced by --restart', () => {
    expect(open(createEarlier(run, false), resume)).toEqual(continued);
    expect(open(createEarlier(run, false), restart)).toEqual(replaced);
  });

  it('that is finished is continued by --resume, and replaced by --restart', () => {
    expect(open(createEarlier(run, true), resume)).toEqual({ ...continued, wasFinished: true });
    expect(open(createEarlier(run, true), restart)).toEqual(replaced);
  });

  it('is replaced if it began longer ago than the age of --resume', () => {
    for (const isFinished of [false, true]) {
      const hour: EarlierRun = { action: 'resume', maxAge: 3600 };
      expect(open(createEarlier(run, isFinished), hour)).toEqual(replaced);
      expect(open(createEarlier(now(), isFinished), hour)).toMatchObject({ isContinued: true });
      // An id without a time is older than any age.
      expect(open(createEarlier('r1', isFinished), hour)).toEqual(replaced);
    }
  });

  it('keeps the time of its first attempt', () => {
    const path = createEarlier(run, false);
    for (const earlierRun of [resume, resume]) {
      const journal = Journal.open(path, { ...header, run: now() }, earlierRun);
      expect(journal.began?.toISOString()).toBe('2026-11-01T00:00:00.000Z');
      journal.close();
    }
  });

  it('leaves the names of its files to the run that replaces it, until that is finished', () => {
    const path = createEarlier(run, true);
    open(path, restart);
    // Another restart, before the first has a result.
    expect(open(path, restart)).toEqual(replaced);
    const journal = Journal.open(path, header, resume);
    expect(journal.replaces).toEqual([{ wiki: 'aawiki', file: 'aawiki.csv' }]);
    journal.add(withFile('ccwiki'));
    journal.finish();
    journal.close();
    expect(open(path, resume)).toEqual({ ...continued, wasFinished: true });
    expect(open(path, restart)).toEqual({ ...replaced, replaces: 'ccwiki.csv' });
  });

  it('of version 1 is continued', () => {
    const path = join(temporaryDirectory(), 'journal');
    writeFileSync(path, `{"version":1,"run":"${run}","fingerprint":"f1"}\n`);
    expect(open(path, resume)).toEqual(continued);
  });
});

describe('a second lock on a journal', () => {
  it('is refused to the same process', () => {
    const path = createJournal();
    const journal = Journal.open(path, header, resume);
    expect(catchFailure(() => Journal.open(path, header, resume))).toMatch(/^journal-in-use: /);
    journal.close();
    Journal.open(path, header, resume).close();
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
      const refused = new RegExp(
        `^journal-in-use: .* \\(process ${pid} on \\S+\\): wait for it or stop it$`,
      );
      expect(catchFailure(() => Journal.open(path, header, resume))).toMatch(refused);
      process.kill(pid, 'SIGKILL');
      await waitForState(pid, 'Z');
      Journal.open(path, header, resume).close();
      expect(readdirSync(join(path, '..'))).toEqual(['journal']);
    } finally {
      shell.kill('SIGKILL');
      await once(shell, 'close');
    }
  });

  const createLock = () => {
    const path = createJournal();
    const journal = Journal.open(path, header, resume);
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
    const open = () => Journal.open(path, header, resume).close();
    if (isHeld) {
      expect(catchFailure(open)).toContain(
        `: wait for it or stop it; if it no longer runs, remove its lock: rm ${lockPath}`,
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
