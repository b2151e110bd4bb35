import { describe, expect, it } from 'vitest';
import { ScriptReader } from '../../src/script/reader.js';

/** The statements of a script, as text. */
function statements(script: string): string[] {
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

/** Around the lengths from which quoted values are searched, and at which a search begins anew. */
const lengths = [0, 63, 64, 65, 66, 4095, 4096, 4159, 4160, 4161, 8255, 8256, 8257, 20_000];

describe.each(["'", '"', '`'])('a long value between %s', (quote) => {
  it.each(lengths)('of %i bytes ends where its quote does', (length) => {
    const filler = 'x'.repeat(length);
    for (const inside of [
      ';',
      `${quote}${quote}`,
      `-- ${filler}#`,
      '/* ',
      '\'"`'.replace(quote, ''),
    ]) {
      const value = `${quote}${filler}${inside}${filler}${quote}`;
      expect(statements(`select ${value}; select 2;`)).toEqual([`select ${value}`, 'select 2']);
    }
  });

  it.each(lengths)('of %i bytes knows an escaped quote', (length) => {
    const filler = 'x'.repeat(length);
    const value = `${quote}${filler}\\${quote};${quote}`;
    // Between backticks a backslash is a byte like any other.
    const expected =
      quote === '`' ? [`select \`${filler}\\\``, '`; select 2;'] : [`select ${value}`, 'select 2'];
    expect(statements(`select ${value}; select 2;`)).toEqual(expected);
  });
});
