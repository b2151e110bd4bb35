import { describe, expect, it } from 'vitest';
import { getLexicalCharacterSet } from '../../src/script/lexical-character-set.js';
import {
  type KeptControls,
  type SanitizeTextOptions,
  sanitizeText,
} from '../../src/text/text-sanitizer.js';

const utf8: SanitizeTextOptions = { characterSet: 'utf8mb4', colors: false };

describe('sanitizeText', () => {
  it.each<[string, string, KeptControls | undefined]>([
    ['itwiki', 'itwiki', undefined],
    ['größe漢', 'größe漢', undefined],
    ['a\x1b]0;x\x07\n\t', 'a\\x1b]0;x\\x07\\n\\t', undefined],
    ["near 'a\n\tb\x1b'", "near 'a\n\\tb\\x1b'", 'newlines'],
    ['a\n\tb\x1b', 'a\n\tb\\x1b', 'newlines and tabs'],
    ['\u202e', '\\u202e', 'newlines'],
  ])('writes %j as %j', (text, shown, keptControls) => {
    expect(Buffer.from(sanitizeText(Buffer.from(text), utf8, keptControls)).toString()).toBe(shown);
  });

  it('dims its escapes if colors are on', () => {
    const shown = sanitizeText(Buffer.from('a\0\0b'), { ...utf8, colors: true });
    expect(Buffer.from(shown).toString()).toBe('a\x1b[2m\\0\\0\x1b[22mb');
  });

  it.each<[string, string, string]>([
    ['gbk', '819b40', '819b40'],
    ['gbk', '9b', '5c783962'],
    ['sjis', '955c8e9b', '955c8e9b'],
    ['sjis', '959b1b', '959b5c783162'],
    ['big5', 'a440', 'a440'],
    ['latin1', 'e99b', 'e95c783962'],
    ['binary', 'c3a99b', 'c3a95c783962'],
  ])('in %s writes the bytes %s as %s', (name, hex, shown) => {
    const { length, hasAsciiTrailBytes } = getLexicalCharacterSet(name);
    const characterLength = hasAsciiTrailBytes ? length : undefined;
    const options = { characterSet: name, characterLength, colors: false };
    expect(Buffer.from(sanitizeText(Buffer.from(hex, 'hex'), options)).toString('hex')).toBe(shown);
  });
});
