import { analyze, tokenize } from '../script/analyze.js';
import type { InteractiveOptions } from '../script/interactive-reader.js';
import type { Token } from '../script/token.js';

/** The text around the place where a text is pasted. */
export interface PasteContext {
  before: string;
  after: string;
}

/** A pasted text as it is inserted, and what was changed in it. */
export interface PreparedPaste {
  text: string;
  /** Undefined if nothing was changed. */
  notice: string | undefined;
}

/**
 * Prepares a pasted text: a transcript loses its prompts and its output, and characters outside
 * quotes that look like blanks become blanks. `promptPattern` matches the shell's own prompts.
 */
export function preparePaste(
  pasted: string,
  context: PasteContext,
  options: InteractiveOptions,
  promptPattern: string,
): PreparedPaste {
  const notices: string[] = [];
  let text = pasted;
  const commands = endsInQuotes(context.before, options)
    ? undefined
    : extractCommands(pasted, options, promptPattern);
  if (commands !== undefined) {
    text = commands.text;
    const { outputLines } = commands;
    const lines = outputLines === 1 ? '1 line' : `${outputLines} lines`;
    const output = outputLines > 0 ? ` and ${lines} of output` : '';
    notices.push(`Removed the prompts${output} from the pasted text.`);
  }
  const { text: replaced, count } = replaceLookAlikes(text, context, options);
  if (count === 1)
    notices.push('Replaced 1 character that only looks like a blank in the pasted text.');
  else if (count > 1)
    notices.push(`Replaced ${count} characters that only look like blanks in the pasted text.`);
  return { text: replaced, notice: notices.length === 0 ? undefined : notices.join('\n') };
}

function endsInQuotes(text: string, options: InteractiveOptions): boolean {
  return tokenize(text, options).at(-1)?.isOpen === true;
}

/** The prompts of `mariadb`, `mysql` and mycli. */
const otherPrompts = String.raw`(?:MariaDB|MySQL|mysql)(?: \[[^\]]*\]| \S+@\S*)?>`;
/** The modes that the prompt begins with when the keys of vi are used. */
const modes = String.raw`(?:\((?:ins|cmd|rep)\))?`;
/** What a statement begins or continues with: a blank, which is lost at the end of a line, or both. */
const continuation = /^ {1,4}(?:->|'>|">|`>|\/\*>)(?: |$)/;

/** Returns the statements of a transcript, without prompts and output; undefined if the text is no transcript. */
function extractCommands(
  pasted: string,
  options: InteractiveOptions,
  promptPattern: string,
): { text: string; outputLines: number } | undefined {
  const prompt = new RegExp(`^${modes}(?:${promptPattern}|${otherPrompts}(?: |$))`);
  const lines = pasted.split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (!prompt.test(first) && !continuation.test(first)) return undefined;
  const statements: string[] = [];
  let current: string[] = [];
  let isComplete = false;
  let outputLines = 0;
  for (const line of lines) {
    if (prompt.test(line)) {
      statements.push(...withoutCancelled(current));
      current = [line.replace(prompt, '')];
      isComplete = analyze(current.join('\n'), options, false).isComplete;
    } else if (!isComplete || continuation.test(line)) {
      current.push(line.replace(continuation, ''));
      isComplete = analyze(current.join('\n'), options, false).isComplete;
    } else if (line.trim() !== '') {
      outputLines++;
    }
  }
  statements.push(...withoutCancelled(current));
  return { text: statements.filter((line) => line.trim() !== '').join('\n'), outputLines };
}

/** Returns the lines of a statement; none if Ctrl-C ended it. */
function withoutCancelled(lines: readonly string[]): readonly string[] {
  return lines.at(-1)?.endsWith('^C') ? [] : lines;
}

/** Blanks of other widths, and blanks that do not break lines. */
const lookAlikes = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
/** They take no room, but are part of a name. */
const invisible = /[\u200b\u2060\ufeff]/;
const lineBreaks = /[\u2028\u2029]/;
const anyLookAlike = new RegExp(
  [lookAlikes, invisible, lineBreaks].map(({ source }) => source).join('|'),
  'g',
);
const commentStart = new RegExp(`--(?=${lookAlikes.source})`, 'g');

/** Replaces the characters outside quotes that only look like blanks; `count`: how many. */
function replaceLookAlikes(
  pasted: string,
  { before, after }: PasteContext,
  options: InteractiveOptions,
): { text: string; count: number } {
  if (pasted.search(anyLookAlike) < 0) return { text: pasted, count: 0 };
  let text = before + pasted + after;
  const end = before.length + pasted.length;
  let tokens = tokenize(text, options);
  let count = 0;
  // `--` begins a comment, in which quotes mean nothing, only before a blank.
  for (const { index } of text.slice(0, end).matchAll(commentStart)) {
    const token = tokens.find(({ start, end }) => start <= index && index < end);
    const isCode = token?.kind !== 'comment' && !isQuoted(text, token);
    if (index + 2 < before.length || !isCode) continue;
    text = `${text.slice(0, index + 2)} ${text.slice(index + 3)}`;
    tokens = tokenize(text, options);
    count++;
  }
  const quoted = tokens.filter((token) => isQuoted(text, token));
  let next = 0;
  const replaced = text
    .slice(before.length, end)
    .replace(anyLookAlike, (character, index: number) => {
      const offset = before.length + index;
      while (offset >= (quoted[next]?.end ?? Number.POSITIVE_INFINITY)) next++;
      if (offset >= (quoted[next]?.start ?? Number.POSITIVE_INFINITY)) return character;
      count++;
      if (lineBreaks.test(character)) return '\n';
      return invisible.test(character) ? '' : ' ';
    });
  return { text: replaced, count };
}

/** Whether a token is a text, a name or a variable in quotes. */
function isQuoted(text: string, token: Token | undefined): boolean {
  return token !== undefined && /^[@\w]{0,2}['"`]/.test(text.slice(token.start, token.end));
}
