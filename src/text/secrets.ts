/**
 * What reveals a password or its hash. Wider than the grammar where that is simpler: a
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

/** Tells whether a text of SQL may hold a password, or the hash of one. */
export function hasSecret(text: string): boolean {
  const bare = text.replace(comments, ' ');
  return secrets.some((secret) => secret.test(text) || secret.test(bare));
}
