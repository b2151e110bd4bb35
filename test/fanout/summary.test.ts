import { describe, expect, it } from 'vitest';
import type { WikiOutcome } from '../../src/fanout/outcome.js';
import { formatSummaryLines } from '../../src/fanout/summary.js';
import { failure, outcome, statsOf, succeeded } from './outcomes.js';

/** Returns the lines of the summary without the elapsed time. */
function linesOf(total: number, outcomes: readonly WikiOutcome[], silent = false): string[] {
  return formatSummaryLines(statsOf(total, outcomes), silent).map((line) =>
    line.replace(/ in (\d+\.\d s|[\d:]+)$/, ''),
  );
}

const noTable = (wiki: string) => failure(wiki, 1146, `Table '${wiki}.foo' doesn't exist`, '42S02');
const noColumn = (wiki: string) => failure(wiki, 1054, "Unknown column 'x' in 'SELECT'", '42S22');

describe('the summary of a run shows', () => {
  it('one line if all wikis succeeded, and nothing with -s', () => {
    const outcomes = succeeded(1069, { rows: 3, bytes: 4000 });
    expect(linesOf(1069, outcomes)).toEqual(['1,069 wikis ok; 3,207 rows, 4.3 MB']);
    expect(linesOf(1069, outcomes, true)).toEqual([]);
    expect(formatSummaryLines(statsOf(1069, outcomes))[0]).toMatch(/ in \d+\.\d s$/);
  });

  it('reasons for failures, then reasons for skipped wikis, the most frequent first', () => {
    expect(
      linesOf(9, [
        ...succeeded(2, { rows: 1, bytes: 10 }),
        noTable('awiki'),
        noTable('bwiki'),
        noTable('cwiki'),
        noColumn('dwiki'),
        failure('ewiki', 2013, 'Lost connection to server during query', 'HY000'),
        failure('fwiki', 2013, 'Lost connection to server during query', 'HY000'),
        failure('gwiki', 0, "its columns differ from those of awiki: missing 'x'", ''),
      ]),
    ).toEqual([
      '2 wikis ok, 3 skipped (no such table), 4 failed; 2 rows, 20 B',
      '2 failed: ERROR 2013 (HY000): Lost connection to server during query: ewiki, fwiki',
      "1 failed: ERROR 1054 (42S22): Unknown column 'x' in 'SELECT': dwiki",
      "1 failed: its columns differ from those of awiki: missing 'x': gwiki",
      "3 skipped: ERROR 1146 (42S02): Table 'foo' doesn't exist: awiki, bwiki, cwiki",
    ]);
  });

  it('failures also with -s, but no reasons for skipped wikis', () => {
    expect(linesOf(3, [...succeeded(1), noTable('awiki'), noColumn('bwiki')], true)).toEqual([
      '1 wiki ok, 1 skipped (no such table), 1 failed; 0 rows, 0 B',
      "1 failed: ERROR 1054 (42S22): Unknown column 'x' in 'SELECT': bwiki",
    ]);
    expect(linesOf(2, [...succeeded(1), noTable('awiki')], true)).toEqual([]);
  });

  it('the first ten names per reason and the number of others', () => {
    const names = Array.from({ length: 1010 }, (_, i) => `w${1000 + i}wiki`);
    const [, line] = linesOf(1010, names.toReversed().map(noColumn));
    const ten = names.slice(0, 10).join(', ');
    expect(line).toContain(`: ${ten} and 1,000 more`);
    expect(linesOf(10, names.slice(0, 10).map(noColumn))[1]).toMatch(/ w1009wiki$/);
  });

  it('the counts of wikis finished before and not run', () => {
    const before = outcome('awiki', { outcome: 'finished-before', rows: 100, bytes: 100 });
    expect(linesOf(1072, [before, ...succeeded(2, { rows: 1 })])).toEqual([
      '2 wikis ok, 1 finished before, 1,069 not run; 2 rows, 0 B',
    ]);
  });
});

describe('texts that differ only in the name of the wiki are one reason', () => {
  it.each<[string, (wiki: string) => string, string]>([
    [
      'with the name in quotes',
      (wiki) => `Table '${wiki}.foo' doesn't exist`,
      "Table 'foo' doesn't exist",
    ],
    ['with the name in backticks', (wiki) => `View \`${wiki}\`.\`v\` is bad`, 'View `v` is bad'],
    [
      'with the name without a dot after it',
      (wiki) => `Access denied to database '${wiki}'`,
      "Access denied to database '…'",
    ],
  ])('%s', (_name, text, common) => {
    const wikis = ['itwiki', 'en.wiki+'];
    const reasons = linesOf(
      2,
      wikis.map((wiki) => failure(wiki, 1, text(wiki), 'HY000')),
    );
    expect(reasons.slice(1)).toEqual([`2 failed: ERROR 1 (HY000): ${common}: en.wiki+, itwiki`]);
  });

  it('keeps the name inside a longer word', () => {
    const text = "xitwiki itwiki_p 'itwiki'";
    expect(linesOf(1, [failure('itwiki', 0, text)])[1]).toContain("xitwiki itwiki_p '…'");
  });

  it('replaces only the quoted names that differ', () => {
    const text = (table: string, column: string) => `Table '${table}' doesn't have '${column}'`;
    const failures = [failure('a', 1, text('p', 'x')), failure('b', 1, text('p', 'y'))];
    expect(linesOf(2, failures)[1]).toContain("Table 'p' doesn't have '…': a, b");
  });

  it('separates reasons with another error number or text', () => {
    const found = linesOf(3, [failure('a', 1, 'x'), failure('b', 2, 'x'), failure('c', 1, 'y')]);
    expect(found).toHaveLength(4);
  });
});

describe('the message of a server', () => {
  it('is one line with control characters escaped', () => {
    const [, line] = linesOf(1, [failure('itwiki', 1064, "near '\x1b[2J\n\tx\u202e\x9b1m'")]);
    expect(line).toBe(
      String.raw`1 failed: ERROR 1064 (42000): near '\x1b[2J\n\tx\u202e\u009b1m': itwiki`,
    );
  });

  it('is shortened if it is long', () => {
    const [, line = ''] = linesOf(1, [failure('itwiki', 1064, 'é'.repeat(1000))]);
    expect(line).toMatch(/: é{239}…: itwiki$/);
  });
});
