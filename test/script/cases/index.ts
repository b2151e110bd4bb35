import type { ScriptCase } from '../read-script.js';
import { binaryMode, characterSets, linesAndBytes, quotedBackslashAtLineEnd } from './bytes.js';
import {
  diacriticsInNames,
  letterCommands,
  namedCommands,
  sideEffectCommands,
} from './commands.js';
import { conditionalComments, discardedComments, keptComments } from './comments.js';
import { redirects, shellCommands, shellOnlyInScripts, unknownCommands } from './shell-only.js';
import { ansiQuotes, delimiter, noBackslashEscapes, quotes, statementEnds } from './statements.js';
import {
  typedCases,
  typedInBinaryMode,
  typedWithComments,
  typedWithNamedCommands,
} from './terminal.js';

/** The cases that are also run with the mariadb client, by topic. */
export const comparedCases: Record<string, ScriptCase[]> = {
  'where a statement ends': statementEnds,
  quotes,
  NO_BACKSLASH_ESCAPES: noBackslashEscapes,
  ANSI_QUOTES: ansiQuotes,
  'discarded comments': discardedComments,
  'conditional comments': conditionalComments,
  'comments kept with --comments': keptComments,
  delimiter,
  'long forms of commands': namedCommands,
  'short forms of commands': letterCommands,
  'lines and bytes': linesAndBytes,
  'binary mode': binaryMode,
  'character sets': characterSets,
  'shell syntax in scripts': shellOnlyInScripts,
};

/** The cases of typed text that are also run with the mariadb client, by topic. */
export const comparedInteractiveCases: Record<string, ScriptCase[]> = {
  'without options': typedCases,
  'with --comments': typedWithComments,
  'with --named-commands': typedWithNamedCommands,
  'with --binary-mode, which has no effect': typedInBinaryMode,
};

export const allCases: Record<string, ScriptCase[]> = {
  ...comparedCases,
  ...comparedInteractiveCases,
  'shell commands': shellCommands,
  redirects,
  'unknown commands in the shell': unknownCommands,
  'commands with side effects': sideEffectCommands,
  'deviations from the client': [...diacriticsInNames, ...quotedBackslashAtLineEnd],
};
