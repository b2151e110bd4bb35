/**
 * Returns the command that resumes a run: its arguments, quoted for a shell, and --resume.
 * Passwords in `commandLine` must be masked; the resumed run prompts for them.
 */
export function buildResumeCommand(
  commandLine: readonly string[],
  fromStandardInput: boolean,
): string {
  const keptWords = commandLine
    .filter((word) => !/^--(?:resume(?:=.*)?|restart)$/.test(word))
    .map(removeMaskedPassword);
  const command = ['analytics-mysql', ...keptWords, '--resume'].map(quoteForShell).join(' ');
  return fromStandardInput ? `${command} < (the same statements)` : command;
}

/** Removes a password that is masked as `-p*****` or `--password=*****`. */
function removeMaskedPassword(word: string): string {
  return word.replace(/^(-[A-Za-z]*p|--pass[a-z]*)=?\*{5}$/, '$1');
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
