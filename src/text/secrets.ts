/*
 * Detects passwords in statements, commands and options, so that they are not stored in the history
 * or in a provenance file, and not shown in messages, by --print-defaults or by `ps`.
 */

/** What is shown in place of a secret, as in the client's process title. */
export const mask = '*****';

/**
 * Patterns of text that contains a password or its hash. Some match more than the grammar allows: a
 * false match only means that the user types a statement again, a missed one that a password ends
 * up in a file.
 */
const secretPatterns: readonly RegExp[] = [
  // GRANT … IDENTIFIED BY
  /\bidentified\s+(?:by|via|with)\b/i,
  /\b(?:create|alter)\s+(?:or\s+replace\s+)?user\b/i,
  // PASSWORD('x'), OPTIONS (PASSWORD 'x'), SET PASSWORD FOR
  /(?<!['"\w])\w*password`?\s*(?:[('"]|for\b)/i,
  // SET PASSWORD =, START SLAVE … PASSWORD =, MYSQL_PWD=; of the engine CONNECT: OPTION_LIST =
  // 'password=x', CONNECTION = 'DSN=x;PWD=y'
  /(?:password|passwd|pwd)`?\s*:?=/i,
  // Columns of the system tables, and the variable of Galera
  /\b(?:authentication_string|wsrep_sst_auth)\b/i,
  // CONNECTION = 'mysql://user:x@host/…' of the engine FEDERATED, and other URLs
  /:\/\/[^\s/'"@:]*:[^\s/'"@]+@/,
];

/** A command that gives text to a shell, at the start of a line or after a statement. */
const shellCommand = /(?:^|;|\\g)\s*(?:system|pager)\b|\\[!P]/i;

/** Options of programs that take a password: `-px` of mysql, `-u user:x` of curl, `-p x` of sshpass. */
const passwordOption = /\s-[a-z]*p\S|\s(?:-u|--user)[ =]?\S*:\S|\s--pass\w*[ =]|\bsshpass\b/i;

const secretName = /pass|pwd|secret/i;

/**
 * SQL comments, which can separate two words. Strings can contain the same text, so hasSecret tests
 * the text both with and without the matches.
 */
const commentPattern = /\/\*[\s\S]*?(?:\*\/|$)|--[ \t].*|#.*/g;

/** Whether SQL, or a command of the client or the shell, may contain a password or its hash. */
export function hasSecret(text: string): boolean {
  const withoutComments = text.replace(commentPattern, ' ');
  return (
    secretPatterns.some((secret) => secret.test(text) || secret.test(withoutComments)) ||
    text.split('\n').some((line) => shellCommand.test(line) && passwordOption.test(line))
  );
}

/**
 * Masks what a message of the server quotes, from the first quote to the last: it may quote a part of
 * the statement, in which no pattern would find the password. An apostrophe between two letters, as in
 * "doesn't", is no quote. If the last quote is missing, because the server cut the message off, the
 * rest is masked.
 */
export function maskQuoted(message: string): string {
  return message.replace(/(?<!\w)'(?:[\s\S]*'(?!\w)(?![\s\S]*(?<!\w)')|[\s\S]*$)/, `'${mask}'`);
}

/** Whether the value of an option may be, or contain, a password. */
export function isSecretValue(name: string, value: string): boolean {
  return secretName.test(name) || hasSecret(value);
}
