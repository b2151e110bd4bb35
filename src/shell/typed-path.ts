import { expandHome } from '../files/expand-home.js';
import { findFileNameEnd, unquoteFileName } from '../script/file-name.js';

/** Returns the path that the name of a redirect means: without quotes, and with `~/` expanded. */
export function toPath(name: Uint8Array): string {
  return expandHome(Buffer.from(unquoteFileName(name)).toString());
}

/** Returns the typed argument of `tee` or `source` without quotes and without a comment after it. */
export function readTypedName(argument: Uint8Array): Uint8Array {
  const text = Buffer.from(argument).subarray(0, findFileNameEnd(argument, 0));
  return unquoteFileName(Buffer.from(text.toString('latin1').trimEnd(), 'latin1'));
}
