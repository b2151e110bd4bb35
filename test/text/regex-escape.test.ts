import { expect, it } from 'vitest';
import { escapeRegExp } from '../../src/text/regex-escape.js';

it.each(['', 'u', 'v'])('matches each ASCII character literally, with the flags %j', (flags) => {
  for (let code = 0; code < 0x80; code++) {
    const character = String.fromCharCode(code);
    const pattern = new RegExp(`^${escapeRegExp(`a${character}b`)}$`, flags);
    expect([character, pattern.test(`a${character}b`)]).toEqual([character, true]);
    for (const other of ['ab', 'b', `a${character}${character}b`, 'aéb']) {
      expect([character, other, pattern.test(other)]).toEqual([character, other, false]);
    }
  }
});
