import { describe, expect, it } from 'vitest';
import { functions } from '../../src/script/functions.js';
import { keywords } from '../../src/script/keywords.js';
import { runClient } from '../farm/run.js';
import { wordChanges } from './server-words.js';

/** The words of one column of the server's lists, in order, without signs. */
async function wordsOf(sql: string): Promise<string[]> {
  const { stdout, stderr } = await runClient('s2', ['-BNe', sql]);
  expect(stderr).toBe('');
  const words = stdout.toString().split('\n');
  return words.filter((word) => /^[A-Z]/.test(word)).sort();
}

/** The words that the server cannot parse in that statement, by the numbers of its lines. */
async function refusedIn(words: string[], statement: (word: string) => string) {
  const input = words.map((word) => `${statement(word)};\n`).join('');
  const { stderr } = await runClient('s2', ['--force'], { input });
  const refused = stderr.matchAll(/^ERROR 1064 .* at line (\d+):/gm);
  return [...refused].map((found) => words[Number(found[1]) - 1] as string);
}

describe('the words of SQL are those of the server', () => {
  it('keywords', async () => {
    const { reserved, others } = keywords();
    const listed = await wordsOf('select word from information_schema.keywords');
    const { added, removed } = (await wordChanges()).keywords;
    const ours = [...reserved, ...others].filter((word) => !removed.includes(word));
    expect([...ours, ...added].sort()).toEqual(listed);
  });

  it('keywords that cannot be a name', async () => {
    const { reserved, others } = keywords();
    const words = [...reserved, ...others];
    const refused = await refusedIn(words, (word) => `select 1 from ${word} where 1`);
    const { freed } = await wordChanges();
    const cannot = [...reserved].filter((word) => !freed.includes(word));
    expect(refused.sort()).toEqual(cannot.sort());
  });

  it('functions', async () => {
    const listed = await wordsOf('select function from information_schema.sql_functions');
    const known = functions();
    const missing = listed.filter((name) => !known.has(name) && !name.endsWith('_ORACLE'));
    expect(missing).toEqual((await wordChanges()).functions);
  });
});
