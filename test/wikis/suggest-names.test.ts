import { describe, expect, test } from 'vitest';
import { editDistance, suggestNames } from '../../src/wikis/suggest-names.js';

describe('editDistance', () => {
  test.each([
    ['itwiki', 'itwiki', 0],
    ['itwik', 'itwiki', 1],
    ['iitwiki', 'itwiki', 1],
    ['etwiki', 'itwiki', 1],
    ['tiwiki', 'itwiki', 1],
    ['itwkii', 'itwiki', 1],
    ['tiwkii', 'itwiki', 2],
    ['dewikt', 'dewiki', 1],
    ['', 'ab', 2],
    ['ca', 'abc', 3],
  ])('of %s and %s is %i', (one, other, count) => {
    expect(editDistance(one, other, 9)).toBe(count);
    expect(editDistance(other, one, 9)).toBe(count);
  });
});

describe('suggestNames', () => {
  const known = ['itwiki', 'etwiki', 'ltwiki', 'ptwiki', 'frwiki', 'frwikinews', 'commonswiki'];
  test.each([
    ['fwiki', ['frwiki']],
    ['frwikinew', ['frwikinews']],
    ['comonswki', ['commonswiki']],
    ['commons.wikimedia.org', ['commonswiki']],
    ['itwkii', ['itwiki']],
    ['xtwiki', ['itwiki', 'etwiki', 'ltwiki']],
    ['abc', []],
    ['frwikisource', []],
  ])('suggests for %s: %j', (name, suggestions) => {
    expect(suggestNames(name, known)).toEqual(suggestions);
  });
});
