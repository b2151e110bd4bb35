import { describe, expect, inject, it } from 'vitest';
import {
  getDbstoreHostPort,
  getMediawikiSectionDbnameMapping,
  resolveTarget,
  sectionOf,
} from '../../src/library/index.js';
import { errorOf } from './options.js';

const checkout = () => inject('farm').mwConfigPath;
const dns = () => ({ nameservers: [inject('farm').nameserver], mwConfigPath: checkout() });

describe('sectionOf', () => {
  it.each<[string, boolean, string]>([
    ['itwiki', false, 's2'],
    ['itwiki', true, 'x1'],
    ['staging', true, 'staging'],
    ['centralauth', false, 's7'],
    ['wikishared', false, 'x1'],
  ])('%s, x1: %s → %s', (wiki, useX1, section) => {
    expect(sectionOf(wiki, { mwConfigPath: checkout(), useX1 })).toBe(section);
  });

  it('tells a name that no dblist has, also one that looks like an option', async () => {
    for (const wiki of ['nosuchwiki', '--print-target', '']) {
      const asked = async () => sectionOf(wiki, { mwConfigPath: checkout() });
      expect(await errorOf(asked())).toMatch(/^unknown-database: /);
    }
  });
});

describe('resolveTarget', () => {
  it('gives all that is known of the place', async () => {
    const { host, port } = inject('farm').places.s2;
    expect(await resolveTarget('itwiki', dns())).toEqual({
      wiki: 'itwiki',
      section: 's2',
      host,
      port,
      socket: undefined,
      endpoints: [{ host, port }],
      jdbcUrl: `jdbc:mysql://${host}:${port}/itwiki`,
      sectionFrom: 'dblist',
      endpointsFrom: 'srv',
      warnings: [],
    });
  });

  it('takes what was given', async () => {
    const at = (options: object) => resolveTarget('itwiki', { ...dns(), ...options });
    expect(await at({ useX1: true, port: 9 })).toMatchObject({ section: 'x1', port: 9 });
    expect(await at({ host: 'db.example' })).toMatchObject({
      section: undefined,
      host: 'db.example',
      port: 3306,
      endpointsFrom: 'user',
    });
    expect(await at({ socket: '/run/x.sock' })).toMatchObject({
      host: undefined,
      socket: '/run/x.sock',
      endpoints: [],
      jdbcUrl: undefined,
    });
    const section = await resolveTarget(undefined, { ...dns(), section: 'staging' });
    expect(section).toMatchObject({ wiki: undefined, section: 'staging' });
  });

  it('says why it had to take the scheme of ports', async () => {
    const target = await resolveTarget('itwiki', { ...dns(), domain: 'example.org' });
    expect(target).toMatchObject({
      host: 's2-analytics-replica.example.org',
      port: 3312,
      endpointsFrom: 'port-scheme',
      warnings: [expect.stringMatching(/^Warning: .*port scheme/)],
    });
  });
});

describe('the two functions of the wiki page', () => {
  it('map wikis to sections, and those to hosts and ports', async () => {
    const mapping = getMediawikiSectionDbnameMapping(checkout(), false);
    expect(mapping).toMatchObject({ itwiki: 's2', enwiki: 's1', aawiki: 's3' });
    const { places } = inject('farm');
    for (const [dbname, useX1, section] of [
      ['itwiki', false, 's2'],
      ['itwiki', true, 'x1'],
      ['staging', true, 'staging'],
      ['centralauth', false, 's7'],
    ] as const) {
      const { host, port } = places[section];
      expect(await getDbstoreHostPort(mapping, useX1, dbname, dns())).toEqual([host, port]);
    }
  });

  it('map every wiki to x1 when that is asked for', () => {
    const mapping = getMediawikiSectionDbnameMapping(checkout(), true);
    const all = getMediawikiSectionDbnameMapping(checkout(), false);
    expect(Object.keys(mapping).toSorted()).toEqual(Object.keys(all).toSorted());
    expect(new Set(Object.values(mapping))).toEqual(new Set(['x1']));
  });

  it('believe the mapping alone', async () => {
    const { host, port } = inject('farm').places.s3;
    expect(await getDbstoreHostPort({ itwiki: 's3' }, false, 'itwiki', dns())).toEqual([
      host,
      port,
    ]);
    for (const dbname of ['itwiki', 'constructor']) {
      expect(await errorOf(getDbstoreHostPort({}, false, dbname, dns()))).toBe(
        `unknown-database: The database '${dbname}' is not listed among the dblists of the sections.`,
      );
    }
  });
});
