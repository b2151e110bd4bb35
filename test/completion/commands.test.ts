import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeMarkedText, getCandidates, insertFirstCandidate } from './complete-marked-text.js';

describe('complete offers as the first candidate for a command', () => {
  it.each([
    ['rehas|', 'rehash|'],
    ['sou|', 'source|'],
    ['select 1; sou|', 'select 1; source|'],
    ['use enw|', 'use enwiki|'],
    ['USE enw|', 'USE enwiki|'],
    ['use itwikt|', 'use itwiktionary|'],
    ['use odd|', 'use `odd-one`|'],
    ['use `odd|', 'use `odd-one`|'],
    ['use `odd|`', 'use `odd-one`|'],
    ['use itwikt|;', 'use itwiktionary|;'],
    ['\\u enw|', '\\u enwiki|'],
    ['connect enw|', 'connect enwiki|'],
    ['\\r enw|', '\\r enwiki|'],
    ['charset utf8mb4|', 'charset utf8mb4|'],
    ['\\C lat|', '\\C latin1|'],
    ['\\f sl|', '\\f slow|'],
    ['\\f props|', '\\f props|'],
    ['\\fd pages|', '\\fd top-pages|'],
    ['\\fs sl|', '\\fs slow|'],
    ['\\fs new select page_t| from page', '\\fs new select page_title| from page'],
    ['\\timing of|', '\\timing off|'],
    ['\\tim|', '\\timing|'],
    ['\\d page_p|', '\\d page_props|'],
    ['\\dt page_p|', '\\dt page_props|'],
    ['\\l enw|', '\\l enwiki|'],
    ['\\x au|', '\\x auto|'],
    ['\\again $> ~/no-such|', '\\again $> ~/no-such|'],
    ['\\wat|', '\\watch|'],
    ['select 1\n\\wat|', 'select 1\n\\watch|'],
    ['help sourc|', 'help source|'],
    ['help group_c|', 'help group_concat|'],
  ])('%s', (marked, expected) => {
    expect(insertFirstCandidate(marked)).toBe(expected);
  });
});

describe('complete offers exactly these candidates for a command', () => {
  it.each([
    ['use it|', 'itwiki itwiktionary'],
    ['use itwiki |', ''],
    ['connect itwiki |', ''],
    ['charset utf16|', ''],
    ['\\t|', '\\t \\timing'],
    ['\\T|', '\\T'],
    ['select 1 \\f|', '\\f \\fd \\format \\fs'],
    ["select '\\f|", ''],
    ['delimiter |', ''],
    ['\\watch |', ''],
    // A long form is valid only at the beginning of a statement.
    ['select rehas|', ''],
  ])('%s', (marked, expected) => {
    expect(getCandidates(marked)).toBe(expected);
  });
});

describe('the files that complete offers', () => {
  let directory = '';
  let home: string | undefined;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'files-'));
    for (const name of [
      'one.sql',
      'one.tsv',
      'with blank.sql',
      "it's.sql",
      '.hidden',
      'größe.sql',
    ]) {
      writeFileSync(join(directory, name), '');
    }
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/latin`), Buffer.of(0xe9)]), '');
    writeFileSync(join(directory, 'two\nlines'), '');
    mkdirSync(join(directory, 'sub directory'));
    writeFileSync(join(directory, 'sub directory', 'inner.sql'), '');
    symlinkSync('sub directory', join(directory, 'link'));
    symlinkSync('nowhere', join(directory, 'broken'));
    mkdirSync(join(directory, 'closed'), { mode: 0 });
    home = process.env.HOME;
    process.env.HOME = directory;
  });

  afterAll(() => {
    if (home === undefined) delete process.env.HOME;
    else process.env.HOME = home;
    // Node 24 does not remove a directory that it cannot read, even if it is empty.
    chmodSync(join(directory, 'closed'), 0o700);
    rmSync(directory, { recursive: true, force: true });
  });

  const allFiles =
    "broken closed/ größe.sql it's.sql link/ one.sql one.tsv sub directory/ with blank.sql";

  it('are those of the directory, except hidden files and names that cannot be typed', () => {
    expect(getCandidates(`source ${directory}/|`)).toBe(allFiles);
    expect(getCandidates(`source ${directory}/.|`)).toBe('.hidden');
    expect(completeMarkedText('source ~/one.s|').candidates).toEqual([
      { text: 'one.sql', kind: 'file' },
    ]);
  });

  it.each([
    ['source ~/on|', 'source ~/one.sql|'],
    ['\\. ~/on|', '\\. ~/one.sql|'],
    ['tee ~/one.t|', 'tee ~/one.tsv|'],
    ['\\T ~/one.t|', '\\T ~/one.tsv|'],
    ['source ~/su|', 'source ~/sub directory/|'],
    ['source ~/sub directory/in|', 'source ~/sub directory/inner.sql|'],
    ['source ~/link/in|', 'source ~/link/inner.sql|'],
    ['source ~/with bl|', 'source ~/with blank.sql|'],
    ['source ~/blank|', 'source ~/with blank.sql|'],
    // For the system's shell, blanks and quotes are escaped.
    ['pager cat > ~/wi|', 'pager cat > ~/with\\ blank.sql|'],
    ['system cat ~/with\\ bl|', 'system cat ~/with\\ blank.sql|'],
    ['\\! cat ~/sub\\ directory/in|', '\\! cat ~/sub\\ directory/inner.sql|'],
    ['system cat ~/it|', "system cat ~/it\\'s.sql|"],
    ['select 1 $> ~/on|', 'select 1 $> ~/one.sql|'],
    ['select 1 $>> ~/on|', 'select 1 $>> ~/one.sql|'],
    ['select 1 $| sort > ~/on|', 'select 1 $| sort > ~/one.sql|'],
    ['source ~/nosuch/|', 'source ~/nosuch/|'],
    ['source ~nobody/|', 'source ~nobody/|'],
    ['source ~/one.sql/|', 'source ~/one.sql/|'],
  ])('%s', (marked, expected) => {
    expect(insertFirstCandidate(marked)).toBe(expected);
  });

  it('are relative to the working directory', () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      expect(insertFirstCandidate('source on|')).toBe('source one.sql|');
      expect(insertFirstCandidate('source ./on|')).toBe('source ./one.sql|');
      expect(insertFirstCandidate('source sub directory/../on|')).toBe(
        'source sub directory/../one.sql|',
      );
      expect(getCandidates('source |')).toBe(allFiles);
    } finally {
      process.chdir(before);
    }
  });

  it('are none in a directory that cannot be read', () => {
    expect(getCandidates(`source ${directory}/closed/|`)).toBe('');
    expect(getCandidates('source /proc/1/fd/nosuch/|')).toBe('');
  });

  it('are limited in a huge directory', () => {
    const huge = join(directory, 'sub directory', 'huge');
    mkdirSync(huge);
    for (let i = 0; i < 6000; i++) writeFileSync(join(huge, `file${i}`), '');
    const { candidates } = completeMarkedText(`source ${huge}/file|`);
    expect(candidates.length).toBeGreaterThan(0);
    expect(candidates.length).toBeLessThanOrEqual(5000);
  });
});
