import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isDirectoryOutput,
  layoutOf,
  partMatcher,
  partNameOf,
  wikiFileOf,
} from '../../../src/fanout/plan/output-layout.js';
import { temporaryDirectory } from '../../temporary.js';
import { failureOf } from '../../wikis/checkout.js';
import { settingsOf } from '../settings.js';

/** As the command line's options would have it. */
function place(path: string, ...options: string[]) {
  return layoutOf(path, settingsOf(`--output=${path}`, ...options).output);
}

describe('--output is for a file of each wiki', () => {
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
  ])('%s: %s', (path, expected) => expect(isDirectoryOutput(path)).toBe(expected));
});

describe('the file of itwiki', () => {
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
    const found = place(path, ...options);
    expect(join(found.root, wikiFileOf(found, 'itwiki'))).toBe(expected);
  });

  it.each([
    ['be_x_oldwiki', 'be_x_oldwiki.csv'],
    ['roa-rupwiki', 'roa-rupwiki.csv'],
    ['../etc', '%2E%2E%2Fetc.csv'],
    ['_hidden', '%5Fhidden.csv'],
    ['a=b%c', 'a%3Db%25c.csv'],
    ['é$&', '%C3%A9%24%26.csv'],
  ])('is named so that %s cannot lead elsewhere', (wiki, file) => {
    expect(wikiFileOf(place('edits/', '--format=csv'), wiki)).toBe(file);
  });
});

describe('the form', () => {
  it.each([
    ['edits/', 'tsv', undefined],
    ['{wiki}', 'tsv', undefined],
    ['{wiki}.csv.gz', 'csv', 'gzip'],
    ['{wiki}.json.zst', 'json', 'zstd'],
    ['edits.csv.gz/', 'csv', 'gzip'],
  ])('of %s is %s, %s', (path, format, compression) => {
    expect(place(path)).toMatchObject({ format: { name: format }, compression });
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
    const found = place(path);
    expect(join(found.root, found.journal)).toBe(journal);
  });
});

describe('a pattern without a name for its files', () => {
  it.each(['x/{wiki}/', '{wiki}/..', '{wiki}//'])('is refused: %s', (path) => {
    expect(failureOf(() => place(path))).toMatch(/^bad-pattern: --output .*: the pattern has no/);
  });
});

describe('what a file is called until it is whole', () => {
  it('is hidden, and known again', () => {
    for (const path of ['edits/', 'e.parquet/', '{wiki}.a+b', 'x/{wiki}/{wiki}.csv']) {
      const found = place(path);
      const part = partNameOf(wikiFileOf(found, 'be_x_oldwiki'));
      expect(part).toMatch(/^\.[^/]+\.part$/);
      const matcher = partMatcher(found);
      expect([part, `x${part}`, `${part}x`].map((name) => matcher.test(name))).toEqual([
        true,
        false,
        false,
      ]);
    }
  });
});
