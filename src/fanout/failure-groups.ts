import { escapeRegExp } from '../text/regex-escape.js';
import type { FailureReason, WikiOutcome } from './outcome.js';

/** Groups the errors of a run for its summary. */

/** Wikis that have no result for the same reason. */
export interface FailureGroup {
  outcome: 'failed' | 'skipped';
  errno: number;
  sqlState: string;
  /** The text of the error, without the names of the wikis. */
  text: string;
  /** Sorted by name. */
  wikis: string[];
}

/**
 * Groups failed and skipped wikis by error number and error text. Groups of failed wikis come
 * first, then groups of skipped ones; within each, the largest group comes first.
 */
export function groupFailures(outcomes: readonly WikiOutcome[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { wiki, outcome, reason } of outcomes) {
    if (outcome !== 'failed' && outcome !== 'skipped') continue;
    const { errno, sqlState, text }: FailureReason = reason ?? { errno: 0, sqlState: '', text: '' };
    const commonText = removeWikiName(text, wiki);
    const key = `${outcome} ${errno} ${commonText}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { outcome, errno, sqlState, text: commonText, wikis: [wiki] });
    } else {
      group.wikis.push(wiki);
    }
  }
  return sortGroups([...groups.values()]);
}

/** Merges groups whose texts differ only in quoted names, which become `…`; sorts as groupFailures. */
export function mergeGroups(groups: readonly FailureGroup[]): FailureGroup[] {
  const merged = new Map<string, FailureGroup>();
  for (const group of groups) {
    const { outcome, errno, text, wikis } = group;
    const key = `${outcome} ${errno} ${text.replace(quotedName, "''")}`;
    const other = merged.get(key);
    merged.set(
      key,
      other === undefined
        ? group
        : { ...other, text: keepCommonNames(other.text, text), wikis: [...other.wikis, ...wikis] },
    );
  }
  return sortGroups([...merged.values()]);
}

function sortGroups(groups: readonly FailureGroup[]): FailureGroup[] {
  return groups
    .map((group) => ({ ...group, wikis: group.wikis.toSorted() }))
    .sort((a, b) => a.outcome.localeCompare(b.outcome) || b.wikis.length - a.wikis.length);
}

/** Matches quoted names, but not from an apostrophe within a word ("doesn't") to the next. */
const quotedName = /(?<!\w)(['`"])[^'`"]*\1(?!\w)/g;

/** Returns the text with `…` for each quoted name that differs in the other text. */
function keepCommonNames(text: string, other: string): string {
  const otherNames = other.match(quotedName) ?? [];
  let index = 0;
  return text.replace(quotedName, (name) => (name === otherNames[index++] ? name : "'…'"));
}

/**
 * Removes a wiki's own name from an error text, so that the texts of several wikis are equal:
 * `Table 'itwiki.page' …` becomes `Table 'page' …`; a name without a dot after it becomes `…`.
 */
function removeWikiName(text: string, wiki: string): string {
  const name = escapeRegExp(wiki);
  const qualifier = new RegExp(`(?<![\\w$])(\`?)${name}\\1\\.(?=[\`\\w$])`, 'g');
  const bareName = new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g');
  return text.replace(qualifier, '').replace(bareName, '…');
}
