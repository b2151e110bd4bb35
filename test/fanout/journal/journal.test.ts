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
import { temporaryDirectory } from '../../temporary.js';
import { failureOf } from '../../wikis/checkout.js';

const header = { run: 'r1', fingerprint: 'f1' };
const ok = (wiki: string, rows = 1): JournalEntry => ({ wiki, outcome: 'ok', rows, bytes: 10 });
const wikisOf = (journal: Journal) => [...journal.entries.keys()].join(' ');

/** A journal of the given entries, closed. */
function journalOf(...entries: JournalEntry[]): string {
  const path = join(temporaryDirectory(), 'journal');
  const journal = Journal.open(path, header, false);
  for (const entry of entries) journal.add(entry);
  journal.close();
  return path;
}

describe('a journal', () => {
  it('is for the user alone, and leaves nothing else behind', () => {
    const path = journalOf(ok('aawiki'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..'))).toEqual(['journal']);
  });

  it('gives back what was added, of each wiki the last', () => {
    const skipped: JournalEntry = { wiki: 'b', outcome: 'skipped', errno: 1146, rows: 0, bytes: 0 };
    const failed: JournalEntry = { wiki: 'a', outcome: 'failed', errno: 2013, rows: 0, bytes: 0 };
    const full: JournalEntry = {
      ...ok('a', 7),
      ...{ file: 'a.csv', size: 5, sha256: 'ff', extents: [[0, 3]], columns: [{ name: 'x' }] },
    };
    const journal = Journal.open(journalOf(failed, skipped, full), header, true);
    expect([...journal.entries.values()]).toEqual([full, skipped]);
    journal.close();
  });

  it('has a line for each wiki, in the order in which they were added', () => {
    const lines = readFileSync(journalOf(ok('b'), ok('a')), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { version: 1, ...header },
      ok('b'),
      ok('a'),
    ]);
  });

  it('goes on where it was', () => {
    const path = journalOf(ok('a'));
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

  it('is gone with its claim when it is removed', () => {
    const path = journalOf();
    const journal = Journal.open(path, header, true);
    journal.remove();
    journal.close();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });
});

describe('what a crash left half at the end', () => {
  const entries = [ok('aawiki'), ok('frwiki', 12), ok('zhwiki')];

  it('is cut off, at whichever byte it was', () => {
    const path = journalOf(...entries);
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

  it('is cut off from the first byte that the file system had not written', () => {
    const path = journalOf(...entries.slice(0, 2));
    appendFileSync(path, Buffer.concat([Buffer.alloc(100), Buffer.from('{"wiki":"z"}\n')]));
    const journal = Journal.open(path, header, true);
    expect(wikisOf(journal)).toBe('aawiki frwiki');
    journal.close();
  });

  it('is begun anew, also by a new run, where not even the first line was whole', () => {
    const path = journalOf();
    truncateSync(path, 5);
    Journal.open(path, { ...header, fingerprint: 'f2' }, false).close();
    Journal.open(path, { ...header, fingerprint: 'f2' }, true).close();
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(2);
  });
});

describe('a journal is refused', () => {
  const refusals: [what: string, spoil: (path: string) => void, resume: boolean, code: RegExp][] = [
    ['by a new run', () => {}, false, /^unfinished-run: \S+ holds an unfinished run: --resume goe/],
    ['where there is none', rmSync, true, /^no-journal: nothing to resume: there is no \S+; run /],
    [
      'with a line that is not JSON',
      (path) => appendFileSync(path, 'x\n{}\n'),
      true,
      /^bad-journal: cannot read \S+ \(line 3\): it is damaged; to begin anew, remove \S+$/,
    ],
    [
      'with a line that lacks something',
      (path) => appendFileSync(path, '{"wiki":"a","outcome":"ok"}\n'),
      true,
      /^bad-journal: .* \(line 3\)/,
    ],
    ['with another first line', (path) => writeFileSync(path, '[]\n'), true, /\(line 1\)/],
    [
      'of a later version',
      (path) => writeFileSync(path, '{"version":2}\n'),
      true,
      /^bad-journal: \S+ was written by another version of analytics-mysql: finish with/,
    ],
    [
      'of another query',
      (path) => writeFileSync(path, '{"version":1,"run":"r","fingerprint":"f2"}\n'),
      true,
      /^other-query: the run in \S+ asks another query or writes another form: --resume needs/,
    ],
    [
      'that is a link: it may lead anywhere',
      (path) => {
        renameSync(path, `${path}.2`);
        symlinkSync(`${path}.2`, path);
      },
      true,
      /^journal-failed: cannot use \S+ \(ELOOP\)/,
    ],
  ];
  it.each(refusals)('%s', (_, spoil, resume, expected) => {
    const path = journalOf(ok('aawiki'));
    spoil(path);
    const before = readdirSync(join(path, '..'));
    expect(failureOf(() => Journal.open(path, header, resume))).toMatch(expected);
    expect(readdirSync(join(path, '..'))).toEqual(before);
  });

  it('in a directory that is not there', () => {
    const path = join(temporaryDirectory(), 'nowhere', 'journal');
    expect(failureOf(() => Journal.open(path, header, true))).toMatch(/^no-journal/);
    expect(failureOf(() => Journal.open(path, header, false))).toMatch(/^journal-failed.*ENOENT/);
  });
});

describe('two at a time', () => {
  it('cannot be of one process', () => {
    const path = journalOf();
    const journal = Journal.open(path, header, true);
    expect(failureOf(() => Journal.open(path, header, true))).toMatch(/^journal-in-use: /);
    journal.close();
    Journal.open(path, header, true).close();
  });

  it('cannot be of two, until one is killed, waited for or not', async () => {
    const path = join(temporaryDirectory(), 'journal');
    const program = join(import.meta.dirname, 'hold-journal.ts');
    // The shell lives on and does not wait: what was killed stays a zombie.
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
      expect(failureOf(() => Journal.open(path, header, true))).toMatch(refused);
      process.kill(pid, 'SIGKILL');
      await stateOf(pid, 'Z');
      Journal.open(path, header, true).close();
      expect(readdirSync(join(path, '..'))).toEqual(['journal']);
    } finally {
      shell.kill('SIGKILL');
      await once(shell, 'close');
    }
  });

  const own = () => {
    const path = journalOf();
    const journal = Journal.open(path, header, true);
    const [claim = ''] = readdirSync(join(path, '..')).filter((name) => name.includes('.lock-'));
    journal.close();
    return { path, parts: claim.split('-') };
  };
  const claims: [who: string, at: number, value: string, counts: boolean][] = [
    ['one that is gone', 3, '999999999', false],
    ['one that had the number before', 4, '12', false],
    ['one from before the machine was started', 2, '00000000', false],
    ['one of another machine, which cannot be asked', 1, 'stat9999', true],
    ['a name that cannot be read', 3, 'x', true],
  ];
  it.each(claims)('is told from %s', (_, at, value, counts) => {
    const { path, parts } = own();
    const claim = join(path, '..', parts.with(at, value).join('-'));
    writeFileSync(claim, '');
    const open = () => Journal.open(path, header, true).close();
    if (counts) {
      expect(failureOf(open)).toMatch(/^journal-in-use: .*; if it is gone, remove \S+$/);
      rmSync(claim);
    }
    open();
    expect(readdirSync(join(path, '..'))).toEqual(['journal']);
  });
});

/** Waits until a process has a state of proc_pid_stat(5). */
async function stateOf(pid: number, state: string): Promise<void> {
  while (!readFileSync(`/proc/${pid}/stat`, 'latin1').includes(`) ${state} `)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
