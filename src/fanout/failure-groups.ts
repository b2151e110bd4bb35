import { escapeRegExp } from '../text/regex-escape.js';
import type { FailureReason, WikiOutcome } from './outcome.js';

/** Wikis that have no result for the same reason. */
export interface FailureGroup {
  outcome: 'failed' | 'skipped';
  errno: number;
  sqlState: string;
  /** Without the names of the wikis. */
  text: string;
  /** By name. */
  wikis: string[];
}

/**
 * Groups wikis that failed, then those that were skipped, by number and text of their errors; what
 * came most often comes first.
 */
export function groupFailures(outcomes: readonly WikiOutcome[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { wiki, outcome, reason } of outcomes) {
    if (outcome !== 'failed' && outcome !== 'skipped') continue;
    const { errno, sqlState, text }: FailureReason = reason ?? { errno: 0, sqlState: '', text: '' };
    const common = withoutWiki(text, wiki);
    const key = `${outcome} ${errno} ${common}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { outcome, errno, sqlState, text: common, wikis: [wiki] });
    } else {
      group.wikis.push(wiki);
    }
  }
  for (const { wikis } of groups.values()) wikis.sort();
  return [...groups.values()].sort(
    (a, b) => a.outcome.localeCompare(b.outcome) || b.wikis.length - a.wikis.length,
  );
}

/**
 * Takes a wiki's own name out of a text about it: `Table 'itwiki.page' …` becomes `Table 'page' …`,
 * and where it stands alone, `…`.
 */
function withoutWiki(text: string, wiki: string): string {
  const name = escapeRegExp(wiki);
  const qualifier = new RegExp(`(?<![\\w$])(\`?)${name}\\1\\.(?=[\`\\w$])`, 'g');
  const alone = new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g');
  return text.replace(qualifier, '').replace(alone, '…');
}
