import { escapeRegExp } from '../text/regex-escape.js';
import { hasSecret } from '../text/secrets.js';

/**
 * Returns a function that is true for texts that the history leaves out: those that contain a
 * password, and those that match a pattern of MYSQL_HISTIGNORE. `mariadb` 10.11 does neither, and
 * writes passwords to its history. The patterns follow the manual of MySQL's client: they are
 * separated by colons, `*` matches any characters, `?` matches one, case is ignored, and a pattern
 * has to match the whole text. The pattern may omit the terminator of the statement.
 */
export function historyFilter(patterns: string | undefined): (text: string) => boolean {
  const ignored = (patterns ?? '')
    .split(':')
    .filter((each) => each !== '')
    .map(wildcard);
  return (text) => {
    if (hasSecret(text)) return true;
    if (ignored.length === 0) return false;
    const whole = text.trim();
    const bare = whole.replace(/(?:;|\\[gG])\s*$/, '').trimEnd();
    return ignored.some((pattern) => pattern.test(whole) || pattern.test(bare));
  };
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\*+|[^*]/gu) ?? [];
  const source = parts.map((part) => {
    if (part.startsWith('*')) return '[\\s\\S]*';
    return part === '?' ? '[\\s\\S]' : escapeRegExp(part);
  });
  return new RegExp(`^${source.join('')}$`, 'iu');
}
