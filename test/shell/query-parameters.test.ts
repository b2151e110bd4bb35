import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { parametersOf, withParameters } from '../../src/shell/query-parameters.js';

/** What comes out, or the message of the Failure and its code. */
function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const takes = "query-parameters: The named query 'q' takes";

describe('parameters of a named query', () => {
  it.each<[string, string[], string]>([
    ['select 1', [], 'select 1'],
    ['select $1', ['2'], 'select 2'],
    ["select '$1'", ["O'Brien"], "select 'O'Brien'"],
    ['select $1, $2, $1', ['a', 'b'], 'select a, b, a'],
    ['select $2', ['a', 'b'], 'select b'],
    ['select $10', [...'abcdefghij'], 'select j'],
    ['select $1$2', ['a', 'b'], 'select ab'],
    ['select $1', ['$2'], 'select $2'],
    ['select $1, $2', ['$2', '$1'], 'select $2, $1'],
    ['select $1', ['$&$$'], 'select $&$$'],
    ['select $1', [''], 'select '],
    ['x in ($*)', ['1', '2'], 'x in (1, 2)'],
    ['x in ($@)', ['a', 'b'], "x in ('a', 'b')"],
    ['x in ($@)', ["O'Brien", 'C:\\'], "x in ('O''Brien', 'C:\\\\')"],
    ['x in ($@)', ['$1'], "x in ('$1')"],
    ['x = $1 and y in ($@)', ['1', 'a', 'b'], "x = 1 and y in ('a', 'b')"],
    ['$* and $@', ['1', '2'], "1, 2 and '1', '2'"],
    ["json_extract(x, '$.a')", [], "json_extract(x, '$.a')"],
    ["json_extract(x, '$[1]')", [], "json_extract(x, '$[1]')"],
    ["json_extract(x, '$**.a')", [], "json_extract(x, '$**.a')"],
    ['select $$1, $$@', [], 'select $1, $@'],
    ['select $$$1', [], 'select $$1'],
    ['select $0', [], 'select $0'],
    ['select $1', [], `${takes} 1 parameter, 0 given.`],
    ['select $1', ['a', 'b'], `${takes} 1 parameter, 2 given.`],
    ['select 1', ['a'], `${takes} no parameters, 1 given.`],
    ['select $1, $3', ['a', 'b'], `${takes} 3 parameters, 2 given.`],
    ['select $*', [], `${takes} at least 1 parameter, 0 given.`],
    ['select $1 $@', ['a'], `${takes} at least 2 parameters, 1 given.`],
  ])('%s with %j', (text, parameters, expected) => {
    expect(outcome(() => withParameters({ name: 'q', text }, parameters))).toBe(expected);
  });

  it('keeps backslashes in strings where they do not escape', () => {
    const mode = { ...defaultSqlMode, noBackslashEscapes: true };
    expect(withParameters({ name: 'q', text: '$@' }, ["\\'"], mode)).toBe("'\\'''");
  });

  it.each<[string, number, boolean]>([
    ['select 1', 0, false],
    ['select $2', 2, false],
    ['select $$2, $1, $*', 1, true],
  ])('are counted: %s', (text, numbered, takesRest) => {
    expect(parametersOf(text)).toEqual({ numbered, takesRest });
  });
});
