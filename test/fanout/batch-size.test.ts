import { expect, it } from 'vitest';
import { AdaptiveBatchSize, buildQueries } from '../../src/fanout/batch-size.js';

const statement = (sql: string) => ({ sql: Buffer.from(sql), line: 1 });
const wikis = ['aawiki', 'od`d'].map((wiki) => ({ wiki, database: wiki, section: 's3' }));

it('runs one statement on several wikis in one query', () => {
  expect(buildQueries(wikis, [statement('select 1 -- x')], '/* c */').map(String)).toEqual([
    'USE `aawiki`;/* c */ select 1 -- x\n;USE `od``d`;/* c */ select 1 -- x',
  ]);
});

it('runs several statements on one wiki in separate queries', () => {
  const statements = [statement('set @a = 1'), statement('select @a')];
  expect(buildQueries(wikis.slice(0, 1), statements, '/* c */').map(String)).toEqual([
    'USE `aawiki`;/* c */ set @a = 1',
    '/* c */ select @a',
  ]);
});

it('increases the batch size while responses are fast, and decreases it when they are slow', () => {
  const batchSize = new AdaptiveBatchSize([statement('select 1')], false);
  const sizes = [2, 4, 8, 16, 32, 32].map(() => {
    batchSize.adapt(batchSize.wikis, 0.1);
    return batchSize.wikis;
  });
  expect(sizes).toEqual([2, 4, 8, 16, 32, 32]);
  batchSize.adapt(32, 640);
  expect(batchSize.wikis).toBe(2);
  batchSize.adapt(2, 5000);
  expect(batchSize.wikis).toBe(1);
});

it('puts one wiki in each batch if that is required or if the statement is long', () => {
  for (const [sql, oneByOne] of [
    ['select 1', true],
    ['x'.repeat(200_000), false],
  ] as const) {
    const batchSize = new AdaptiveBatchSize([statement(sql)], oneByOne);
    batchSize.adapt(1, 0.1);
    expect(batchSize.wikis).toBe(1);
  }
});
