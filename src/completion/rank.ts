import type { Candidate, Offer } from './completion.js';

/** How a text fits what was typed; the lower the better. */
enum Fit {
  Prefix,
  /** Begins so behind an underscore or the like: `timestamp` in `rev_timestamp`. */
  Part,
  /** Begins so, but hardly fits the place. */
  Unlikely,
  Inside,
  /** Has the letters in that order. */
  Letters,
}

/** Letters in order say something only if they are a few. */
const fewLetters = 3;

/**
 * The candidates that fit what was typed: those that begin so, then those that hold it in some way;
 * among these the ones that fit the place better, then by the alphabet. Each text comes once. What is
 * a last resort comes only where hardly anything else does, so that Tab can put in the one word that
 * everybody means.
 */
export function rankCandidates(offers: readonly Offer[], typed: string): Candidate[] {
  const wanted = typed.toLowerCase();
  const found = collect(offers, (text, offer) => fitOf(text, wanted, offer.only));
  const any = found.length > 0 || wanted.length < fewLetters;
  const matches = any
    ? found
    : collect(offers, (text, { only }) =>
        only === undefined && hasLetters(text.toLowerCase(), wanted) ? Fit.Letters : undefined,
      );
  const isLikely = ({ offer, fit }: Match) => !offer.lastResort && fit < Fit.Inside;
  const withOthers = !matches.some(isLikely);
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  for (const { text, offer } of matches.sort(compare)) {
    if (offer.lastResort && !withOthers) continue;
    const shown = offer.form === undefined ? text : offer.form(text);
    if (seen.has(shown)) continue;
    seen.add(shown);
    candidates.push({ text: shown, kind: offer.kind });
  }
  return candidates;
}

interface Match {
  text: string;
  offer: Offer;
  fit: Fit;
}

function collect(
  offers: readonly Offer[],
  fit: (text: string, offer: Offer) => Fit | undefined,
): Match[] {
  const matches: Match[] = [];
  for (const offer of offers) {
    for (const text of offer.texts) {
      const found = fit(text, offer);
      if (found === undefined) continue;
      matches.push({ text, offer, fit: offer.unlikely ? Math.max(found, Fit.Unlikely) : found });
    }
  }
  return matches;
}

function compare(one: Match, other: Match): number {
  if (one.fit !== other.fit) return one.fit - other.fit;
  if (one.offer.rank !== other.offer.rank) return one.offer.rank - other.offer.rank;
  return one.text < other.text ? -1 : one.text > other.text ? 1 : 0;
}

/** `wanted` is in lower case. */
function fitOf(text: string, wanted: string, only: Offer['only']): Fit | undefined {
  if (beginsWith(text, wanted)) return Fit.Prefix;
  if (only === 'prefix' || wanted.length < 2) return undefined;
  const lower = text.toLowerCase();
  let at = lower.indexOf(wanted, 1);
  if (at < 0) return undefined;
  for (; at > 0; at = lower.indexOf(wanted, at + 1)) {
    if (/[^a-z0-9]/.test(lower[at - 1] ?? '')) return Fit.Part;
  }
  return only === undefined ? Fit.Inside : undefined;
}

/** Whether `text` begins with `wanted`, which is in lower case, whatever its own case. */
export function beginsWith(text: string, wanted: string): boolean {
  if (text.length < wanted.length) return false;
  // Most texts are told by their first letter, without making new strings.
  const first = text.charCodeAt(0);
  if (first < 0x80 && wanted !== '' && (first | 0x20) !== (wanted.charCodeAt(0) | 0x20))
    return false;
  return text.slice(0, wanted.length).toLowerCase() === wanted;
}

function hasLetters(text: string, wanted: string): boolean {
  let at = 0;
  for (const letter of wanted) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
