/**
 * The command that goes on with a run: its own words, quoted for a shell, and --resume. `words` has
 * its passwords masked; such a word is asked for instead.
 */
export function resumeCommand(words: readonly string[], fromStandardInput: boolean): string {
  const kept = words.filter((word) => word !== '--resume').map(withoutPassword);
  const command = ['analytics-mysql', ...kept, '--resume'].map(quoted).join(' ');
  return fromStandardInput ? `${command} < (the same statements)` : command;
}

/** As cli/walk.ts masks them: `-p*****`, `--password=*****`. */
function withoutPassword(word: string): string {
  return word.replace(/^(-[A-Za-z]*p|--pass[a-z]*)=?\*{5}$/, '$1');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
