import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSection } from '../../src/wikis/section.js';
import { chooseWikis, type SelectionRequest } from '../../src/wikis/selection.js';
import { temporaryDirectory } from '../temporary.js';
import { checkout, failureOf } from './checkout.js';

const mwConfigPath = checkout({
  's1.dblist': 'enwiki\n',
  's2.dblist': 'itwiki\nenwiktionary\nitwiktionary\n',
  's3.dblist': '# many\ntestwiki\naawiki\nzuwiki\nzh_min_nanwikisource\n',
  's7.dblist': 'metawiki\n',
  's10.dblist': 'newwiki\n',
  'all.dblist':
    'aawiki\nenwiki\nenwiktionary\nitwiki\nitwiktionary\nmetawiki\nnewwiki\ntestwiki\nzuwiki\n' +
    'zh_min_nanwikisource\nhomelesswiki\n',
  'wikipedia.dblist': 'itwiki\nenwiki\naawiki\nzuwiki\ntestwiki\n',
  'wiktionary.dblist': 'enwiktionary\nitwiktionary\n',
  'closed.dblist': 'aawiki\n',
  'private.dblist': 'zuwiki\n',
  'deleted.dblist': 'awiki\nbwiki\ncwiki\ndwiki\newiki\nfwiki\n',
  'open.dbexpr': '%% all.dblist - closed.dblist - deleted\n',
  'live.dbexpr': 'wikipedia - closed\n',
  'metawiki.dblist': 'enwiki\n',
  'all-labs.dblist': 'labswiki\n',
  'junk.dblist': 'a b\n',
});
const directory = join(mwConfigPath, 'dblists');
const files = temporaryDirectory();
writeFileSync(
  join(files, 'mine.txt'),
  '\uFEFF# mine\r\nzuwiki\r\n\r\nitwiki # the second\r\nzuwiki',
);
writeFileSync(join(files, 'other.txt'), 'nowhere_db\n');
writeFileSync(join(files, 'empty.txt'), '# none\n');
writeFileSync(join(files, 'bad.txt'), 'itwiki\nit wiki\n');
mkdirSync(join(files, 'directory'));

function choose(wikis: string, change: Partial<SelectionRequest> = {}) {
  const request = { except: undefined, mwConfigPath, useX1: false, placed: false, ...change };
  return chooseWikis({ wikis: wikis.replaceAll('@FILES', `@${files}`), ...request });
}

describe('--wikis names wikis, sorted and without repeats', () => {
  test.each([
    ['enwiki', 'enwiki'],
    ['s2', 'enwiktionary itwiki itwiktionary'],
    ['s2.dblist', 'enwiktionary itwiki itwiktionary'],
    ['%% s2.dblist', 'enwiktionary itwiki itwiktionary'],
    ['s2,enwiki', 'enwiki enwiktionary itwiki itwiktionary'],
    ['enwiki,enwiki , aawiki', 'aawiki enwiki'],
    ['wikipedia - closed', 'enwiki itwiki testwiki zuwiki'],
    ['wikipedia - closed,private', 'enwiki itwiki testwiki'],
    ['wikipedia - closed , private', 'enwiki itwiki testwiki'],
    ['wikipedia - closed + private', 'enwiki itwiki testwiki zuwiki'],
    ['wikipedia - closed - itwiki', 'enwiki testwiki zuwiki'],
    ['wikipedia - closed + aawiki', 'aawiki enwiki itwiki testwiki zuwiki'],
    ['wikipedia,wiktionary & s2', 'enwiktionary itwiki itwiktionary'],
    ['wikipedia & s2,s1', 'enwiki itwiki'],
    ['live', 'enwiki itwiki testwiki zuwiki'],
    ['live.dbexpr & s3', 'testwiki zuwiki'],
    ['*wiktionary', 'enwiktionary itwiktionary'],
    ['it*', 'itwiki itwiktionary'],
    ['?uwiki', 'zuwiki'],
    ['[a-i]?wiki', 'aawiki enwiki itwiki'],
    ['[!a-i]?wiki', 'zuwiki'],
    ['[^a-i]?wiki', 'zuwiki'],
    ['zh_*,[i]twiki', 'itwiki zh_min_nanwikisource'],
    ['* - s3', 'enwiki enwiktionary itwiki itwiktionary metawiki newwiki'],
    ['@FILES/mine.txt', 'itwiki zuwiki'],
    ['enwiki,@FILES/mine.txt', 'enwiki itwiki zuwiki'],
    ['s3 - @FILES/mine.txt', 'aawiki testwiki zh_min_nanwikisource'],
    ['all & @FILES/empty.txt + s1', 'enwiki'],
    ['wikishared,centralauth,staging,flowdb', 'centralauth flowdb staging wikishared'],
    ['s1 # and no more', 'enwiki'],
    // A list goes before a wiki of the same name.
    ['metawiki', 'enwiki'],
    ['[m]etawiki', 'metawiki'],
  ])('%j: %s', (expression, wikis) => {
    expect([...choose(expression).keys()].join(' ')).toBe(wikis);
  });

  test.each([
    ['all', '*wiki', 'enwiktionary itwiktionary zh_min_nanwikisource'],
    ['s2', 'wiktionary', 'itwiki'],
    ['s2,s1', 'enwiki,[i]twiki', 'enwiktionary itwiktionary'],
    ['s2', 's2 - itwiki', 'itwiki'],
    ['s2', '@FILES/mine.txt', 'enwiktionary itwiktionary'],
  ])('%j --except %j: %s', (expression, except, wikis) => {
    const change = { except: `${except},homelesswiki`.replace('@FILES', `@${files}`) };
    expect([...choose(expression, change).keys()].join(' ')).toBe(wikis);
  });

  test('a file is looked for in the working directory', () => {
    const before = process.cwd();
    process.chdir(files);
    try {
      expect([...choose('@mine.txt').keys()]).toEqual(['itwiki', 'zuwiki']);
      expect([...choose('@./mine.txt').keys()]).toEqual(['itwiki', 'zuwiki']);
    } finally {
      process.chdir(before);
    }
  });
});

describe('The sections are those of findSection', () => {
  test.each([false, true])('--use-x1 %s', (useX1) => {
    const chosen = choose('* + wikishared,cognate_wiktionary,flowdb,centralauth,staging', {
      useX1,
    });
    expect(chosen.size).toBe(15);
    for (const [wiki, section] of chosen) {
      expect(section).toEqual(findSection(wiki, { mwConfigPath, useX1 }));
    }
  });

  test('none is looked up where the user has said the place', () => {
    const chosen = choose('deleted,s1,@FILES/other.txt', { placed: true });
    expect([...chosen.keys()].join(' ')).toBe(
      'awiki bwiki cwiki dwiki enwiki ewiki fwiki nowhere_db',
    );
    expect(new Set(chosen.values())).toEqual(new Set([undefined]));
  });

  test('--use-x1 takes names of files that no section has', () => {
    expect(choose('@FILES/other.txt', { useX1: true }).get('nowhere_db')?.section).toBe('x1');
  });

  test('a file of names alone, with a place, needs no checkout', () => {
    const change = { placed: true, mwConfigPath: '/no/such/directory' };
    expect([...choose('@FILES/mine.txt', change).keys()]).toEqual(['itwiki', 'zuwiki']);
    expect([...choose('staging', change).keys()]).toEqual(['staging']);
  });

  test('a wiki in two sections is refused only where it is chosen', () => {
    const path = checkout({ 's1.dblist': 'awiki\nbwiki\n', 's2.dblist': 'bwiki\n' });
    expect([...choose('awiki', { mwConfigPath: path }).keys()]).toEqual(['awiki']);
    expect(failureOf(() => choose('*', { mwConfigPath: path }))).toBe(
      `wiki-in-two-sections: 'bwiki' is named by s1.dblist and by s2.dblist in ${path}/dblists: say which with --section.`,
    );
    expect([...choose('*', { mwConfigPath: path, useX1: true }).keys()]).toEqual([
      'awiki',
      'bwiki',
    ]);
  });
});

describe('What --wikis cannot mean is one line', () => {
  const neither = (name: string, rest: string) =>
    `unknown-wikis: --wikis: '${name}' is neither a list in ${directory} nor a wiki of a section${rest}`;
  test.each([
    ['wikipeda', neither('wikipeda', '; did you mean wikipedia?')],
    ['enwik', neither('enwik', '; did you mean enwiki?')],
    ['s2 + it.wikipedia.org', neither('it.wikipedia.org', '; did you mean itwiki?')],
    ['wikishard', neither('wikishard', '; did you mean wikishared?')],
    ['quite_another', neither('quite_another', '.')],
    ['wikipedia-closed', neither('wikipedia-closed', '. (Blanks must stand round +, - and &.)')],
    ['../s1', neither('../s1', '.')],
    ['s9', neither('s9', '; did you mean s1, s2 or s3?')],
    ['x\x1b[2J*', "bad-wikis: --wikis: 'x\\x1b[2J*' is no glob: look at its brackets."],
    ['*wikiquote', "unknown-wikis: --wikis: '*wikiquote' fits no wiki of any section."],
    ['[a-', "bad-wikis: --wikis: '[a-' is no glob: look at its brackets."],
    ['a]', "bad-wikis: --wikis: 'a]' is no glob: look at its brackets."],
    ['[]', "bad-wikis: --wikis: '[]' is no glob: look at its brackets."],
    ['[z-a]*', "bad-wikis: --wikis: '[z-a]*' is no glob: look at its brackets."],
    ['s1 s2', "bad-dbexpr: --wikis: 's2' stands where +, - or & is due."],
    ['s1 -', 'bad-dbexpr: --wikis: no list is named behind the last -.'],
    ['- s1', "bad-wikis: --wikis: '-' stands where a list or a wiki is due."],
    ['s1,,s2', 'bad-wikis: --wikis: nothing stands where a list or a wiki is due.'],
    ['s1,', 'bad-wikis: --wikis: nothing stands where a list or a wiki is due.'],
    [',', 'bad-wikis: --wikis: nothing stands where a list or a wiki is due.'],
    ['', 'bad-dbexpr: --wikis: no list is named.'],
    ['# s1', 'bad-dbexpr: --wikis: no list is named.'],
    ['@', 'bad-wikis: --wikis: no file is named behind @.'],
    [
      '@-',
      'bad-wikis: --wikis: @- is not supported, standard input is for statements: write the names to a file.',
    ],
    ['@FILES/none.txt', `unreadable-dblist: Cannot read ${files}/none.txt: no such file.`],
    ['@FILES/directory', `unreadable-dblist: Cannot read ${files}/directory: it is a directory.`],
    [
      '@FILES/bad.txt',
      `bad-dblist: ${files}/bad.txt, line 2: 'it wiki' is not the name of a database.`,
    ],
    ['s1 - s1', "no-wikis: --wikis 's1 - s1': no wiki is left."],
    ['@FILES/empty.txt', `no-wikis: --wikis '@${files}/empty.txt': no wiki is left.`],
    [
      's1,homelesswiki',
      `wikis-without-section: --wikis: 1 of 2 wikis are named by no sN.dblist in ${directory}: homelesswiki. Take them away with --except, or say where they are with --section or --use-x1.`,
    ],
    [
      'deleted,@FILES/other.txt,s1',
      `wikis-without-section: --wikis: 7 of 8 wikis are named by no sN.dblist in ${directory}: awiki, bwiki, cwiki, dwiki, ewiki and 2 more. Take them away with --except, or say where they are with --section or --use-x1.`,
    ],
    ['junk', `bad-dblist: ${directory}/junk.dblist, line 1: 'a b' is not the name of a database.`],
  ])('%j', (expression, failure) => {
    expect(failureOf(() => choose(expression))).toBe(failure);
  });

  test('log names where its data went', () => {
    expect(failureOf(() => choose('log'))).toMatch(/^log-moved: /);
  });

  test.each([{ placed: true }, { useX1: true }])('a name is checked also with %j', (change) => {
    expect(failureOf(() => choose('wikipeda', change))).toBe(
      neither(
        'wikipeda',
        '; did you mean wikipedia? (A database that no list names can be given in a file, as @FILE.)',
      ),
    );
  });

  test('--except is named, and may leave nothing', () => {
    expect(failureOf(() => choose('s1', { except: 'enwik' }))).toMatch(
      /^unknown-wikis: --except: /,
    );
    expect(failureOf(() => choose('s1', { except: 's1' }))).toBe(
      "no-wikis: --wikis 's1' without --except 's1': no wiki is left.",
    );
  });

  test('no checkout', () => {
    expect(failureOf(() => choose('s1', { mwConfigPath: '/no/such/directory' }))).toMatch(
      /^no-mw-config: No directory \/no\/such\/directory\/dblists: /,
    );
    expect(failureOf(() => choose('*', { mwConfigPath: checkout({ 'a.dblist': '' }) }))).toMatch(
      /^no-dblists: /,
    );
  });
});
