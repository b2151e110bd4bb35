import type { ScriptCase } from '../read-script.js';
import { binaryMode, characterSets, linesAndBytes, quotedBackslashAtLineEnd } from './bytes.js';
import { actingCommands, letterCommands, marksInNames, namedCommands } from './commands.js';
import { conditionalComments, droppedComments, keptComments } from './comments.js';
import { redirects, shellCommands, shellOnlyInScripts } from './shell-only.js';
import { ansiQuotes, delimiter, noBackslashEscapes, quotes, statementEnds } from './statements.js';
import {
  typedCases,
  typedInBinaryMode,
  typedWithComments,
  typedWithNamedCommands,
} from './terminal.js';

/** The cases that the mariadb client can be asked about, by what they are about. */
export const comparedCases: Record<string, ScriptCase[]> = {
  'where a statement ends': statementEnds,
  quotes,
  NO_BACKSLASH_ESCAPES: noBackslashEscapes,
  ANSI_QUOTES: ansiQuotes,
  'comments that are dropped': droppedComments,
  'comments that the server may execute': conditionalComments,
  'comments that are kept': keptComments,
  delimiter,
  'commands by name': namedCommands,
  'commands by letter': letterCommands,
  'lines and bytes': linesAndBytes,
  'binary mode': binaryMode,
  'character sets': characterSets,
  "the shell's own, in scripts": shellOnlyInScripts,
};

/** The cases of text that is typed, which the client can be asked about too. */
export const comparedTypedCases: Record<string, ScriptCase[]> = {
  'line by line': typedCases,
  'with --comments': typedWithComments,
  'with --named-commands': typedWithNamedCommands,
  'with --binary-mode, which has no effect': typedInBinaryMode,
};

export const allCases: Record<string, ScriptCase[]> = {
  ...comparedCases,
  ...comparedTypedCases,
  "the shell's own commands": shellCommands,
  redirects,
  'commands that act on the world': actingCommands,
  'where the client is not followed': [...marksInNames, ...quotedBackslashAtLineEnd],
};
