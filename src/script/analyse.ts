import { type InteractiveOptions, interactiveReader, readThrough } from './interactive.js';
import type { Opening } from './lexical-state.js';
import type { Token } from './token.js';
import { TokenTrace } from './token-trace.js';

/** What is known of a text that is being edited. */
export interface Analysis {
  /** In order, none for blanks. */
  tokens: readonly Token[];
  /**
   * Whether Enter runs the text: something in it is ended or carried out, as the client would do at
   * once, or there is nothing in it to wait for. What is pending behind goes back into the editor
   * (see ScriptReader.rest), even with a quote open: so it stands on the client's next line.
   */
  isComplete: boolean;
  /** For each line, what is open where it begins. */
  openings: readonly Opening[];
}

/**
 * Reads a text that is being edited, without its last newline, line by line as the shell would. Does
 * nothing of what it says. What is quoted, a comment, a delimiter or a command is so because the
 * reader reads it so. What stands behind a command is one token: a name, a number or a string.
 * Without `tokenizes` there are no tokens, which is faster.
 */
export function analyse(text: string, options: InteractiveOptions, tokenizes = true): Analysis {
  const bytes = Buffer.from(`${text}\n`);
  const trace = tokenizes ? new TokenTrace(text, bytes, options.sqlMode) : undefined;
  const reader = interactiveReader(options, trace);
  const openings: Opening[] = [];
  let acted = false;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\n', start) + 1;
    openings.push(reader.opening);
    if (trace !== undefined) trace.lineStart = start;
    readThrough(reader, bytes.subarray(start, end));
    acted ||= reader.acted;
    start = end;
  }
  const isComplete = acted || reader.opening === '';
  return { tokens: trace?.finish() ?? [], isComplete, openings };
}

/** The tokens of a text that is being edited: see Analysis. */
export function tokenize(text: string, options: InteractiveOptions): readonly Token[] {
  return analyse(text, options).tokens;
}
