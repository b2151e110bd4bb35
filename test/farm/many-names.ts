import type { Section } from './sections.js';

/*
 * Invented names for hundreds of wikis, and their sections.
 */

/** A section that has wikis. */
export type WikiSection = Exclude<Section, 'x1' | 'staging'>;

/** The number of wikis of each section; x1 also has a database for each of them. */
export type Sizes = Record<WikiSection, number>;

/** The numbers at Wikimedia in August 2026: 1,072 wikis, of which s3 has 904. */
export const realSizes: Sizes = { s1: 1, s2: 17, s3: 904, s4: 2, s5: 131, s6: 4, s7: 12, s8: 1 };

/** 300 wikis in a similar distribution, which start in a few seconds. */
export const smallSizes: Sizes = { s1: 1, s2: 17, s3: 200, s4: 2, s5: 63, s6: 4, s7: 12, s8: 1 };

/** Wikis that tests use by name, in the sections of the real ones. */
const knownWikis: Record<WikiSection, string[]> = {
  s1: ['enwiki'],
  s2: ['itwiki', 'nlwiki', 'zhwiki'],
  s3: ['arbcom_itwiki', 'be_x_oldwiki', 'simplewiki', 'testwiki', 'zh_min_nanwikisource'],
  s4: ['commonswiki', 'testcommonswiki'],
  s5: ['cebwiki', 'dewiki', 'srwiki'],
  s6: ['frwiki', 'jawiki', 'ruwiki', 'labtestwiki'],
  s7: ['arwiki', 'metawiki', 'hewiki', 'frwiktionary'],
  s8: ['wikidatawiki'],
};

const projects = [
  'wiki',
  'wiktionary',
  'wikibooks',
  'wikiquote',
  'wikisource',
  'wikinews',
  'wikivoyage',
  'wikiversity',
];

/** Yields `aawiki`, `aawiktionary` …; every ninth language has a name of several words. */
function* inventedNames(): Generator<string> {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  let count = 0;
  for (const first of letters) {
    for (const second of letters) {
      const code = ++count % 9 === 0 ? `${first}${second}_x_${second}old` : first + second;
      for (const project of projects) yield code + project;
    }
  }
}

/**
 * Returns the names of the wikis of each section, sorted by code point; the same in each run.
 * Alphabetical neighbors are in different sections, so that the order of all wikis differs from the
 * order by section.
 */
export function manyNames(sizes: Sizes): Record<WikiSection, string[]> {
  const sections = Object.keys(sizes) as WikiSection[];
  const taken = new Set(Object.values(knownWikis).flat());
  const assigned: Record<WikiSection, string[]> = structuredClone(knownWikis);
  // The section whose list is the least full, relative to its final size, gets the next name.
  const fillRatio = (section: WikiSection) => assigned[section].length / sizes[section];
  const emptiest = () =>
    sections.reduce((least, section) => (fillRatio(section) < fillRatio(least) ? section : least));
  for (const name of inventedNames()) {
    const section = emptiest();
    if (fillRatio(section) >= 1) break;
    if (!taken.has(name)) assigned[section].push(name);
  }
  for (const section of sections) assigned[section].sort();
  return assigned;
}
