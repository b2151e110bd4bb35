/*
 * Detects SQL that contains a password, so that it is not stored in the history or in a provenance
 * file.
 */

/**
 * Patterns of SQL that contains a password or its hash. Some match more than the grammar allows: a
 * false match only means that the user types a statement again, a missed one that a password ends
 * up in a file.
 */
const secretPatterns: readonly RegExp[] = [
  // GRANT … IDENTIFIED BY
  /\bidentified\s+(?:by|via|with)\b/i,
  /\b(?:create|alter)\s+(?:or\s+replace\s+)?user\b/i,
  // SET PASSWORD, OPTIONS (PASSWORD 'x'), START SLAVE … PASSWORD = 'x', PASSWORD('x')
  /(?<!['"\w])(?:old_)?password`?\s*(?:[('"=]|:=|for\b)/i,
  // CHANGE MASTER TO, CHANGE REPLICATION SOURCE TO
  /\b(?:master|source)_password\b/i,
];

/**
 * SQL comments, which can separate two words. Strings can contain the same text, so hasSecret tests
 * the text both with and without the matches.
 */
const commentPattern = /\/\*[\s\S]*?\*\/|--[ \t].*|#.*/g;

/** Whether SQL text may contain a password or its hash. */
export function hasSecret(text: string): boolean {
  const withoutComments = text.replace(commentPattern, ' ');
  return secretPatterns.some((secret) => secret.test(text) || secret.test(withoutComments));
}
