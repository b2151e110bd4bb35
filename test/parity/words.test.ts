import { describe, expect, it } from 'vitest';
import { getBuiltInFunctions } from '../../src/script/built-in-functions.js';
import { getKeywords } from '../../src/script/keywords.js';
import { runClient } from '../farm/run.js';
import { wordChanges } from './server-words.js';

/** Returns the words that a query gives, sorted and without operators. */
async function queryWords(sql: string): Promise<string[]> {
  const { stdout, stderr } = await runClient('s2', ['-BNe', sql]);
  expect(stderr).toBe('');
  const words = stdout.toString().split('\n');
  return words.filter((word) => /^[A-Z]/.test(word)).sort();
}

/** Returns the words with which the server cannot parse the statement, found by error line. */
async function findRejected(words: string[], statement: (word: string) => string) {
  const input = words.map((word) => `${statement(word)};\n`).join('');
  const { stderr } = await runClient('s2', ['--force'], { input });
  const errors = stderr.matchAll(/^ERROR 1064 .* at line (\d+):/gm);
  return [...errors].map((error) => words[Number(error[1]) - 1] as string);
}

describe('the lists of SQL words match those of the server', () => {
  it('keywords', async () => {
    const { reserved, nonReserved } = getKeywords();
    const listed = await queryWords('select word from information_schema.keywords');
    const { added, removed } = (await wordChanges()).keywords;
    const ours = [...reserved, ...nonReserved].filter((word) => !removed.includes(word));
    expect([...ours, ...added].sort()).toEqual(listed);
  });

  it('keywords that cannot be used as names', async () => {
    const { reserved, nonReserved } = getKeywords();
    const words = [...reserved, ...nonReserved];
    const rejected = await findRejected(words, (word) => `select 1 from ${word} where 1`);
    const { freed } = await wordChanges();
    const expected = [...reserved].filter((word) => !freed.includes(word));
    expect(rejected.sort()).toEqual(expected.sort());
  });

  it('functions', async () => {
    const listed = await queryWords('select function from information_schema.sql_functions');
    const known = getBuiltInFunctions();
    const missing = listed.filter((name) => !known.has(name) && !name.endsWith('_ORACLE'));
    expect(missing).toEqual((await wordChanges()).functions);
  });
});
