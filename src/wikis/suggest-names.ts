const MAX_SUGGESTIONS = 3;
const PROJECTS = 'wiktionary|wikibooks|wikinews|wikiquote|wikisource|wikiversity|wikivoyage';

/**
 * Returns the names in `known` that the user may have meant by `name`: at most three, the best
 * first; empty if none is similar. For another common form of a wiki's name (`it.wikipedia.org`,
 * `itwikipedia`, `enwiki_p`, `commons`) returns only its database; else the result of
 * findClosestNames.
 */
export function suggestNames(name: string, known: Iterable<string>): string[] {
  const names = new Set(known);
  const lowerCased = name.toLowerCase();
  const match = listCandidates(lowerCased).find((candidate) => names.has(candidate));
  if (match !== undefined) return [match];
  return findClosestNames(lowerCased, names);
}

/**
 * Returns the names with the smallest edit distance to `name`: at most three, none with a distance
 * over two (over one if `name` has fewer than five characters).
 */
export function findClosestNames(name: string, known: Iterable<string>): string[] {
  let limit = name.length < 5 ? 1 : 2;
  let found: string[] = [];
  for (const candidate of known) {
    const distance = editDistance(name, candidate, limit);
    if (distance > limit) continue;
    if (distance < limit) found = [];
    limit = distance;
    found.push(candidate);
  }
  return found
    .sort((a, b) => commonPrefixLength(b, name) - commonPrefixLength(a, name))
    .slice(0, MAX_SUGGESTIONS);
}

/** Returns the database names that a form of a wiki's name may mean, the most likely first. */
function listCandidates(name: string): string[] {
  const base = name
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .replace(/^www\./, '')
    .replace(/\.org$/, '')
    .replace(/\.m\./, '.')
    .replace(/_p$/, '')
    .replaceAll('-', '_');
  const project = new RegExp(`^(\\w+)\\.(${PROJECTS})$`).exec(base);
  return [
    base,
    base.replace(/\.?wikipedia$/, 'wiki'),
    project ? `${project[1]}${project[2]}` : base,
    base.replace(/\.wikimedia$/, 'wiki'),
    base.replace(/\.wikimedia$/, 'wikimedia'),
    `${base}wiki`,
  ];
}

function commonPrefixLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/**
 * Returns the edit distance of two strings, in which a swap of two adjacent characters counts as
 * one edit (optimal string alignment). Returns any number above `limit` if the distance is larger
 * than `limit`.
 */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[other.length] ?? 0;
}
