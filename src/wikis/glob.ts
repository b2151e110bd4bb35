import { escapeRegExp } from '../text/regex-escape.js';

/** Tells whether a term is a glob: names of wikis contain none of these characters. */
export function isGlob(term: string): boolean {
  return /[*?[\]]/.test(term);
}

/**
 * Compiles a glob over names of wikis to a regular expression: `*` matches any text, `?` one
 * character, `[a-c]` one of these characters, `[!a-c]` and `[^a-c]` any other character. Returns
 * undefined if a bracket is not closed or a range is reversed.
 */
export function compileGlob(glob: string): RegExp | undefined {
  const parts = glob.match(/\*|\?|\[[!^]?[^\]]+\]|[^*?[\]]+|./gsu) ?? [];
  const pattern = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 2 && part.startsWith('[')) return compileCharacterClass(part.slice(1, -1));
    return part === '[' || part === ']' ? undefined : escapeRegExp(part);
  });
  if (pattern.includes(undefined)) return undefined;
  try {
    return new RegExp(`^${pattern.join('')}$`, 's');
  } catch {
    return undefined;
  }
}

function compileCharacterClass(content: string): string {
  const isNegated = /^[!^]/.test(content);
  return `[${isNegated ? '^' : ''}${content.slice(isNegated ? 1 : 0).replace(/[\\^[\]]/g, '\\$&')}]`;
}
