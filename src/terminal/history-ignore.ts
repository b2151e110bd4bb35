import { escapeRegExp } from '../text/regex-escape.js';
import { hasSecret } from '../text/secrets.js';

/**
 * Tells what no history keeps: texts with a password, and what matches a pattern of MYSQL_HISTIGNORE.
 * `mariadb` 10.11 knows neither, and writes passwords down. The patterns are those of MySQL's
 * client, as its manual has them: separated by colons, `*` for any characters, `?` for one, upper
 * and lower case alike, the whole text. What ends the statement need not be in the pattern.
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
