import { Failure } from '../../failure.js';

/**
 * The words of a line as a POSIX shell tells them apart: by blanks; `'…'` as it stands, `"…"` with a
 * backslash before `"`, `\`, `$` and a backquote, a backslash alone before any character. Nothing is
 * replaced or run. Throws a Failure `open-quote` if a quote is not closed.
 */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; ) {
    const part = partAt(line, at);
    at += part.length;
    if (part.isBlank) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + part.text;
  }
  if (word !== undefined) words.push(word);
  return words;
}

interface Part {
  /** What it stands for. */
  text: string;
  /** Units that it takes in the line. */
  length: number;
  isBlank?: boolean;
}

const plain = /[^\s'"\\]+/y;
const blanks = /\s+/y;
const double = /"((?:[^"\\]|\\[\s\S])*)"/y;

function partAt(line: string, at: number): Part {
  switch (line[at]) {
    case "'": {
      const end = line.indexOf("'", at + 1);
      if (end < 0) throw openQuote("'");
      return { text: line.slice(at + 1, end), length: end + 1 - at };
    }
    case '"': {
      const [whole, text] = matchAt(double, line, at) ?? [];
      if (whole === undefined || text === undefined) throw openQuote('"');
      return { text: text.replace(/\\(["\\$`])/g, '$1'), length: whole.length };
    }
    case '\\':
      return { text: line[at + 1] ?? '\\', length: Math.min(2, line.length - at) };
    default: {
      const blank = matchAt(blanks, line, at);
      if (blank) return { text: '', length: blank[0].length, isBlank: true };
      const [text = ''] = matchAt(plain, line, at) ?? [];
      return { text, length: text.length };
    }
  }
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

function openQuote(quote: string): Failure {
  return new Failure('open-quote', `A quote (${quote}) is not closed.`);
}
