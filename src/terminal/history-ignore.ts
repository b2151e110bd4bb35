/**
 * What gives a password away, or its hash. Wider than the grammar where that is simpler: a
 * statement too many is typed again, a password too many is in a file.
 */
const secrets: readonly RegExp[] = [
  // GRANT … IDENTIFIED BY
  /\bidentified\s+(?:by|via|with)\b/i,
  /\b(?:create|alter)\s+(?:or\s+replace\s+)?user\b/i,
  // SET PASSWORD, OPTIONS (PASSWORD 'x'), START SLAVE … PASSWORD = 'x', PASSWORD('x')
  /(?<!['"\w])(?:old_)?password`?\s*(?:[('"=]|:=|for\b)/i,
  // CHANGE MASTER TO, CHANGE REPLICATION SOURCE TO
  /\b(?:master|source)_password\b/i,
];

/** What may stand between two words; or what looks like it in a string, hence the text is tested too. */
const comments = /\/\*[\s\S]*?\*\/|--[ \t].*|#.*/g;

function hasSecret(text: string): boolean {
  const bare = text.replace(comments, ' ');
  return secrets.some((secret) => secret.test(text) || secret.test(bare));
}

/**
 * Tells what no history keeps: texts with a password, and what matches a pattern of MYSQL_HISTIGNORE.
 * `mariadb` 10.11 knows neither, and writes passwords down. The patterns are those of MySQL's
 * client, as its manual has them: separated by colons, `*` for any characters, `?` for one, upper
 * and lower case alike, the whole text. What ends the statement need not be in the pattern.
 */
export function ignoring(patterns: string | undefined): (text: string) => boolean {
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
    return part === '?' ? '[\\s\\S]' : part.replace(/[\\^$.|+()[\]{}/-]/, String.raw`\$&`);
  });
  return new RegExp(`^${source.join('')}$`, 'iu');
}
