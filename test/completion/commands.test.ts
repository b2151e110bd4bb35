import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeAt, putIn, textsAt } from './names.js';

describe('commands, by the first candidate', () => {
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
    ['\\wat|', '\\watch|'],
    ['select 1\n\\wat|', 'select 1\n\\watch|'],
    ['help sourc|', 'help source|'],
    ['help group_c|', 'help group_concat|'],
  ])('%s', (marked, expected) => {
    expect(putIn(marked)).toBe(expected);
  });
});

describe('commands, all that is offered', () => {
  it.each([
    ['use it|', 'itwiki itwiktionary'],
    ['use itwiki |', ''],
    ['connect itwiki |', ''],
    ['charset utf16|', ''],
    ['\\t|', '\\t \\timing'],
    ['\\T|', '\\T'],
    ['select 1 \\f|', '\\f \\fd \\fs'],
    ["select '\\f|", ''],
    ['delimiter |', ''],
    ['\\watch |', ''],
    // Commands stand where a statement begins.
    ['select rehas|', ''],
  ])('%s', (marked, expected) => {
    expect(textsAt(marked)).toBe(expected);
  });
});

describe('files', () => {
  let folder = '';
  let home: string | undefined;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'files-'));
    for (const name of [
      'one.sql',
      'one.tsv',
      'with blank.sql',
      "it's.sql",
      '.hidden',
      'größe.sql',
    ]) {
      writeFileSync(join(folder, name), '');
    }
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/latin`), Buffer.of(0xe9)]), '');
    writeFileSync(join(folder, 'two\nlines'), '');
    mkdirSync(join(folder, 'sub folder'));
    writeFileSync(join(folder, 'sub folder', 'inner.sql'), '');
    symlinkSync('sub folder', join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'broken'));
    mkdirSync(join(folder, 'closed'), { mode: 0 });
    home = process.env.HOME;
    process.env.HOME = folder;
  });

  afterAll(() => {
    if (home === undefined) delete process.env.HOME;
    else process.env.HOME = home;
    // Node 24 does not remove a folder that it cannot read, though it is empty.
    chmodSync(join(folder, 'closed'), 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  const all = "broken closed/ größe.sql it's.sql link/ one.sql one.tsv sub folder/ with blank.sql";

  it('are those of the folder, but for hidden ones and names that cannot be typed', () => {
    expect(textsAt(`source ${folder}/|`)).toBe(all);
    expect(textsAt(`source ${folder}/.|`)).toBe('.hidden');
    expect(completeAt('source ~/one.s|').candidates).toEqual([{ text: 'one.sql', kind: 'file' }]);
  });

  it.each([
    ['source ~/on|', 'source ~/one.sql|'],
    ['\\. ~/on|', '\\. ~/one.sql|'],
    ['tee ~/one.t|', 'tee ~/one.tsv|'],
    ['\\T ~/one.t|', '\\T ~/one.tsv|'],
    ['source ~/su|', 'source ~/sub folder/|'],
    ['source ~/sub folder/in|', 'source ~/sub folder/inner.sql|'],
    ['source ~/link/in|', 'source ~/link/inner.sql|'],
    ['source ~/with bl|', 'source ~/with blank.sql|'],
    ['source ~/blank|', 'source ~/with blank.sql|'],
    // For a shell, blanks and quotes are escaped.
    ['pager cat > ~/wi|', 'pager cat > ~/with\\ blank.sql|'],
    ['system cat ~/with\\ bl|', 'system cat ~/with\\ blank.sql|'],
    ['\\! cat ~/sub\\ folder/in|', '\\! cat ~/sub\\ folder/inner.sql|'],
    ['system cat ~/it|', "system cat ~/it\\'s.sql|"],
    ['select 1 $> ~/on|', 'select 1 $> ~/one.sql|'],
    ['select 1 $>> ~/on|', 'select 1 $>> ~/one.sql|'],
    ['select 1 $| sort > ~/on|', 'select 1 $| sort > ~/one.sql|'],
    ['source ~/nosuch/|', 'source ~/nosuch/|'],
    ['source ~nobody/|', 'source ~nobody/|'],
    ['source ~/one.sql/|', 'source ~/one.sql/|'],
  ])('%s', (marked, expected) => {
    expect(putIn(marked)).toBe(expected);
  });

  it('are relative to the working folder', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(putIn('source on|')).toBe('source one.sql|');
      expect(putIn('source ./on|')).toBe('source ./one.sql|');
      expect(putIn('source sub folder/../on|')).toBe('source sub folder/../one.sql|');
      expect(textsAt('source |')).toBe(all);
    } finally {
      process.chdir(before);
    }
  });

  it('of a folder that may not be read are none', () => {
    expect(textsAt(`source ${folder}/closed/|`)).toBe('');
    expect(textsAt('source /proc/1/fd/nosuch/|')).toBe('');
  });

  it('of a huge folder are not all looked at', () => {
    const huge = join(folder, 'sub folder', 'huge');
    mkdirSync(huge);
    for (let i = 0; i < 6000; i++) writeFileSync(join(huge, `file${i}`), '');
    const { candidates } = completeAt(`source ${huge}/file|`);
    expect(candidates.length).toBeGreaterThan(0);
    expect(candidates.length).toBeLessThanOrEqual(5000);
  });
});
