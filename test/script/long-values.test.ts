import { describe, expect, it } from 'vitest';
import { ScriptReader } from '../../src/script/reader.js';

/** Returns the statements of a script as text. */
function readStatements(script: string): string[] {
  const reader = new ScriptReader({
    delimiter: Buffer.from(';'),
    comments: false,
    binaryMode: false,
    namedCommands: false,
    source: 'stdin',
    characterSet: 'utf8mb4',
  });
  const found: string[] = [];
  for (const items of [reader.read(Buffer.from(script)), reader.end()]) {
    for (const item of items) {
      if (item.kind === 'statement') found.push(Buffer.from(item.sql).toString());
    }
  }
  return found;
}

/** Lengths in bytes around those where the reader switches to searching, and to the next window. */
const lengths = [0, 63, 64, 65, 66, 4095, 4096, 4159, 4160, 4161, 8255, 8256, 8257, 20_000];

describe.each(["'", '"', '`'])('a long value quoted with %s', (quote) => {
  it.each(lengths)('of %i bytes ends at its closing quote', (length) => {
    const filler = 'x'.repeat(length);
    for (const innerText of [
      ';',
      `${quote}${quote}`,
      `-- ${filler}#`,
      '/* ',
      '\'"`'.replace(quote, ''),
    ]) {
      const value = `${quote}${filler}${innerText}${filler}${quote}`;
      expect(readStatements(`select ${value}; select 2;`)).toEqual([`select ${value}`, 'select 2']);
    }
  });

  it.each(lengths)('of %i bytes may contain an escaped quote, except in backticks', (length) => {
    const filler = 'x'.repeat(length);
    const value = `${quote}${filler}\\${quote};${quote}`;
    // In backticks a backslash is an ordinary byte.
    const expected =
      quote === '`' ? [`select \`${filler}\\\``, '`; select 2;'] : [`select ${value}`, 'select 2'];
    expect(readStatements(`select ${value}; select 2;`)).toEqual(expected);
  });
});
