import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isFilePerWiki,
  layoutOf,
  partMatcher,
  partNameOf,
  wikiFileOf,
} from '../../../src/fanout/plan/output-layout.js';
import { temporaryDirectory } from '../../temporary-directory.js';
import { catchFailure } from '../../wikis/checkout.js';
import { settingsOf } from '../settings.js';

/** Returns the layout for an output path and options of the command line. */
function layoutWith(path: string, ...options: string[]) {
  return layoutOf(path, settingsOf(`--output=${path}`, ...options).output);
}

describe('whether --output writes one file per wiki', () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'there'));
  it.each([
    ['edits/', true],
    ['{wiki}.csv', true],
    ['out/{wiki}/edits', true],
    [join(directory, 'there'), true],
    [join(directory, 'nowhere'), false],
    ['edits.csv', false],
    ['{wikis}.csv', false],
    ['/dev/null/x', false],
  ])('%s: %s', (path, expected) => expect(isFilePerWiki(path)).toBe(expected));
});

describe("the path of a wiki's file", () => {
  const files: [output: string, options: string[], file: string][] = [
    ['edits/', [], 'edits/itwiki.tsv'],
    ['edits//', ['--format=csv'], 'edits/itwiki.csv'],
    ['edits/', ['--format=json'], 'edits/itwiki.json'],
    ['edits/', ['--format=jsonl'], 'edits/itwiki.jsonl'],
    ['edits/', ['--format=markdown'], 'edits/itwiki.md'],
    ['edits/', ['--format=table'], 'edits/itwiki.txt'],
    ['edits/', ['--format=vertical'], 'edits/itwiki.txt'],
    ['edits/', ['-H'], 'edits/itwiki.html'],
    ['edits/', ['-X'], 'edits/itwiki.xml'],
    ['edits/', ['-t'], 'edits/itwiki.txt'],
    ['edits/', ['--format=parquet'], 'edits/wiki_db=itwiki/part-0.parquet'],
    ['edits.parquet/', [], 'edits.parquet/wiki_db=itwiki/part-0.parquet'],
    ['edits.csv.gz/', [], 'edits.csv.gz/itwiki.csv.gz'],
    ['{wiki}.csv', [], 'itwiki.csv'],
    ['./{wiki}.parquet', [], 'itwiki.parquet'],
    ['a/b/{wiki}/{wiki}-edits.csv.gz', [], 'a/b/itwiki/itwiki-edits.csv.gz'],
    ['/a/x-{wiki}/y', [], '/a/x-itwiki/y'],
    ['/{wiki}', [], '/itwiki'],
  ];
  it.each(files)('--output %s %j: %s', (path, options, expected) => {
    const layout = layoutWith(path, ...options);
    expect(join(layout.root, wikiFileOf(layout, 'itwiki'))).toBe(expected);
  });

  it.each([
    ['be_x_oldwiki', 'be_x_oldwiki.csv'],
    ['roa-rupwiki', 'roa-rupwiki.csv'],
    ['../etc', '%2E%2E%2Fetc.csv'],
    ['_hidden', '%5Fhidden.csv'],
    ['a=b%c', 'a%3Db%25c.csv'],
    ['é$&', '%C3%A9%24%26.csv'],
  ])('escapes the name %s so that it cannot change the directory', (wiki, file) => {
    expect(wikiFileOf(layoutWith('edits/', '--format=csv'), wiki)).toBe(file);
  });
});

describe('the format and compression', () => {
  it.each([
    ['edits/', 'tsv', undefined],
    ['{wiki}', 'tsv', undefined],
    ['{wiki}.csv.gz', 'csv', 'gzip'],
    ['{wiki}.json.zst', 'json', 'zstd'],
    ['edits.csv.gz/', 'csv', 'gzip'],
  ])('of %s is %s, %s', (path, format, compression) => {
    expect(layoutWith(path)).toMatchObject({ format: { name: format }, compression });
  });
});

describe('the journal', () => {
  it.each([
    ['edits/', 'edits/_analytics-mysql.journal'],
    ['a/b/{wiki}.csv', 'a/b/_{wiki}.csv.journal'],
    ['./a-{wiki}/{wiki}.csv', '_a-{wiki}+{wiki}.csv.journal'],
    ['/{wiki}.csv', '/_{wiki}.csv.journal'],
    ['x/w={wiki}/p.parquet', 'x/_w-{wiki}+p.parquet.journal'],
  ])('of %s is %s', (path, journal) => {
    const layout = layoutWith(path);
    expect(join(layout.root, layout.journal)).toBe(journal);
  });
});

describe('a pattern without a file name', () => {
  it.each(['x/{wiki}/', '{wiki}/..', '{wiki}//'])('is refused: %s', (path) => {
    expect(catchFailure(() => layoutWith(path))).toMatch(
      /^bad-pattern: --output .*: the pattern has no/,
    );
  });
});

describe('the temporary name of an incomplete file', () => {
  it('begins with a dot and is matched by partMatcher', () => {
    for (const path of ['edits/', 'e.parquet/', '{wiki}.a+b.csv', 'x/{wiki}/{wiki}.csv']) {
      const layout = layoutWith(path);
      const part = partNameOf(wikiFileOf(layout, 'be_x_oldwiki'));
      expect(part).toMatch(/^\.[^/]+\.part$/);
      const matcher = partMatcher(layout);
      expect([part, `x${part}`, `${part}x`].map((name) => matcher.test(name))).toEqual([
        true,
        false,
        false,
      ]);
    }
  });
});
