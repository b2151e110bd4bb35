import { describe, it } from 'vitest';
import { expectSame } from './compare.js';

const options = [
  '-N',
  '-r',
  '-ss',
  '-t',
  '-E',
  '-H',
  '-X',
  '-q',
  '-vv',
  '-vvv',
  '--binary-as-hex',
  '--column-type-info',
  '--auto-vertical-output',
  '--show-warnings',
];

/** One script with all kinds of data, so that each pair needs only one run. */
const script = `
select page_id, page_title, page_lang from page order by page_id limit 12;
select c_int, c_decimal_short, c_varchar, c_varbinary, c_bit10, c_timestamp, c_year, c_uuid from all_types;
select null, '' as e, unhex('00095c0aff') as \`<b>&\`, '日本' as t, 1.50 as d, repeat('x', 60) as x;
select 1 from page where 0;
set @x = 1;
select 1/0, cast('a' as int) as y;
select 2 as v\\G
delimiter //
select 1; select nothing//
select 'the last, "unended"'
`;

const pairs = options.flatMap((first) =>
  options.filter((second) => second !== first).map((second) => [first, second] as const),
);

describe('every pair of output options gives the client’s output', () => {
  it.concurrent.each(pairs)('%s %s', async (first, second) => {
    await expectSame([first, second, '--force', 'itwiki'], { input: script });
  });
});
