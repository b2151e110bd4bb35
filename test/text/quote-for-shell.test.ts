import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteForShell } from '../../src/text/quote-for-shell.js';

describe('quoteForShell', () => {
  it.each([
    ['--wikis=s2', '--wikis=s2'],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['größe', "'größe'"],
    ['', "''"],
    ["a'\\\x1b[31m\n\u202e漢", "$'a\\'\\\\\\033[31m\\012\\342\\200\\256漢'"],
  ])('quotes %j as %s, which Bash reads as the same word', (word, quoted) => {
    expect(quoteForShell(word)).toBe(quoted);
    const output = execFileSync('bash', ['-c', `printf %s ${quoted}`]);
    expect(output.toString()).toBe(word);
  });
});
