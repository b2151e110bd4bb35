import { describe, it } from 'vitest';
import { expectSame } from './compare.js';

/*
 * Results that are large enough to be taken by the chunk, and to come in many pieces: all options
 * that change what a row looks like or the way on which it comes.
 */

const types = 'select * from itwiki.all_types, itwiki.seq_1_to_60';
const odd = String.raw`select seq, if(seq % 7, null, 'x'), repeat('a\tb\\\nc\0é', seq % 90) from itwiki.seq_1_to_6000`;
const wide = 'select repeat("x\n", 100000), "", null from itwiki.seq_1_to_9';
const two = `${odd}; select seq from itwiki.seq_1_to_90000; select 1`;
const fails = `select seq, if(seq = 40000, (select 1 union select 2), 'a') from itwiki.seq_1_to_50000; select 2`;
const warns = "select concat(seq, 'x') + 0 from itwiki.seq_1_to_30000";

describe.each([
  [[]],
  [['-r']],
  [['-N']],
  [['-s']],
  [['-ss']],
  [['-q']],
  [['-vv']],
  [['-vvq', '-r']],
  [['-f', '-v']],
  [['--binary-as-hex']],
  [['--skip-ssl']],
  [['--compress']],
  [['--skip-ssl', '--compress']],
  [['--default-character-set=latin1']],
  [['--default-character-set=gbk']],
  [['--default-character-set=utf8mb4', '-r', '-N']],
  [['--show-warnings']],
])('%j', (options) => {
  it.each([
    ['all types', types],
    ['odd cells', odd],
    ['cells of 200 kB', wide],
    ['several results', two],
    ['warnings', warns],
  ])('%s', (_name, sql) => expectSame([...options, '-B', '-e', sql]));

  // Without --quick the client writes none of the rows before an error.
  it('an error among the rows', () => expectSame([...options, '-B', '-q', '-e', fails]));
});
