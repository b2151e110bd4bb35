import type { Dblists } from './dblists.js';

/*
 * Facts about a wiki that the lists of mediawiki-config tell.
 */

/** The names of the fields. */
export const wikiFieldNames = [
  'section',
  'family',
  'size',
  'language',
  'closed',
  'private',
] as const;

/** The name of a field. */
export type WikiFieldName = (typeof wikiFieldNames)[number];

/** The value of a field; null if the lists do not tell it. */
export type WikiField = string | number | null;

/** The values of some fields of a wiki. */
export type WikiFields = Readonly<Partial<Record<WikiFieldName, WikiField>>>;

/** The families of wikis, each with the ending of the names of its wikis after the language. */
const families: readonly { list: string; suffix: string | undefined }[] = [
  { list: 'wikipedia', suffix: 'wiki' },
  { list: 'wiktionary', suffix: 'wiktionary' },
  { list: 'wikiquote', suffix: 'wikiquote' },
  { list: 'wikibooks', suffix: 'wikibooks' },
  { list: 'wikisource', suffix: 'wikisource' },
  { list: 'wikinews', suffix: 'wikinews' },
  { list: 'wikiversity', suffix: 'wikiversity' },
  { list: 'wikivoyage', suffix: 'wikivoyage' },
  // The wikis of these families have no language.
  { list: 'wikimedia', suffix: undefined },
  { list: 'special', suffix: undefined },
];

const sizes = ['small', 'medium', 'large'];

/**
 * Returns the values of fields of a wiki:
 *
 * - `section`: the given section
 * - `family`: the list of its project, such as wikipedia, wiktionary or special
 * - `size`: small, medium or large
 * - `language`: the code in its name, with hyphens (`be-x-old`); null for wikimedia and special
 * - `closed`, `private`: 1 if the list of that name contains the wiki, otherwise 0
 *
 * A field is null if no list has the wiki, or if the list is missing.
 *
 * @throws Failure as Dblists.find does
 */
export function readWikiFields(
  names: readonly WikiFieldName[],
  wiki: string,
  section: string | undefined,
  lists: Dblists,
): WikiFields {
  return Object.fromEntries(names.map((name) => [name, readField(name, wiki, section, lists)]));
}

function readField(
  name: WikiFieldName,
  wiki: string,
  section: string | undefined,
  lists: Dblists,
): WikiField {
  const isIn = (list: string) => lists.find(list)?.has(wiki);
  switch (name) {
    case 'section':
      return section ?? null;
    case 'family':
      return families.find(({ list }) => isIn(list))?.list ?? null;
    case 'size':
      return sizes.find(isIn) ?? null;
    case 'language':
      return findLanguage(wiki, families.find(({ list }) => isIn(list))?.suffix);
    case 'closed':
    case 'private': {
      const isListed = isIn(name);
      return isListed === undefined ? null : Number(isListed);
    }
  }
}

function findLanguage(wiki: string, suffix: string | undefined): string | null {
  if (suffix === undefined || !wiki.endsWith(suffix)) return null;
  return wiki.slice(0, -suffix.length).replaceAll('_', '-') || null;
}
