import { isControl, isUnsafe } from './unsafe-characters.js';

/** The text to display in place of a grapheme cluster; see Cluster for the fields. */
export interface Placeholder {
  shown: string;
  cells: number;
  isWidthCertain: boolean;
}

/**
 * A tab always has the same width, so that a text's width is the sum of the widths of its parts.
 */
const tab = '    ';

/** A mark at the start of a cluster has no base character. */
const combiningMark = /^\p{M}/u;

/**
 * Returns the placeholder for a cluster that is invisible on a terminal or controls it: `^[` for
 * ESC, `<U+202E>` for a direction override, a dotted circle below a mark without a base character.
 * Returns undefined for all other clusters, which are displayed unchanged.
 */
export function placeholderFor(cluster: string): Placeholder | undefined {
  if (cluster === '\t') return createPlaceholder(tab);
  const code = cluster.codePointAt(0) as number;
  if (isControl(code)) return createPlaceholder(caretNotation(cluster));
  if ([...cluster].every(isInvisible))
    return createPlaceholder([...cluster].map(codePointLabel).join(''));
  if (combiningMark.test(cluster)) return { shown: `◌${cluster}`, cells: 1, isWidthCertain: false };
  return undefined;
}

/** Whether a character on its own is invisible or controls the terminal. */
function isInvisible(character: string): boolean {
  const code = character.codePointAt(0) as number;
  if (code < 0x80) return isControl(code);
  return isUnsafe(code, 0, 0) || /\p{Variation_Selector}/u.test(character);
}

function createPlaceholder(shown: string): Placeholder {
  return { shown, cells: shown.length, isWidthCertain: true };
}

/** Returns control characters in caret notation; `\r\n` is one cluster of two characters. */
function caretNotation(controls: string): string {
  return controls.replace(
    /[\0-\x1f\x7f]/g,
    (control) => `^${String.fromCharCode(control.charCodeAt(0) ^ 0x40)}`,
  );
}

function codePointLabel(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase();
  return `<U+${code.padStart(4, '0')}>`;
}
