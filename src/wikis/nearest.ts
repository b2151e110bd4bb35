const MOST = 3;
const PROJECTS = 'wiktionary|wikibooks|wikinews|wikiquote|wikisource|wikiversity|wikivoyage';

/**
 * The names of `known` that the user may have meant by `name`, best first, at most three; empty
 * when none is near. A form in which people write a wiki (`it.wikipedia.org`, `itwikipedia`,
 * `enwiki_p`, `commons`) gives its one database; else names within two slips of the pen (one
 * where the name is short), only the nearest of them.
 */
export function nearestNames(name: string, known: Iterable<string>): string[] {
  const names = new Set(known);
  const written = name.toLowerCase();
  const form = otherForms(written).find((candidate) => names.has(candidate));
  if (form !== undefined) return [form];
  return closestNames(written, names);
}

/** The names within two slips of the pen (one where the name is short), only the nearest; at most three. */
export function closestNames(name: string, known: Iterable<string>): string[] {
  let limit = name.length < 5 ? 1 : 2;
  let found: string[] = [];
  for (const candidate of known) {
    const distance = editDistance(name, candidate, limit);
    if (distance > limit) continue;
    if (distance < limit) found = [];
    limit = distance;
    found.push(candidate);
  }
  return found.sort((a, b) => commonStart(b, name) - commonStart(a, name)).slice(0, MOST);
}

/** The database names that a way of writing a wiki may stand for, likeliest first. */
function otherForms(name: string): string[] {
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

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/**
 * The edit distance of two strings, where a swap of two neighbours counts as one (optimal string
 * alignment); any number above `limit` when it is more than that.
 */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    [before, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
