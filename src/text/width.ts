import { eastAsianWidth } from 'get-east-asian-width';
import { placeholderFor } from './non-printing.js';

/**
 * How a terminal counts emoji that are written with several characters. `graphemes`: two cells,
 * however they are made up, as terminals of the last years do. `characters`: cells of each are
 * added up, but for what is joined by U+200D and tones of skin, and U+FE0F widens nothing: so tmux
 * 3.5a counts (measured: the cursor's column behind each kind); 3.3a adds the tones of skin, too.
 */
export type WidthRules = 'graphemes' | 'characters';

/** The rules of the terminal that TERM names. */
export function widthRulesOf(term: string | undefined): WidthRules {
  return /^(screen|tmux|linux|vt)/.test(term ?? '') ? 'characters' : 'graphemes';
}

/** What is deleted and passed over as one: a character with all that combines with it. */
export interface Cluster {
  /** Offset of its first unit in the text, in UTF-16 units. */
  start: number;
  /** The first unit behind it. */
  end: number;
  /** What is painted for it: itself, or a picture if it would be unseen or move the cursor. */
  shown: string;
  /** Cells that `shown` takes. */
  cells: number;
  /**
   * Terminals agree about `cells`. Where they do not, whoever paints says behind it which column
   * comes next, so that no error lasts.
   */
  sure: boolean;
}

/**
 * The clusters of a text, in order. No escape sequence is known here: an ESC is shown as `^[`. A
 * newline is a control character as well, so a text of several lines is cut up before.
 */
export function* clusters(text: string, rules: WidthRules = 'graphemes'): Generator<Cluster> {
  for (const { start, end, plain } of runs(text)) {
    if (plain) {
      for (let at = start; at < end; at++) {
        yield { start: at, end: at + 1, shown: text[at] as string, cells: 1, sure: true };
      }
    } else {
      for (const { segment, index } of segments(text.slice(start, end))) {
        const begin = start + index;
        yield { start: begin, end: begin + segment.length, ...measured(segment, rules) };
      }
    }
  }
}

/** Cells of a terminal that `text` takes as {@link clusters} shows it. */
export function cellWidth(text: string, rules: WidthRules = 'graphemes'): number {
  let cells = 0;
  for (const { start, end, plain } of runs(text)) {
    if (plain) cells += end - start;
    else {
      for (const { segment } of segments(text.slice(start, end))) {
        cells += measured(segment, rules).cells;
      }
    }
  }
  return cells;
}

interface Run {
  start: number;
  end: number;
  plain: boolean;
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/**
 * Cuts a text into printable ASCII, each character of which is a cell, and the rest, which has to be
 * segmented. The last ASCII character before a rest goes with it: it may be combined with.
 */
function* runs(text: string): Generator<Run> {
  if (isPlain(text)) {
    yield { start: 0, end: text.length, plain: true };
    return;
  }
  let at = 0;
  for (const { index, 0: rest } of text.matchAll(/[ -~]?[^ -~]+/g)) {
    if (index > at) yield { start: at, end: index, plain: true };
    yield { start: index, end: index + rest.length, plain: false };
    at = index + rest.length;
  }
  if (at < text.length) yield { start: at, end: text.length, plain: true };
}

/** Made when first needed: the first one of a process costs some 9 ms. */
let segmenter: Intl.Segmenter | undefined;

function segments(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

/** Marks that stand over, under or around what is before them, and unseen format characters. */
const withoutCells = /[\p{Mn}\p{Me}\p{Cf}]/u;
const skinTone = /[\u{1f3fb}-\u{1f3ff}]/u;
const pictographic = /\p{Extended_Pictographic}/gu;
/** What terminals disagree about: see below, and all emoji, whose tables are of many years. */
const disputed =
  /[\p{Variation_Selector}\p{Cf}\p{Mc}\p{Me}\p{Cn}\p{Co}]|[\u{1f000}-\u{1ffff}]|[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u;

function measured(segment: string, rules: WidthRules): Omit<Cluster, 'start' | 'end'> {
  const picture = placeholderFor(segment);
  if (picture !== undefined) return picture;
  const cells = rules === 'graphemes' && isEmoji(segment) ? 2 : addedUp(segment);
  return { shown: segment, cells: Math.max(cells, 1), sure: cells > 0 && !disputed.test(segment) };
}

/**
 * Of several characters: with U+FE0F behind a pictograph, a key cap, a flag, several that are
 * joined, or one with a tone of skin. One alone is as wide as its East Asian width says.
 */
function isEmoji(segment: string): boolean {
  if (/\u20e3$/.test(segment)) return /^[0-9#*]\ufe0f?\u20e3$/.test(segment);
  if (/^[\u{1f1e6}-\u{1f1ff}]{2}/u.test(segment)) return true;
  const pictographs = segment.match(pictographic);
  if (pictographs === null) return false;
  return /[\ufe0f\u{1f3fb}-\u{1f3ff}]/u.test(segment) || pictographs.length > 1;
}

function addedUp(segment: string): number {
  let cells = 0;
  let joined = false;
  for (const character of segment) {
    if (!joined && !(cells > 0 && skinTone.test(character))) cells += cellsOf(character);
    joined = character === '\u200d';
  }
  return cells;
}

function cellsOf(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (withoutCells.test(character)) return 0;
  // The vowels and final consonants of Hangul, which are drawn into the syllable before them.
  if ((code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff)) return 0;
  return eastAsianWidth(code);
}
