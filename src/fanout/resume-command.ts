import { quoteForShell } from '../text/quote-for-shell.js';

/**
 * Returns the command that resumes a run: its arguments, quoted for a shell, and --resume.
 * Passwords in `commandLine` must be masked; the resumed run prompts for them. For other masked
 * values, such as a statement that contains a password, the command says so.
 */
export function buildResumeCommand(
  commandLine: readonly string[],
  fromStandardInput: boolean,
): string {
  const keptWords = commandLine
    .filter((word) => !/^--(?:resume(?:=.*)?|restart)$/.test(word))
    .map(toShellWord);
  const command = ['analytics-mysql', ...keptWords, '--resume'].join(' ');
  return fromStandardInput ? `${command} < (the same statements)` : command;
}

/** Quotes a word, without a password that is masked as `-p*****` or `--password=*****`. */
function toShellWord(word: string): string {
  const name = /^(?:-\w+|--[\w-]+=|)(?=\*{5}$)/.exec(word)?.[0];
  if (name === undefined) return quoteForShell(word);
  if (/^(-[A-Za-z]*p|--pass[a-z]*=)$/.test(name)) return name.replace('=', '');
  return `${name}(the same value)`;
}
