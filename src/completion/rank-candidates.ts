import { startsWithIgnoringCase } from '../text/ignore-case.js';
import type { Candidate, CandidateGroup } from './completion.js';

/** How well a text matches the typed text; lower is better. */
enum MatchQuality {
  /** It begins with the typed text. */
  Prefix,
  /** A part of it, such as `timestamp` in `rev_timestamp`, begins with the typed text. */
  Part,
  /** It matches as above, but is unlikely at this position. */
  Unlikely,
  /** It contains the typed text. */
  Inside,
  /** It contains the typed letters in order. */
  Letters,
}

/** The minimum number of typed letters for a match of letters in order to be meaningful. */
const minimumLetters = 3;

/**
 * Returns the candidates that match the typed text, without duplicates: sorted by how well they
 * match, then by rank, then alphabetically. Groups that are a last resort are included only if no
 * likely candidate matches well, so that Tab can complete an obvious word at once.
 */
export function rankCandidates(groups: readonly CandidateGroup[], typed: string): Candidate[] {
  const wanted = typed.toLowerCase();
  const found = collectMatches(groups, (text, group) => rateMatch(text, wanted, group.match));
  const isEnough = found.length > 0 || wanted.length < minimumLetters;
  const matches = isEnough
    ? found
    : collectMatches(groups, (text, { match }) =>
        match === undefined && isSubsequence(text.toLowerCase(), wanted)
          ? MatchQuality.Letters
          : undefined,
      );
  const isLikely = ({ group, quality }: Match) =>
    !group.isLastResort && quality < MatchQuality.Inside;
  const includesLastResort = !matches.some(isLikely);
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  for (const { text, group } of matches.sort(compareMatches)) {
    if (group.isLastResort && !includesLastResort) continue;
    const formatted = group.format === undefined ? text : group.format(text);
    if (seen.has(formatted)) continue;
    seen.add(formatted);
    candidates.push({ text: formatted, kind: group.kind });
  }
  return candidates;
}

interface Match {
  text: string;
  group: CandidateGroup;
  quality: MatchQuality;
}

function collectMatches(
  groups: readonly CandidateGroup[],
  rate: (text: string, group: CandidateGroup) => MatchQuality | undefined,
): Match[] {
  const matches: Match[] = [];
  for (const group of groups) {
    for (const text of group.texts) {
      const found = rate(text, group);
      if (found === undefined) continue;
      matches.push({
        text,
        group,
        quality: group.isUnlikely ? Math.max(found, MatchQuality.Unlikely) : found,
      });
    }
  }
  return matches;
}

function compareMatches(one: Match, other: Match): number {
  if (one.quality !== other.quality) return one.quality - other.quality;
  if (one.group.rank !== other.group.rank) return one.group.rank - other.group.rank;
  return one.text < other.text ? -1 : one.text > other.text ? 1 : 0;
}

/**
 * Returns how well a text matches `wanted`, which must be in lower case; undefined if it does not.
 */
function rateMatch(
  text: string,
  wanted: string,
  match: CandidateGroup['match'],
): MatchQuality | undefined {
  if (startsWithIgnoringCase(text, wanted)) return MatchQuality.Prefix;
  if (match === 'prefix' || wanted.length < 2) return undefined;
  const lower = text.toLowerCase();
  let position = lower.indexOf(wanted, 1);
  if (position < 0) return undefined;
  for (; position > 0; position = lower.indexOf(wanted, position + 1)) {
    if (/[^a-z0-9]/.test(lower[position - 1] ?? '')) return MatchQuality.Part;
  }
  return match === undefined ? MatchQuality.Inside : undefined;
}

/** Whether `text` contains the letters of `wanted` in order. */
function isSubsequence(text: string, wanted: string): boolean {
  let position = 0;
  for (const letter of wanted) {
    position = text.indexOf(letter, position) + 1;
    if (position === 0) return false;
  }
  return true;
}
