import { isUtf8 } from 'node:buffer';
import { hasSecret } from '../text/secrets.js';
import type { StatementText } from './document.js';

/** A statement as provenance has it. */
export function statementText(sql: Uint8Array): StatementText {
  const bytes = Buffer.from(sql.buffer, sql.byteOffset, sql.length);
  // Character by character, so that the words of SQL are found in any set of characters.
  if (hasSecret(bytes.toString('latin1'))) return { 'left-out': 'password' };
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') };
}
