import type { Section } from './places.js';

/** A section that wikis live in. */
export type WikiSection = Exclude<Section, 'x1' | 'staging'>;

/** How many wikis each section has; x1 has them all once more. */
export type Sizes = Record<WikiSection, number>;

/** As at Wikimedia in August 2026: 1,072 wikis, of which s3 holds 904. */
export const realSizes: Sizes = { s1: 1, s2: 17, s3: 904, s4: 2, s5: 131, s6: 4, s7: 12, s8: 1 };

/** 300 wikis, dealt likewise: what starts in a few seconds. */
export const smallSizes: Sizes = { s1: 1, s2: 17, s3: 200, s4: 2, s5: 63, s6: 4, s7: 12, s8: 1 };

/** Wikis that are looked for by their names, at the sections where the real ones are. */
const known: Record<WikiSection, string[]> = {
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

/** `aawiki`, `aawiktionary` …, every ninth language with a name of several words. */
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
 * The names of the wikis of each section, sorted by code point; the same each time. Neighbours in the
 * alphabet are dealt to different sections, so that the order of all is not that of the sections.
 */
export function manyNames(sizes: Sizes): Record<WikiSection, string[]> {
  const sections = Object.keys(sizes) as WikiSection[];
  const taken = new Set(Object.values(known).flat());
  const dealt: Record<WikiSection, string[]> = structuredClone(known);
  // The section whose list is shortest, measured by what it will hold, takes the next name.
  const share = (section: WikiSection) => dealt[section].length / sizes[section];
  const emptiest = () =>
    sections.reduce((least, section) => (share(section) < share(least) ? section : least));
  for (const name of inventedNames()) {
    const section = emptiest();
    if (share(section) >= 1) break;
    if (!taken.has(name)) dealt[section].push(name);
  }
  for (const section of sections) dealt[section].sort();
  return dealt;
}
