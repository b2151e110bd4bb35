import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/failure.js';
import { parseDblist } from '../../src/wikis/dblist.js';
import { Dblists } from '../../src/wikis/dblists.js';
import { evaluateExpression } from '../../src/wikis/expression.js';
import { catchFailure, createCheckout } from './checkout.js';

const mwConfigPath = createCheckout({
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

/** Writes the expression to a `.dbexpr` file and evaluates it. */
function evaluate(expression: string): string {
  writeFileSync(join(directory, 'case.dbexpr'), expression);
  return findNames('case');
}

function findNames(list: string): string {
  const names = new Dblists(mwConfigPath).find(list);
  return names === undefined ? 'no such list' : [...names].sort().join(' ');
}

describe('an expression returns names without duplicates', () => {
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
  ])('evaluates %j', (expression, names) => {
    expect(evaluate(expression)).toBe(names);
  });

  test('a .dblist takes precedence over a .dbexpr of the same name', () => {
    expect(findNames('closed')).toBe('bwiki');
    expect(findNames('closed.dblist')).toBe('bwiki');
    expect(findNames('closed.dbexpr')).toBe('awiki bwiki cwiki dewiki');
  });

  test.each(['none', 'all.dbexpr', 'closed.txt', '../all', ''])('%j is not a list', (name) => {
    expect(findNames(name)).toBe('no such list');
  });

  test('the caller determines the meaning of an operand', () => {
    const letters = (word: string) => new Set(word);
    const createError = (text: string) => new Failure('bad', text);
    expect([...evaluateExpression('abc - b + xa', createError, letters)].join('')).toBe('acx');
  });
});

describe('an invalid expression is refused', () => {
  test.each([
    ['', 'bad-dbexpr: ORIGIN: the expression is empty.'],
    ['%%', 'bad-dbexpr: ORIGIN: the expression is empty.'],
    ['# all', 'bad-dbexpr: ORIGIN: the expression is empty.'],
    ['all +', "bad-dbexpr: ORIGIN: expected a list after the last '+'."],
    ['all closed', "bad-dbexpr: ORIGIN: expected +, - or & but found 'closed'."],
    ['all +- closed', "bad-dbexpr: ORIGIN: expected +, - or & but found '+-'."],
    [
      'all-closed',
      `unknown-dblist: No list 'all-closed': '${directory}' has neither all-closed.dblist nor all-closed.dbexpr.`,
    ],
    ['+ all', "bad-dbexpr: '+' is not a name of a dblist."],
    ['all - ../closed', "bad-dbexpr: '../closed' is not a name of a dblist."],
    ['all - -', "bad-dbexpr: '-' is not a name of a dblist."],
    ['all\nclosed', 'bad-dbexpr: ORIGIN: expected an expression on one line but found more lines.'],
    ['all + \x1b[2J', "bad-dbexpr: '\\x1b[2J' is not a name of a dblist."],
    ['self', `dbexpr-cycle: Expressions in '${directory}' form a cycle: self → self.`],
    ['all + ping', `dbexpr-cycle: Expressions in '${directory}' form a cycle: ping → pong → ping.`],
    ['junk', `bad-dblist: ${directory}/junk.dblist, line 2: 'select 1' is not a database name.`],
  ])('%j', (expression, expected) => {
    expect(catchFailure(() => evaluate(expression))).toBe(
      expected.replace('ORIGIN', `${directory}/case.dbexpr`),
    );
  });

  test('an error in an expression file names the file', () => {
    const path = createCheckout({ 'all.dblist': 'awiki\n', 'bad.dbexpr': 'all !\n' });
    expect(catchFailure(() => new Dblists(path).find('bad'))).toBe(
      `bad-dbexpr: ${path}/dblists/bad.dbexpr: expected +, - or & but found '!'.`,
    );
  });

  test('reports a directory in place of a list', () => {
    const path = createCheckout({});
    mkdirSync(join(path, 'dblists', 'all.dblist'));
    expect(catchFailure(() => new Dblists(path).find('all'))).toMatch(
      /^unreadable-dblist: .*it is a directory/,
    );
  });
});

describe('parseDblist', () => {
  test.each([
    ['', []],
    ['# only\n\n', []],
    ['\uFEFFawiki\r\n bwiki # x\r\n\r\n#c\r\nc_dwiki', ['awiki', 'bwiki', 'c_dwiki']],
  ])('parses %j', (text, names) => {
    expect(parseDblist(text, 'x.dblist')).toEqual(names);
  });

  test.each(['a wiki', 'a-wiki', 'a.wiki', '../etc'])(
    'refuses %j, which is not a database name',
    (line) => {
      expect(catchFailure(() => parseDblist(`awiki\n${line}\n`, 'x.dblist'))).toBe(
        `bad-dblist: x.dblist, line 2: '${line}' is not a database name.`,
      );
    },
  );
});
