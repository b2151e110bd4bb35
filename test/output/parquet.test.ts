import { describe, expect, it } from 'vitest';
import { ParquetFormat } from '../../src/output/parquet/index.js';
import { memoryOutput } from './memory-sink.js';
import { textColumns, textRow } from './rows.js';

describe('Parquet', () => {
  it('refuses text that is no UTF-8: a reader would change it or fail', () => {
    const format = new ParquetFormat(memoryOutput().out);
    format.begin(textColumns('c'));
    const { bytes, start, end } = textRow([Buffer.of(0xff)]);
    expect(() => format.row(bytes, start, end)).toThrow("column 'c' holds text that is no UTF-8");
  });

  it('has no footer, without which it is no file, until it is whole', async () => {
    const { out, written } = memoryOutput();
    const format = new ParquetFormat(out);
    format.begin(textColumns('c'));
    const { bytes, start, end } = textRow(['x']);
    format.row(bytes, start, end);
    format.end();
    expect((await written()).toString('latin1')).not.toMatch(/.PAR1$/s);
    format.finish();
    expect((await written()).toString('latin1')).toMatch(/^PAR1.*PAR1$/s);
  });
});
