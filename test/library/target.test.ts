import { describe, expect, inject, it } from 'vitest';
import {
  getDbstoreHostPort,
  getJdbcString,
  getMediawikiSectionDbnameMapping,
  resolveTarget,
  sectionOf,
} from '../../src/library/index.js';
import { errorOf } from './farm-options.js';

const farmCheckout = () => inject('farm').mwConfigPath;
const farmTarget = () => ({
  nameservers: [inject('farm').nameserver],
  mwConfigPath: farmCheckout(),
});

describe('sectionOf', () => {
  it.each<[string, boolean, string]>([
    ['itwiki', false, 's2'],
    ['itwiki', true, 'x1'],
    ['staging', true, 'staging'],
    ['centralauth', false, 's7'],
    ['wikishared', false, 'x1'],
  ])('%s, x1: %s → %s', (wiki, useX1, section) => {
    expect(sectionOf(wiki, { mwConfigPath: farmCheckout(), useX1 })).toBe(section);
  });

  it('refuses a name that no dblist contains, even if it looks like an option', async () => {
    for (const wiki of ['nosuchwiki', '--print-target', '']) {
      const findSection = async () => sectionOf(wiki, { mwConfigPath: farmCheckout() });
      expect(await errorOf(findSection())).toMatch(/^unknown-database: /);
    }
  });
});

describe('resolveTarget', () => {
  it('returns the whole target', async () => {
    const { host, port } = inject('farm').endpoints.s2;
    expect(await resolveTarget('itwiki', farmTarget())).toEqual({
      wiki: 'itwiki',
      section: 's2',
      host,
      port,
      socket: undefined,
      endpoints: [{ host, port }],
      jdbcUrl: `jdbc:mysql://${host}:${port}/itwiki?characterEncoding=UTF-8`,
      sectionFrom: 'dblist',
      endpointsFrom: 'srv',
      warnings: [],
    });
  });

  it('uses the given options', async () => {
    const resolveWith = (options: object) =>
      resolveTarget('itwiki', { ...farmTarget(), ...options });
    expect(await resolveWith({ useX1: true, port: 9 })).toMatchObject({ section: 'x1', port: 9 });
    expect(await resolveWith({ host: 'db.example' })).toMatchObject({
      section: undefined,
      host: 'db.example',
      port: 3306,
      endpointsFrom: 'user',
    });
    expect(await resolveWith({ socket: '/run/x.sock' })).toMatchObject({
      host: undefined,
      socket: '/run/x.sock',
      endpoints: [],
      jdbcUrl: undefined,
    });
    const section = await resolveTarget(undefined, { ...farmTarget(), section: 'staging' });
    expect(section).toMatchObject({ wiki: undefined, section: 'staging' });
  });

  it('returns a warning that says why it used the port scheme', async () => {
    const target = await resolveTarget('itwiki', { ...farmTarget(), domain: 'example.org' });
    expect(target).toMatchObject({
      host: 's2-analytics-replica.example.org',
      port: 3312,
      endpointsFrom: 'port-scheme',
      warnings: [expect.stringMatching(/^Warning: .*port scheme/)],
    });
  });
});

describe("the two functions of wikitech's page", () => {
  it('map wikis to sections, and those to hosts and ports', async () => {
    const mapping = getMediawikiSectionDbnameMapping(farmCheckout(), false);
    expect(mapping).toMatchObject({ itwiki: 's2', enwiki: 's1', aawiki: 's3' });
    const { endpoints } = inject('farm');
    for (const [dbname, useX1, section] of [
      ['itwiki', false, 's2'],
      ['itwiki', true, 'x1'],
      ['staging', true, 'staging'],
      ['centralauth', false, 's7'],
    ] as const) {
      const { host, port } = endpoints[section];
      expect(await getDbstoreHostPort(mapping, useX1, dbname, false, farmTarget())).toEqual([
        host,
        port,
      ]);
    }
  });

  it('return the redacted host with the port of the section, and its database in the JDBC URL', async () => {
    const mapping = getMediawikiSectionDbnameMapping(farmCheckout(), false);
    const { host, port } = inject('farm').endpoints.s2;
    const redactedHost = 'an-redacteddb1001.eqiad.wmnet';
    expect(await getDbstoreHostPort(mapping, false, 'itwiki', true, farmTarget())).toEqual([
      redactedHost,
      port,
    ]);
    expect(await getJdbcString('itwiki', false, mapping, farmTarget())).toBe(
      `jdbc:mysql://${host}:${port}/itwiki?characterEncoding=UTF-8`,
    );
    expect(await getJdbcString('itwiki', true, mapping, farmTarget())).toBe(
      `jdbc:mysql://${redactedHost}:${port}/itwiki_p?characterEncoding=UTF-8`,
    );
    const options = { ...farmTarget(), redactedHost: 'other.test' };
    expect(await getDbstoreHostPort(mapping, false, 'itwiki', true, options)).toEqual([
      'other.test',
      port,
    ]);
    expect(await errorOf(getJdbcString('centralauth', true, mapping, farmTarget()))).toBe(
      'not-redacted: There is no redacted copy of centralauth: leave out --redacted.',
    );
    expect(await errorOf(getDbstoreHostPort(mapping, true, 'itwiki', true, farmTarget()))).toBe(
      'not-redacted: There is no redacted copy of section x1: leave out --redacted.',
    );
  });

  it('map every wiki to x1 with useX1', () => {
    const mapping = getMediawikiSectionDbnameMapping(farmCheckout(), true);
    const all = getMediawikiSectionDbnameMapping(farmCheckout(), false);
    expect(Object.keys(mapping).toSorted()).toEqual(Object.keys(all).toSorted());
    expect(new Set(Object.values(mapping))).toEqual(new Set(['x1']));
  });

  it('use only the given mapping', async () => {
    const { host, port } = inject('farm').endpoints.s3;
    expect(
      await getDbstoreHostPort({ itwiki: 's3' }, false, 'itwiki', false, farmTarget()),
    ).toEqual([host, port]);
    for (const dbname of ['itwiki', 'constructor']) {
      expect(await errorOf(getDbstoreHostPort({}, false, dbname, false, farmTarget()))).toBe(
        `unknown-database: The database '${dbname}' is not listed among the dblists of the sections.`,
      );
    }
  });
});
