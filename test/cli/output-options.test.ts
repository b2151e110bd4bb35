import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';

function readOutput(argv: string[], interactive = false) {
  const system = { interactive: () => interactive, optionFiles: [] };
  const { output, connect } = readSettings(['--credentials=/dev/null', ...argv], {}, system);
  return [output.format.name, output.file, connect.characterSet];
}

describe('the format of the output', () => {
  const many = ['--wikis=all', '-e', 'select 1'];
  const cases: [argv: string[], format: string, file?: string | undefined, set?: string][] = [
    [[], 'tsv'],
    [['--format=csv'], 'csv', undefined, 'utf8mb4'],
    [['--format', 'json', '-t', '-X'], 'json', undefined, 'utf8mb4'],
    [['--format=csv', '--default-character-set=latin1'], 'csv', undefined, 'latin1'],
    [['--format=csv', '--default-character-set=auto'], 'csv', undefined, 'utf8mb4'],
    [['--format=table'], 'table'],
    [['--output=a.csv'], 'csv', 'a.csv', 'utf8mb4'],
    [['--output', 'a.b.JSONL.gz'], 'jsonl', 'a.b.JSONL.gz', 'utf8mb4'],
    [['--output=x.csv/a.md'], 'markdown', 'x.csv/a.md', 'utf8mb4'],
    [['--output=a.parquet'], 'parquet', 'a.parquet', 'utf8mb4'],
    [['--output=a.csv', '--format=tsv'], 'tsv', 'a.csv'],
    [['--output=a.tsv.zst'], 'tsv', 'a.tsv.zst'],
    [['--output=a.txt'], 'table', 'a.txt'],
    [['--output=a.txt', '-E'], 'vertical', 'a.txt'],
    [['--output=a.html'], 'html', 'a.html'],
    [['--output=a.out', '-X'], 'xml', 'a.out'],
    [['--output=csv'], 'tsv', 'csv'],
    [['--output=-', '--format=xml'], 'xml'],
    [['--output=-'], 'tsv'],
  ];
  it.each(cases)('%j is %s', (argv, format, file, set) => {
    expect(readOutput(argv)).toEqual([format, file, set]);
  });

  it.each(['edits.xlsx', 'a.csv.bz2', 'x.sqlite.gz', '{wiki}.txtx', 'a/b.CVS'])(
    'is not known for the extension of %s, unless an option chooses it',
    (file) => {
      expect(() => readOutput([`--output=${file}`, ...(file.includes('{') ? many : [])])).toThrow(
        /^the extension '\.\w+' of --output is not one of \.tsv, \.csv, .*: choose one, or use --format$/,
      );
      const options = file.includes('{') ? [...many, '--format=csv'] : ['--format=csv'];
      expect(readOutput([`--output=${file}`, ...options])[0]).toBe('csv');
    },
  );

  it.each(['edits', 'edits.2026-08', '.edits', 'edits.gz', '/tmp/x.d/edits', '/dev/null'])(
    'is that of the options for %s, which has no extension',
    (file) => {
      expect(readOutput([`--output=${file}`])[0]).toBe('tsv');
    },
  );

  it.each(['--output=a.csv', '--timestamps=iso'])('cannot be set in the shell: %s', (word) => {
    expect(() => readOutput([word], true)).toThrow('needs -e or standard input');
    expect(() => readOutput([word, '-e', 'x'], true)).not.toThrow();
  });
});
