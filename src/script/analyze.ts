import {
  createInteractiveReader,
  discardItems,
  type InteractiveOptions,
} from './interactive-reader.js';
import type { OpenConstruct } from './lexical-state.js';
import type { Token } from './token.js';
import { TokenBuilder } from './token-builder.js';

/** The properties of a text that is being edited. */
export interface Analysis {
  /** The tokens in order; blanks are not tokens. */
  tokens: readonly Token[];
  /**
   * Whether Enter runs the text: it contains the end of a statement or of a command, or it leaves
   * no statement pending. The pending text after the last such end goes back into the editor (see
   * ScriptReader.remaining), even if a quote is open, just as it would continue on the client's
   * next line.
   */
  isComplete: boolean;
  /** For each line, the construct that it continues. */
  openConstructs: readonly OpenConstruct[];
}

/**
 * Returns the properties of a text that is being edited (passed without its last newline), for
 * syntax highlighting, prompts and completion. Reads the text line by line with the same
 * ScriptReader as the shell, so that quotes, comments, delimiters and commands are found by the
 * same rules, but runs nothing. The arguments of a command are one token: a name, a number or a
 * string. If `withTokens` is false, the result has no tokens, which is faster.
 */
export function analyze(text: string, options: InteractiveOptions, withTokens = true): Analysis {
  const bytes = Buffer.from(`${text}\n`);
  const listener = withTokens ? new TokenBuilder(text, bytes, options.sqlMode) : undefined;
  const reader = createInteractiveReader(options, listener);
  const openConstructs: OpenConstruct[] = [];
  const { reported = '' } = options;
  const reportedLength = text.startsWith(reported) ? Buffer.byteLength(reported) : 0;
  let hasCompleteItem = false;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\n', start) + 1;
    openConstructs.push(reader.openConstruct);
    if (listener !== undefined) listener.lineStart = start;
    reader.skipReported(reportedLength - start);
    discardItems(reader, bytes.subarray(start, end));
    hasCompleteItem ||= reader.hasCompleteItem;
    start = end;
  }
  const isComplete = hasCompleteItem || reader.openConstruct === '' || reader.endsWithQueryName;
  return { tokens: listener?.finish() ?? [], isComplete, openConstructs };
}

/** Returns the tokens of a text that is being edited: see Analysis. */
export function tokenize(text: string, options: InteractiveOptions): readonly Token[] {
  return analyze(text, options).tokens;
}
