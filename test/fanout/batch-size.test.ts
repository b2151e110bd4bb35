import { expect, it } from 'vitest';
import { AdaptiveBatchSize, queriesFor } from '../../src/fanout/batch-size.js';

const statement = (sql: string) => ({ sql: Buffer.from(sql), line: 1 });
const wikis = ['aawiki', 'od`d'].map((wiki) => ({ wiki, database: wiki, section: 's3' }));

it('asks several wikis one statement in one query', () => {
  expect(queriesFor(wikis, [statement('select 1 -- x')], '/* c */').map(String)).toEqual([
    'USE `aawiki`;/* c */ select 1 -- x\n;USE `od``d`;/* c */ select 1 -- x',
  ]);
});

it('asks one wiki several statements one by one', () => {
  const statements = [statement('set @a = 1'), statement('select @a')];
  expect(queriesFor(wikis.slice(0, 1), statements, '/* c */').map(String)).toEqual([
    'USE `aawiki`;/* c */ set @a = 1',
    '/* c */ select @a',
  ]);
});

it('asks more in a breath while the answers are quick, one where they are not', () => {
  const batchSize = new AdaptiveBatchSize([statement('select 1')], false);
  const lengths = [2, 4, 8, 16, 32, 32].map(() => {
    batchSize.adapt(batchSize.wikis, 0.1);
    return batchSize.wikis;
  });
  expect(lengths).toEqual([2, 4, 8, 16, 32, 32]);
  batchSize.adapt(32, 640);
  expect(batchSize.wikis).toBe(2);
  batchSize.adapt(2, 5000);
  expect(batchSize.wikis).toBe(1);
});

it('asks each wiki alone where it must, and where the statement is long', () => {
  for (const [sql, alone] of [
    ['select 1', true],
    ['x'.repeat(200_000), false],
  ] as const) {
    const batchSize = new AdaptiveBatchSize([statement(sql)], alone);
    batchSize.adapt(1, 0.1);
    expect(batchSize.wikis).toBe(1);
  }
});
