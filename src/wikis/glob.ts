import { escapeRegExp } from '../text/regex-escape.js';
/** Whether a term is a glob: the names of wikis hold none of these. */
export function isGlob(term: string): boolean {
  return /[*?[\]]/.test(term);
}

/**
 * A pattern of file names over names of wikis: `*` is any text, `?` one character, `[a-c]` one of
 * these, `[!a-c]` and `[^a-c]` none of these. undefined: a bracket is not closed, or a range runs
 * backwards.
 */
export function globPattern(glob: string): RegExp | undefined {
  const pieces = glob.match(/\*|\?|\[[!^]?[^\]]+\]|[^*?[\]]+|./gsu) ?? [];
  const pattern = pieces.map((piece) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    if (piece.length > 2 && piece.startsWith('[')) return characterClass(piece.slice(1, -1));
    return piece === '[' || piece === ']' ? undefined : escapeRegExp(piece);
  });
  if (pattern.includes(undefined)) return undefined;
  try {
    return new RegExp(`^${pattern.join('')}$`, 's');
  } catch {
    return undefined;
  }
}

function characterClass(inside: string): string {
  const not = /^[!^]/.test(inside);
  return `[${not ? '^' : ''}${inside.slice(not ? 1 : 0).replace(/[\\^[\]]/g, '\\$&')}]`;
}
