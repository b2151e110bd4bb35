import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSection } from '../../src/wikis/section.js';
import { chooseWikis, type SelectionRequest } from '../../src/wikis/selection.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { catchFailure, createCheckout } from './checkout.js';

const mwConfigPath = createCheckout({
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

function chooseWikisOf(wikis: string, change: Partial<SelectionRequest> = {}) {
  const request = {
    except: undefined,
    mwConfigPath,
    useX1: false,
    locationGiven: false,
    ...change,
  };
  return chooseWikis({ wikis: wikis.replaceAll('@FILES', `@${files}`), ...request });
}

describe('--wikis selects wikis, sorted and without duplicates', () => {
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
    // A list takes precedence over a wiki of the same name.
    ['metawiki', 'enwiki'],
    ['[m]etawiki', 'metawiki'],
  ])('%j selects %s', (expression, wikis) => {
    expect([...chooseWikisOf(expression).keys()].join(' ')).toBe(wikis);
  });

  test.each([
    ['all', '*wiki', 'enwiktionary itwiktionary zh_min_nanwikisource'],
    ['s2', 'wiktionary', 'itwiki'],
    ['s2,s1', 'enwiki,[i]twiki', 'enwiktionary itwiktionary'],
    ['s2', 's2 - itwiki', 'itwiki'],
    ['s2', '@FILES/mine.txt', 'enwiktionary itwiktionary'],
  ])('%j with --except %j selects %s', (expression, except, wikis) => {
    const change = { except: `${except},homelesswiki`.replace('@FILES', `@${files}`) };
    expect([...chooseWikisOf(expression, change).keys()].join(' ')).toBe(wikis);
  });

  test('reads @FILE relative to the working directory', () => {
    const before = process.cwd();
    process.chdir(files);
    try {
      expect([...chooseWikisOf('@mine.txt').keys()]).toEqual(['itwiki', 'zuwiki']);
      expect([...chooseWikisOf('@./mine.txt').keys()]).toEqual(['itwiki', 'zuwiki']);
    } finally {
      process.chdir(before);
    }
  });
});

describe('chooseWikis returns the sections of findSection', () => {
  test.each([false, true])('with --use-x1 %s', (useX1) => {
    const chosen = chooseWikisOf('* + wikishared,cognate_wiktionary,flowdb,centralauth,staging', {
      useX1,
    });
    expect(chosen.size).toBe(15);
    for (const [wiki, section] of chosen) {
      expect(section).toEqual(findSection(wiki, { mwConfigPath, useX1 }));
    }
  });

  test('but looks up none if the user gave the section or the address', () => {
    const chosen = chooseWikisOf('deleted,s1,@FILES/other.txt', { locationGiven: true });
    expect([...chosen.keys()].join(' ')).toBe(
      'awiki bwiki cwiki dwiki enwiki ewiki fwiki nowhere_db',
    );
    expect(new Set(chosen.values())).toEqual(new Set([undefined]));
  });

  test('and with --use-x1 accepts names in files that are in no section', () => {
    expect(chooseWikisOf('@FILES/other.txt', { useX1: true }).get('nowhere_db')?.section).toBe(
      'x1',
    );
  });

  test('and needs no checkout for a file of names if the user gave the location', () => {
    const change = { locationGiven: true, mwConfigPath: '/no/such/directory' };
    expect([...chooseWikisOf('@FILES/mine.txt', change).keys()]).toEqual(['itwiki', 'zuwiki']);
    expect([...chooseWikisOf('staging', change).keys()]).toEqual(['staging']);
  });

  test('and refuses a wiki in two sections only if it is selected', () => {
    const path = createCheckout({ 's1.dblist': 'awiki\nbwiki\n', 's2.dblist': 'bwiki\n' });
    expect([...chooseWikisOf('awiki', { mwConfigPath: path }).keys()]).toEqual(['awiki']);
    expect(catchFailure(() => chooseWikisOf('*', { mwConfigPath: path }))).toBe(
      `wiki-in-two-sections: 'bwiki' is in s1.dblist and in s2.dblist of '${path}/dblists': use --section to choose one.`,
    );
    expect([...chooseWikisOf('*', { mwConfigPath: path, useX1: true }).keys()]).toEqual([
      'awiki',
      'bwiki',
    ]);
  });
});

describe('chooseWikis reports an invalid --wikis on one line', () => {
  const neitherMessage = (name: string, rest: string) =>
    `unknown-wikis: --wikis: '${name}' is neither a list in '${directory}' nor a wiki of a section${rest}`;
  test.each([
    ['wikipeda', neitherMessage('wikipeda', '; did you mean wikipedia?')],
    ['enwik', neitherMessage('enwik', '; did you mean enwiki?')],
    ['s2 + it.wikipedia.org', neitherMessage('it.wikipedia.org', '; did you mean itwiki?')],
    ['wikishard', neitherMessage('wikishard', '; did you mean wikishared?')],
    ['quite_another', neitherMessage('quite_another', '.')],
    ['wikipedia-closed', neitherMessage('wikipedia-closed', '. (Put spaces around +, - and &.)')],
    ['../s1', neitherMessage('../s1', '. (Use @../s1 for the names in a file.)')],
    ['file.txt', neitherMessage('file.txt', '. (Use @file.txt for the names in a file.)')],
    [
      'x1',
      'unknown-wikis: --wikis: x1 is not a list, but a section with tables of all wikis: use --use-x1 with a list, such as --wikis all --use-x1.',
    ],
    [
      'enwiki itwiki',
      "bad-dbexpr: --wikis: expected +, - or & but found 'itwiki'. (Did you mean 'enwiki,itwiki'?)",
    ],
    [
      's1 s2 - s1 itwiki',
      "bad-dbexpr: --wikis: expected +, - or & but found 's2'. (Did you mean 's1,s2 - s1,itwiki'?)",
    ],
    ['s9', neitherMessage('s9', '; did you mean s1, s2 or s3?')],
    ['x\x1b[2J*', "bad-wikis: --wikis: 'x\\x1b[2J*' is not a valid glob: check its brackets."],
    ['*wikiquote', "unknown-wikis: --wikis: '*wikiquote' matches no wiki of any section."],
    ['[a-', "bad-wikis: --wikis: '[a-' is not a valid glob: check its brackets."],
    ['a]', "bad-wikis: --wikis: 'a]' is not a valid glob: check its brackets."],
    ['[]', "bad-wikis: --wikis: '[]' is not a valid glob: check its brackets."],
    ['[z-a]*', "bad-wikis: --wikis: '[z-a]*' is not a valid glob: check its brackets."],
    ['s1 s2', "bad-dbexpr: --wikis: expected +, - or & but found 's2'. (Did you mean 's1,s2'?)"],
    ['s1 -', "bad-dbexpr: --wikis: expected a list after the last '-'."],
    ['- s1', "bad-wikis: --wikis: expected a list or a wiki but found '-'."],
    ['s1,,s2', 'bad-wikis: --wikis: expected a list or a wiki but found nothing.'],
    ['s1,', 'bad-wikis: --wikis: expected a list or a wiki but found nothing.'],
    [',', 'bad-wikis: --wikis: expected a list or a wiki but found nothing.'],
    ['', 'bad-dbexpr: --wikis: the expression is empty.'],
    ['# s1', 'bad-dbexpr: --wikis: the expression is empty.'],
    ['@', "bad-wikis: --wikis: expected the name of a file after '@'."],
    [
      '@-',
      "bad-wikis: --wikis: '@-' cannot be used, because standard input is for statements: write the names to a file.",
    ],
    ['@FILES/none.txt', `unreadable-dblist: Cannot read '${files}/none.txt': no such file.`],
    ['@FILES/directory', `unreadable-dblist: Cannot read '${files}/directory': it is a directory.`],
    ['@FILES/bad.txt', `bad-dblist: ${files}/bad.txt, line 2: 'it wiki' is not a database name.`],
    ['s1 - s1', "no-wikis: --wikis 's1 - s1' selects no wiki."],
    ['@FILES/empty.txt', `no-wikis: --wikis '@${files}/empty.txt' selects no wiki.`],
    [
      's1,homelesswiki',
      `wikis-without-section: --wikis: 1 of 2 wikis are in no sN.dblist of '${directory}': homelesswiki. Use --except to remove them, or --section or --use-x1 to say where they are.`,
    ],
    [
      'deleted,@FILES/other.txt,s1',
      `wikis-without-section: --wikis: 7 of 8 wikis are in no sN.dblist of '${directory}': awiki, bwiki, cwiki, dwiki, ewiki and 2 more. Use --except to remove them, or --section or --use-x1 to say where they are.`,
    ],
    ['junk', `bad-dblist: ${directory}/junk.dblist, line 1: 'a b' is not a database name.`],
  ])('%j', (expression, expected) => {
    expect(catchFailure(() => chooseWikisOf(expression))).toBe(expected);
  });

  test('names the new location of the data of log', () => {
    expect(catchFailure(() => chooseWikisOf('log'))).toMatch(/^log-moved: /);
  });

  test.each([{ locationGiven: true }, { useX1: true }])(
    'checks names of wikis even with %j',
    (change) => {
      expect(catchFailure(() => chooseWikisOf('wikipeda', change))).toBe(
        neitherMessage(
          'wikipeda',
          '; did you mean wikipedia? (Use @FILE for a database that is in no list.)',
        ),
      );
    },
  );

  test('names --except in errors, and reports if it leaves no wiki', () => {
    expect(catchFailure(() => chooseWikisOf('s1', { except: 'enwik' }))).toMatch(
      /^unknown-wikis: --except: /,
    );
    expect(catchFailure(() => chooseWikisOf('s1', { except: 's1' }))).toBe(
      "no-wikis: --wikis 's1' with --except 's1' selects no wiki.",
    );
  });

  test('a missing checkout', () => {
    expect(catchFailure(() => chooseWikisOf('s1', { mwConfigPath: '/no/such/directory' }))).toMatch(
      /^no-mw-config: No directory '\/no\/such\/directory\/dblists': /,
    );
    expect(
      catchFailure(() => chooseWikisOf('*', { mwConfigPath: createCheckout({ 'a.dblist': '' }) })),
    ).toMatch(/^no-dblists: /);
  });
});
