import { describe, expect, it } from 'vitest';
import type { WikiOutcome } from '../../src/fanout/outcome.js';
import { summaryLines } from '../../src/fanout/summary.js';
import { failure, fine, outcome, tallyOf } from './outcomes.js';

/** The lines, how long it took left out. */
function lines(total: number, outcomes: readonly WikiOutcome[], silent = false): string[] {
  return summaryLines(tallyOf(total, outcomes), silent).map((line) =>
    line.replace(/ in (\d+\.\d s|[\d:]+)$/, ''),
  );
}

const noTable = (wiki: string) => failure(wiki, 1146, `Table '${wiki}.foo' doesn't exist`, '42S02');
const noColumn = (wiki: string) => failure(wiki, 1054, "Unknown column 'x' in 'SELECT'", '42S22');

describe('a run over many wikis ends with', () => {
  it('one line when all went well, nothing with -s', () => {
    const outcomes = fine(1069, { rows: 3, bytes: 4000 });
    expect(lines(1069, outcomes)).toEqual(['1,069 wikis ok; 3,207 rows, 4.3 MB']);
    expect(lines(1069, outcomes, true)).toEqual([]);
    expect(summaryLines(tallyOf(1069, outcomes))[0]).toMatch(/ in \d+\.\d s$/);
  });

  it('the reasons, the most frequent first, those of failures before those of skipped wikis', () => {
    expect(
      lines(9, [
        ...fine(2, { rows: 1, bytes: 10 }),
        noTable('awiki'),
        noTable('bwiki'),
        noTable('cwiki'),
        noColumn('dwiki'),
        failure('ewiki', 2013, 'Lost connection to server during query', 'HY000'),
        failure('fwiki', 2013, 'Lost connection to server during query', 'HY000'),
        failure('gwiki', 0, "its columns are not those of awiki: 'x' is missing", ''),
      ]),
    ).toEqual([
      '2 wikis ok, 3 skipped (no such table), 4 failed; 2 rows, 20 B',
      '2 failed: ERROR 2013 (HY000): Lost connection to server during query: ewiki, fwiki',
      "1 failed: ERROR 1054 (42S22): Unknown column 'x' in 'SELECT': dwiki",
      "1 failed: its columns are not those of awiki: 'x' is missing: gwiki",
      "3 skipped: ERROR 1146 (42S02): Table 'foo' doesn't exist: awiki, bwiki, cwiki",
    ]);
  });

  it('failures with -s too, but not why wikis were skipped', () => {
    expect(lines(3, [...fine(1), noTable('awiki'), noColumn('bwiki')], true)).toEqual([
      '1 wiki ok, 1 skipped (no such table), 1 failed; 0 rows, 0 B',
      "1 failed: ERROR 1054 (42S22): Unknown column 'x' in 'SELECT': bwiki",
    ]);
    expect(lines(2, [...fine(1), noTable('awiki')], true)).toEqual([]);
  });

  it('the first ten names of each group, and how many more there are', () => {
    const names = Array.from({ length: 1010 }, (_, i) => `w${1000 + i}wiki`);
    const [, line] = lines(1010, names.toReversed().map(noColumn));
    const ten = names.slice(0, 10).join(', ');
    expect(line).toContain(`: ${ten} and 1,000 more`);
    expect(lines(10, names.slice(0, 10).map(noColumn))[1]).toMatch(/ w1009wiki$/);
  });

  it('what was finished before, and what was not run', () => {
    const before = outcome('awiki', { outcome: 'finished-before', rows: 100, bytes: 100 });
    expect(lines(1072, [before, ...fine(2, { rows: 1 })])).toEqual([
      '2 wikis ok, 1 finished before, 1,069 not run; 2 rows, 0 B',
    ]);
  });
});

describe('reasons are the same but for the name of the wiki', () => {
  it.each<[string, (wiki: string) => string, string]>([
    ['quoted', (wiki) => `Table '${wiki}.foo' doesn't exist`, "Table 'foo' doesn't exist"],
    ['in backticks', (wiki) => `View \`${wiki}\`.\`v\` is bad`, 'View `v` is bad'],
    ['alone', (wiki) => `Access denied to database '${wiki}'`, "Access denied to database '…'"],
  ])('%s', (_name, text, common) => {
    const wikis = ['itwiki', 'en.wiki+'];
    const found = lines(
      2,
      wikis.map((wiki) => failure(wiki, 1, text(wiki), 'HY000')),
    );
    expect(found.slice(1)).toEqual([`2 failed: ERROR 1 (HY000): ${common}: en.wiki+, itwiki`]);
  });

  it('in another word it stays', () => {
    const text = "xitwiki itwiki_p 'itwiki'";
    expect(lines(1, [failure('itwiki', 0, text)])[1]).toContain("xitwiki itwiki_p '…'");
  });

  it('other numbers, or other words, are other reasons', () => {
    const found = lines(3, [failure('a', 1, 'x'), failure('b', 2, 'x'), failure('c', 1, 'y')]);
    expect(found).toHaveLength(4);
  });
});

describe('what a server says', () => {
  it('is one line that does nothing to the terminal', () => {
    const [, line] = lines(1, [failure('itwiki', 1064, "near '\x1b[2J\n\tx\u202e\x9b1m'")]);
    expect(line).toBe(
      String.raw`1 failed: ERROR 1064 (42000): near '\x1b[2J\n\tx\u202e\u009b1m': itwiki`,
    );
  });

  it('is cut where it is long', () => {
    const [, line = ''] = lines(1, [failure('itwiki', 1064, 'é'.repeat(1000))]);
    expect(line).toMatch(/: é{239}…: itwiki$/);
  });
});
