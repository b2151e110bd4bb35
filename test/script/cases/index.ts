import type { ScriptCase } from '../read-script.js';
import { binaryMode, characterSets, linesAndBytes, quotedBackslashAtLineEnd } from './bytes.js';
import { actingCommands, letterCommands, marksInNames, namedCommands } from './commands.js';
import { conditionalComments, droppedComments, keptComments } from './comments.js';
import { delimiter, noBackslashEscapes, quotes, statementEnds } from './statements.js';

/** The cases that the mariadb client can be asked about, by what they are about. */
export const comparedCases: Record<string, ScriptCase[]> = {
  'where a statement ends': statementEnds,
  quotes,
  NO_BACKSLASH_ESCAPES: noBackslashEscapes,
  'comments that are dropped': droppedComments,
  'comments that the server may execute': conditionalComments,
  'comments that are kept': keptComments,
  delimiter,
  'commands by name': namedCommands,
  'commands by letter': letterCommands,
  'lines and bytes': linesAndBytes,
  'binary mode': binaryMode,
  'character sets': characterSets,
};

export const allCases: Record<string, ScriptCase[]> = {
  ...comparedCases,
  'commands that act on the world': actingCommands,
  'where the client is not followed': [...marksInNames, ...quotedBackslashAtLineEnd],
};
