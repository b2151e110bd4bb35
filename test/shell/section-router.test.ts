import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import { SectionRouter } from '../../src/shell/section-router.js';
import { makeTcpAddress } from '../../src/target/address.js';
import type { Target, TargetRequest } from '../../src/target/target.js';
import { requestWith, targetWith } from '../examples.js';
import { createCheckout } from '../wikis/checkout.js';

const mwConfigPath = createCheckout({ 's1.dblist': 'enwiki\n', 's2.dblist': 'itwiki\nnlwiki\n' });

const request = requestWith({ wiki: 'itwiki', mwConfigPath });

/** Returns a target like the resolver's, without DNS queries. */
function targetAt(section: string | undefined, database: string | undefined): Target {
  const address = makeTcpAddress(`${section}.test`, 3306);
  return targetWith({ wiki: database, database, section, address });
}

const find = async ({ section, wiki, useX1 }: TargetRequest) => {
  // The resolver rejects useX1 together with a section.
  expect(useX1).toBe(false);
  return targetAt(section, wiki);
};

describe('the target of a database, from the current section', () => {
  const cases: [here: string | undefined, database: string, section: string | undefined][] = [
    ['s2', 'enwiki', 's1'],
    ['s2', 'nlwiki', undefined],
    ['s2', 'itwiki', undefined],
    ['s2', 'information_schema', undefined],
    ['s2', 'centralauth', 's7'],
    ['s2', 'staging', 'staging'],
    ['s2', 'wikishared', 'x1'],
    ['x1', 'enwiki', undefined],
    ['x1', 'centralauth', 's7'],
    ['staging', 'enwiki', 's1'],
    [undefined, 'enwiki', undefined],
  ];
  for (const [here, database, section] of cases) {
    it(`${database} from ${here ?? 'a host of the user'}: ${section ?? 'stay'}`, async () => {
      const router = new SectionRouter(request, find);
      const found = await router.findOtherSection(database, targetAt(here, 'itwiki'));
      expect(found?.section).toBe(section);
      if (section !== undefined) expect(found?.database).toBe(database);
    });
  }
});

describe('the database that a name means', () => {
  const router = new SectionRouter(request, find);
  const redacted = { ...targetAt('s2', 'itwiki'), database: 'itwiki_p', redacted: true };

  it('is the name, except for wikis on the redacted replicas', () => {
    expect(router.findDatabase('nlwiki', targetAt('s2', 'itwiki'))).toBe('nlwiki');
    expect(router.findDatabase('nlwiki', redacted)).toBe('nlwiki_p');
    expect(router.findDatabase('nlwiki_p', redacted)).toBe('nlwiki_p');
    expect(router.findDatabase('information_schema', redacted)).toBe('information_schema');
    expect(() => router.findDatabase('centralauth', redacted)).toThrow(Failure);
  });

  it('is in the section of its wiki', async () => {
    expect((await router.findOtherSection('enwiki_p', redacted))?.section).toBe('s1');
    expect(await router.findOtherSection('nlwiki_p', redacted)).toBeUndefined();
  });
});

describe('the section is looked up again', () => {
  it('with the current database', async () => {
    const router = new SectionRouter({ ...request, useX1: true }, find);
    const again = await router.findSameSection(targetAt('x1', 'nlwiki'));
    expect(again).toMatchObject({ section: 'x1', database: 'nlwiki' });
  });

  it('but not if the user named the host', async () => {
    const here = targetAt(undefined, 'x');
    expect(await new SectionRouter(request, find).findSameSection(here)).toBe(here);
  });

  it('and stays the same if no name server answers', async () => {
    const router = new SectionRouter(request, async () => {
      throw new Failure('no-dns', 'nobody answers');
    });
    const here = targetAt('s2', 'itwiki');
    expect(await router.findSameSection(here)).toBe(here);
  });
});
