import { describe, expect, it } from 'vitest';
import { checkColumnNames } from '../../../src/fanout/rows/column-names.js';
import type { TypeComparison } from '../../../src/fanout/rows/type-comparison.js';
import { textColumns } from '../../output/rows.js';

describe('the names of the columns of a result', () => {
  it.each<[names: string, comparison: TypeComparison, expected: RegExp | undefined]>([
    ['page wiki', 'names', /already has a column 'wiki': use --wiki-column to give /],
    ['page Wiki', 'names', undefined],
    ['page Wiki', 'types', /already has a column 'Wiki': use --wiki-column to give /],
    ['size', 'bits', /already has a column 'size', which --wiki-fields adds: rename it with AS/],
    ['a a', 'names', undefined],
    ['a a', 'kinds', /two columns are called 'a', but json needs unique names/],
    ['a A', 'kinds', undefined],
    ['a A', 'types', /'a' and 'A' differ only in case, which readers of parquet ignore: rename/],
    ['a A', 'binary-as-text', /differ only in case/],
  ])('%s in a format that compares %s', (names, comparison, expected) => {
    const added = { wikiColumn: 'wiki', wikiFields: ['size'] };
    const check = () => checkColumnNames(textColumns(...names.split(' ')), added, comparison);
    if (expected === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(expected);
  });
});
