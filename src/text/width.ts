import { eastAsianWidth } from 'get-east-asian-width';
import { placeholderFor } from './non-printing.js';

/*
 * Splits text into grapheme clusters and measures it in terminal cells, for the line editor and for
 * tables.
 */

/**
 * How a terminal counts the cells of an emoji of several characters. `graphemes`: always two cells,
 * as recent terminals do. `characters`: the sum of the characters' cells, without characters after
 * U+200D and without skin tones; U+FE0F does not widen. Observed (tmux 3.5a, from the cursor column
 * after each kind): it counts by `characters`; 3.3a adds the skin tones, too.
 */
export type WidthRules = 'graphemes' | 'characters';

/** Returns the rules of the terminal that TERM names. */
export function widthRulesOf(term: string | undefined): WidthRules {
  return /^(screen|tmux|linux|vt)/.test(term ?? '') ? 'characters' : 'graphemes';
}

/**
 * A grapheme cluster: a character with all that combines with it; the cursor moves over it whole.
 */
export interface Cluster {
  /** Offset of its first UTF-16 code unit in the text. */
  start: number;
  /** Offset of the first code unit after it. */
  end: number;
  /** The text to display: the cluster, or a placeholder if it is invisible or moves the cursor. */
  shown: string;
  /** The number of cells of `shown`. */
  cells: number;
  /**
   * Whether all terminals agree about `cells`. If not, the painter sets the cursor column after the
   * cluster, so that an error does not affect the rest of the line.
   */
  isWidthCertain: boolean;
}

/**
 * Yields the clusters of a text in order. It does not interpret escape sequences: ESC is displayed
 * as `^[`. A newline is a control character like the others, so the caller must split lines first.
 */
export function* clusters(text: string, rules: WidthRules = 'graphemes'): Generator<Cluster> {
  for (const { start, end, isAscii } of splitRuns(text)) {
    if (isAscii) {
      for (let position = start; position < end; position++) {
        yield {
          start: position,
          end: position + 1,
          shown: text[position] as string,
          cells: 1,
          isWidthCertain: true,
        };
      }
    } else {
      for (const { segment, index } of splitGraphemes(text.slice(start, end))) {
        const begin = start + index;
        yield { start: begin, end: begin + segment.length, ...measureCluster(segment, rules) };
      }
    }
  }
}

/** Returns the number of terminal cells of `text` as {@link clusters} displays it. */
export function cellWidth(text: string, rules: WidthRules = 'graphemes'): number {
  let cells = 0;
  for (const { start, end, isAscii } of splitRuns(text)) {
    if (isAscii) cells += end - start;
    else {
      for (const { segment } of splitGraphemes(text.slice(start, end))) {
        cells += measureCluster(segment, rules).cells;
      }
    }
  }
  return cells;
}

interface Run {
  start: number;
  end: number;
  isAscii: boolean;
}

function isPrintableAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/**
 * Splits a text into runs of printable ASCII, in which each character is a cell, and other runs,
 * which need segmentation. The last ASCII character before such a run belongs to it, because marks
 * can combine with it.
 */
function* splitRuns(text: string): Generator<Run> {
  if (isPrintableAscii(text)) {
    yield { start: 0, end: text.length, isAscii: true };
    return;
  }
  let position = 0;
  for (const { index, 0: rest } of text.matchAll(/[ -~]?[^ -~]+/g)) {
    if (index > position) yield { start: position, end: index, isAscii: true };
    yield { start: index, end: index + rest.length, isAscii: false };
    position = index + rest.length;
  }
  if (position < text.length) yield { start: position, end: text.length, isAscii: true };
}

/** Created on demand: the first segmenter of a process takes some 9 ms. */
let segmenter: Intl.Segmenter | undefined;

function splitGraphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

/** Combining marks, which attach to the character before them, and invisible format characters. */
const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;
const skinTone = /[\u{1f3fb}-\u{1f3ff}]/u;
const pictographic = /\p{Extended_Pictographic}/gu;
/** Characters whose width differs between terminals, such as emoji: their tables differ in age. */
const disputedWidth =
  /[\p{Variation_Selector}\p{Cf}\p{Mc}\p{Me}\p{Cn}\p{Co}]|[\u{1f000}-\u{1ffff}]|[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u;

function measureCluster(segment: string, rules: WidthRules): Omit<Cluster, 'start' | 'end'> {
  const placeholder = placeholderFor(segment);
  if (placeholder !== undefined) return placeholder;
  const cells = rules === 'graphemes' && isEmoji(segment) ? 2 : sumCells(segment);
  return {
    shown: segment,
    cells: Math.max(cells, 1),
    isWidthCertain: cells > 0 && !disputedWidth.test(segment),
  };
}

/**
 * Whether the segment is an emoji of several characters: a pictograph with U+FE0F, a key cap, a
 * flag, joined pictographs, or one with a skin tone. The width of a single pictograph is its East
 * Asian width.
 */
function isEmoji(segment: string): boolean {
  if (/\u20e3$/.test(segment)) return /^[0-9#*]\ufe0f?\u20e3$/.test(segment);
  if (/^[\u{1f1e6}-\u{1f1ff}]{2}/u.test(segment)) return true;
  const pictographs = segment.match(pictographic);
  if (pictographs === null) return false;
  return /[\ufe0f\u{1f3fb}-\u{1f3ff}]/u.test(segment) || pictographs.length > 1;
}

function sumCells(segment: string): number {
  let cells = 0;
  let followsJoiner = false;
  for (const character of segment) {
    if (!followsJoiner && !(cells > 0 && skinTone.test(character)))
      cells += countCharacterCells(character);
    followsJoiner = character === '\u200d';
  }
  return cells;
}

function countCharacterCells(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (zeroWidth.test(character)) return 0;
  // Hangul vowels and final consonants are drawn into the syllable before them.
  if ((code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff)) return 0;
  return eastAsianWidth(code);
}
