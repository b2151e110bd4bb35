import { isControl, isUnsafe } from './unsafe.js';

/** What is painted in place of a cluster, and the cells that it takes. */
export interface Placeholder {
  shown: string;
  cells: number;
  sure: boolean;
}

/** Blanks that a tab is shown as. Always as many, so that a text's width is the sum of its parts'. */
const tab = '    ';

/** Marks that found nothing to combine with. */
const marks = /^\p{M}/u;

/**
 * The picture of a cluster that a terminal would not show, or that would do something to it: `^[` for
 * an escape, `<U+202E>` for what turns the direction of writing, a mark that has nothing before it
 * on a dotted circle. Undefined for all others, which are painted as they are.
 */
export function placeholderFor(cluster: string): Placeholder | undefined {
  if (cluster === '\t') return placeholder(tab);
  const code = cluster.codePointAt(0) as number;
  if (isControl(code)) return placeholder(caret(cluster));
  if ([...cluster].every(isInvisible)) return placeholder([...cluster].map(named).join(''));
  if (marks.test(cluster)) return { shown: `◌${cluster}`, cells: 1, sure: false };
  return undefined;
}

/** Tells whether a character by itself is invisible, or would control the terminal. */
function isInvisible(character: string): boolean {
  const code = character.codePointAt(0) as number;
  if (code < 0x80) return isControl(code);
  return isUnsafe(code, 0, 0) || /\p{Variation_Selector}/u.test(character);
}

function placeholder(shown: string): Placeholder {
  return { shown, cells: shown.length, sure: true };
}

/** A line break of two characters is one cluster. */
function caret(controls: string): string {
  return controls.replace(
    /[\0-\x1f\x7f]/g,
    (control) => `^${String.fromCharCode(control.charCodeAt(0) ^ 0x40)}`,
  );
}

function named(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase();
  return `<U+${code.padStart(4, '0')}>`;
}
