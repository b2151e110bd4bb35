import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { countParameters, substituteParameters } from '../../src/shell/query-parameters.js';

/** Returns the result of `act`, or the code and message of its Failure. */
function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const messageStart = "query-parameters: The named query 'q' takes";

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
    ['select $1', [], `${messageStart} 1 parameter, but got 0.`],
    ['select $1', ['a', 'b'], `${messageStart} 1 parameter, but got 2.`],
    ['select 1', ['a'], `${messageStart} no parameters, but got 1.`],
    ['select $1, $3', ['a', 'b'], `${messageStart} 3 parameters, but got 2.`],
    ['select $*', [], `${messageStart} at least 1 parameter, but got 0.`],
    ['select $1 $@', ['a'], `${messageStart} at least 2 parameters, but got 1.`],
  ])('%s with %j', (text, parameters, expected) => {
    expect(outcome(() => substituteParameters({ name: 'q', text }, parameters))).toBe(expected);
  });

  it('keeps backslashes in strings where they do not escape', () => {
    const mode = { ...defaultSqlMode, noBackslashEscapes: true };
    expect(substituteParameters({ name: 'q', text: '$@' }, ["\\'"], mode)).toBe("'\\'''");
  });

  it.each<[string, number, boolean]>([
    ['select 1', 0, false],
    ['select $2', 2, false],
    ['select $$2, $1, $*', 1, true],
  ])('are counted: %s', (text, numbered, takesRest) => {
    expect(countParameters(text)).toEqual({ numbered, takesRest });
  });
});
