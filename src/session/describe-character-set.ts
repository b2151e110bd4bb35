import type { OutputBuffer } from '../output/output-buffer.js';
import { getLexicalCharacterSet } from '../script/lexical-character-set.js';
import type { CharacterSetDescription } from '../text/text-sanitizer.js';

/** Returns the options with which text in a character set is sanitized for a terminal. */
export function describeCharacterSet(characterSet: string): CharacterSetDescription {
  const { hasAsciiTrailBytes, length } = getLexicalCharacterSet(characterSet);
  return { characterSet, characterLength: hasAsciiTrailBytes ? length : undefined };
}

/** Sets the character set in which output for a terminal is sanitized. */
export function setOutputCharacterSet({ sanitizer }: OutputBuffer, characterSet: string): void {
  sanitizer?.setCharacterSet(describeCharacterSet(characterSet));
}
