import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/failure.js';
import type { Plan } from '../../../src/fanout/plan/plan.js';
import { formatAddress } from '../../../src/target/address.js';
import { createCheckout } from '../../wikis/checkout.js';
import { planOf, type SectionNameServer, startSections } from './plan-of.js';

const mwConfigPath = createCheckout({
  's1.dblist': 'enwiki\n',
  's2.dblist': 'nlwiki\nitwiki\n',
  's7.dblist': 'metawiki\n',
  's10.dblist': 'newwiki\n',
});
writeFileSync(join(mwConfigPath, 'more.txt'), 'itwiki\nodd_db\n');
let sections: SectionNameServer;
let commonOptions: string[];

beforeAll(async () => {
  sections = await startSections();
  commonOptions = [`--mw-config-path=${mwConfigPath}`, `--nameserver=${sections.nameserver}`];
});

afterAll(() => sections.stop());

/** Returns a line `section host:port wiki wiki …` for each section. */
function summarizePlan(plan: Plan): string[] {
  return plan.sections.map(({ name, target, wikis }) => {
    return `${name} ${formatAddress(target.address)} ${wikis.map(({ wiki }) => wiki).join(' ')}`;
  });
}

test('a section without a server is left out of the sections, if there are others', async () => {
  const checkout = createCheckout({ 's1.dblist': 'enwiki\n', 's11.dblist': 'lastwiki\n' });
  const options = [`--mw-config-path=${checkout}`, ...commonOptions.slice(1)];
  const plan = await planOf([...options, '--wikis=*']);
  expect(summarizePlan(plan)).toEqual(['s1 one.eqiad.wmnet:3311 enwiki']);
  expect(plan.wikis.map(({ wiki }) => wiki)).toEqual(['enwiki', 'lastwiki']);
  expect(plan.unresolved).toMatchObject([
    { name: 's11', wikis: [{ wiki: 'lastwiki' }], failure: { code: 'unknown-section' } },
  ]);
  await expect(planOf([...options, '--wikis=s11'])).rejects.toMatchObject({
    code: 'unknown-section',
  });
});

describe('a plan groups the wikis by section', () => {
  test.each<[argv: string[], sections: string[]]>([
    [['--wikis=s2'], ['s2 two.eqiad.wmnet:3312 itwiki nlwiki']],
    [
      ['--wikis=*,wikishared,centralauth,staging'],
      [
        's1 one.eqiad.wmnet:3311 enwiki',
        's2 two.eqiad.wmnet:3312 itwiki nlwiki',
        's7 seven.eqiad.wmnet:3317 centralauth metawiki',
        's10 ten.eqiad.wmnet:3330 newwiki',
        'staging staging.eqiad.wmnet:3350 staging',
        'x1 x.eqiad.wmnet:3320 wikishared',
      ],
    ],
    [
      ['--wikis=*,wikishared,centralauth,staging', '--use-x1'],
      [
        's7 seven.eqiad.wmnet:3317 centralauth',
        'staging staging.eqiad.wmnet:3350 staging',
        'x1 x.eqiad.wmnet:3320 enwiki itwiki metawiki newwiki nlwiki wikishared',
      ],
    ],
    [['--wikis=*', '--except=s2,s10', '--section=s2'], ['s2 two.eqiad.wmnet:3312 enwiki metawiki']],
    [['--wikis=s1', '--section=x1', '--use-x1'], ['x1 x.eqiad.wmnet:3320 enwiki']],
    [
      ['--wikis=*', '--host=db.test', '--port=7'],
      ['db.test db.test:7 enwiki itwiki metawiki newwiki nlwiki'],
    ],
    [['--wikis=s1', '--host=localhost'], ['localhost /run/mysqld/mysqld.sock enwiki']],
    [['--wikis=s1', '--socket=/tmp/s'], ['localhost /tmp/s enwiki']],
    [
      ['--wikis=s1,s2', '--port=9'],
      ['s1 one.eqiad.wmnet:9 enwiki', 's2 two.eqiad.wmnet:9 itwiki nlwiki'],
    ],
  ])('%j', async (argv, expected) => {
    expect(summarizePlan(await planOf([...commonOptions, ...argv]))).toEqual(expected);
  });

  test('wikis from a file with --section', async () => {
    const plan = await planOf([
      ...commonOptions,
      `--wikis=@${mwConfigPath}/more.txt`,
      '--section=s1',
    ]);
    expect(summarizePlan(plan)).toEqual(['s1 one.eqiad.wmnet:3311 itwiki odd_db']);
  });

  test('a plan lists all wikis sorted by name, with their sections, and the statements', async () => {
    const { wikis, statements } = await planOf(
      [...commonOptions, '--wikis=*'],
      ['select 1', 'select 2'],
    );
    expect(wikis.map(({ wiki, section }) => `${wiki} ${section}`)).toEqual([
      'enwiki s1',
      'itwiki s2',
      'metawiki s7',
      'newwiki s10',
      'nlwiki s2',
    ]);
    expect(statements.map(({ sql, line }) => `${line} ${Buffer.from(sql)}`)).toEqual([
      '1 select 1',
      '2 select 2',
    ]);
  });

  test.each([
    [['--wikis=s2'], 'dblist', `${mwConfigPath}/dblists/s2.dblist`],
    [['--wikis=metawiki,centralauth'], 'dblist', `${mwConfigPath}/dblists/s7.dblist`],
    [['--wikis=centralauth'], 'rule', 'centralauth is always on s7'],
    [['--wikis=s2', '--use-x1'], 'use-x1', '--use-x1'],
    [['--wikis=s2', '--section=s1'], 'section-option', '--section'],
    [['--wikis=s2', '--host=a'], undefined, undefined],
  ])('%j: the source of the section is %s', async (argv, source, detail) => {
    const [section] = (await planOf([...commonOptions, ...argv])).sections;
    expect([section?.target.sectionSource, section?.target.sectionDetail]).toEqual([
      source,
      detail,
    ]);
    expect(section?.target.database).toBeUndefined();
  });
});

describe('without SRV records', () => {
  test('a warning that concerns several sections appears once', async () => {
    const plan = await planOf([...commonOptions, '--domain=none.test', '--wikis=s1,s2,s7,itwiki']);
    expect(summarizePlan(plan)[1]).toBe('s2 s2-analytics-replica.none.test:3312 itwiki nlwiki');
    expect(plan.sections.map(({ target }) => target.warnings)).toEqual([
      [
        expect.stringMatching(
          `^Warning: no SRV record _s1-analytics._tcp.none.test \\(.*${sections.nameserver}.*\\); using s1-analytics-replica.none.test:3311 according to the port scheme. \\(The same for s2, s7.\\)$`,
        ),
      ],
      [],
      [],
    ]);
  });

  test('a section without a known port is an error', async () => {
    await expect(planOf([...commonOptions, '--domain=none.test', '--wikis=s10'])).rejects.toSatisfy(
      (error) => error instanceof Failure && error.code === 'unknown-section',
    );
  });
});
