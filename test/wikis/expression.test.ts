import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDblist } from '../../src/wikis/dblist.js';
import { Dblists } from '../../src/wikis/dblists.js';
import { evaluateExpression } from '../../src/wikis/expression.js';
import { checkout, failureOf } from './checkout.js';

const mwConfigPath = checkout({
  'all.dblist': '# all\ndewiki\nawiki\nbwiki\ncwiki\n',
  'closed.dblist': '\uFEFFbwiki\r\n',
  'group1-wikipedia.dblist': 'zwiki # new\nawiki\n\n  \nzwiki\n',
  'all-labs.dblist': 'labswiki\n',
  '10.dblist': 'tenwiki\n',
  'open.dbexpr': '%% all.dblist - closed.dblist\n',
  'nested.dbexpr': 'open + all-labs\n',
  'closed.dbexpr': 'all\n',
  'self.dbexpr': 'all + self\n',
  'ping.dbexpr': 'pong\n',
  'pong.dbexpr': 'all - ping\n',
  'junk.dblist': 'awiki\nselect 1\n',
});
const directory = join(mwConfigPath, 'dblists');

/** Puts the expression into a list of its own, and reads that. */
function evaluate(expression: string): string {
  writeFileSync(join(directory, 'case.dbexpr'), expression);
  return namesOf('case');
}

function namesOf(list: string): string {
  const names = new Dblists(mwConfigPath).find(list);
  return names === undefined ? 'no such list' : [...names].sort().join(' ');
}

describe('An expression gives names without repeats', () => {
  test.each([
    ['all', 'awiki bwiki cwiki dewiki'],
    ['%% all.dblist', 'awiki bwiki cwiki dewiki'],
    ['%%all', 'awiki bwiki cwiki dewiki'],
    ['all - closed', 'awiki cwiki dewiki'],
    ['all & group1-wikipedia', 'awiki'],
    ['closed + group1-wikipedia.dblist', 'awiki bwiki zwiki'],
    ['all - closed + closed', 'awiki bwiki cwiki dewiki'],
    ['closed + all - closed', 'awiki cwiki dewiki'],
    ['closed + group1-wikipedia & all', 'awiki bwiki'],
    ['all & closed & all-labs', ''],
    ['10 + all-labs', 'labswiki tenwiki'],
    ['open', 'awiki cwiki dewiki'],
    ['nested', 'awiki cwiki dewiki labswiki'],
    ['all\t-  closed # and no more + all-labs', 'awiki cwiki dewiki'],
    ['# why\r\n\r\nclosed\r\n', 'bwiki'],
    ['\uFEFF%% closed', 'bwiki'],
  ])('%j', (expression, names) => {
    expect(evaluate(expression)).toBe(names);
  });

  test('a .dblist goes before a .dbexpr of the same name', () => {
    expect(namesOf('closed')).toBe('bwiki');
    expect(namesOf('closed.dblist')).toBe('bwiki');
    expect(namesOf('closed.dbexpr')).toBe('awiki bwiki cwiki dewiki');
  });

  test.each(['none', 'all.dbexpr', 'closed.txt', '../all', ''])('%j is no list', (name) => {
    expect(namesOf(name)).toBe('no such list');
  });

  test('an operand means what the caller says', () => {
    const letters = (word: string) => new Set(word);
    expect([...evaluateExpression('abc - b + xa', 'it', letters)].join('')).toBe('acx');
  });
});

describe('What is no expression is refused', () => {
  test.each([
    ['', 'bad-dbexpr: the expression: no list is named.'],
    ['%%', 'bad-dbexpr: the expression: no list is named.'],
    ['# all', 'bad-dbexpr: the expression: no list is named.'],
    ['all +', 'bad-dbexpr: the expression: no list is named behind the last +.'],
    ['all closed', "bad-dbexpr: the expression: 'closed' stands where +, - or & is due."],
    ['all +- closed', "bad-dbexpr: the expression: '+-' stands where +, - or & is due."],
    [
      'all-closed',
      `unknown-dblist: No list 'all-closed': ${directory} has neither all-closed.dblist nor all-closed.dbexpr.`,
    ],
    ['+ all', "bad-dbexpr: '+' is not the name of a dblist."],
    ['all - ../closed', "bad-dbexpr: '../closed' is not the name of a dblist."],
    ['all - -', "bad-dbexpr: '-' is not the name of a dblist."],
    ['all\nclosed', 'bad-dbexpr: the expression: more than one line holds an expression.'],
    ['all + \x1b[2J', "bad-dbexpr: '\\x1b[2J' is not the name of a dblist."],
    ['self', `dbexpr-cycle: Expressions in ${directory} need each other: self → self.`],
    [
      'all + ping',
      `dbexpr-cycle: Expressions in ${directory} need each other: ping → pong → ping.`,
    ],
    [
      'junk',
      `bad-dblist: ${directory}/junk.dblist, line 2: 'select 1' is not the name of a database.`,
    ],
  ])('%j', (expression, failure) => {
    expect(failureOf(() => evaluate(expression))).toBe(
      failure.replace('the expression', `${directory}/case.dbexpr`),
    );
  });

  test('an error inside an expression file names the file', () => {
    const path = checkout({ 'all.dblist': 'awiki\n', 'bad.dbexpr': 'all !\n' });
    expect(failureOf(() => new Dblists(path).find('bad'))).toBe(
      `bad-dbexpr: ${path}/dblists/bad.dbexpr: '!' stands where +, - or & is due.`,
    );
  });

  test('a directory in the place of a list', () => {
    const path = checkout({});
    mkdirSync(join(path, 'dblists', 'all.dblist'));
    expect(failureOf(() => new Dblists(path).find('all'))).toMatch(
      /^unreadable-dblist: .*it is a directory/,
    );
  });
});

describe('A dblist read as a whole', () => {
  test.each([
    ['', []],
    ['# only\n\n', []],
    ['\uFEFFawiki\r\n bwiki # x\r\n\r\n#c\r\nc_dwiki', ['awiki', 'bwiki', 'c_dwiki']],
  ])('%j', (text, names) => {
    expect(parseDblist(text, 'x.dblist')).toEqual(names);
  });

  test.each(['a wiki', 'a-wiki', 'a.wiki', '../etc'])('%j is no name', (line) => {
    expect(failureOf(() => parseDblist(`awiki\n${line}\n`, 'x.dblist'))).toBe(
      `bad-dblist: x.dblist, line 2: '${line}' is not the name of a database.`,
    );
  });
});
