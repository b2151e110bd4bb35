import { isUtf8 } from 'node:buffer';
import { ignoring } from '../terminal/history-ignore.js';
import type { StatementText } from './document.js';

const hasPassword = ignoring(undefined);

/** A statement as provenance has it. */
export function statementText(sql: Uint8Array): StatementText {
  const bytes = Buffer.from(sql.buffer, sql.byteOffset, sql.length);
  // Character by character, so that the words of SQL are found in any set of characters.
  if (hasPassword(bytes.toString('latin1'))) return { 'left-out': 'password' };
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') };
}
