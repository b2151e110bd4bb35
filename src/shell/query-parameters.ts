import { Failure } from '../failure.js';
import { defaultSqlMode, escapesWithin, type SqlMode } from '../protocol/sql-mode.js';

/**
 * What stands for a parameter: `$1`, `$2` …, `$*`, `$@`. `$$1` is `$1` itself, and JSON's path `$**`
 * none of them.
 */
const places = /\$(?:(\$)(?=[1-9@*])|([1-9]\d*)|(@)|(\*)(?!\*))/g;

/**
 * The text of a named query with its parameters put in, as mycli and pgcli do: `$1` is the first one
 * as it was given, quotes around it are the query's own; `$*` is all of those behind the numbered
 * ones, with commas between; `$@` the same, each as a string in quotes. What is put in is not looked
 * through again. Throws a Failure `query-parameters` if there are too few or too many.
 *
 * `sqlMode` says how those strings are escaped.
 */
export function withParameters(
  query: { name: string; text: string },
  parameters: readonly string[],
  sqlMode = defaultSqlMode,
): string {
  const { numbered, takesRest } = parametersOf(query.text);
  checkCount(query.name, parameters.length, numbered, takesRest);
  const rest = parameters.slice(numbered);
  return query.text.replace(places, (_, dollar?: string, number?: string, strings?: string) => {
    if (dollar !== undefined) return '$';
    if (number !== undefined) return parameters[Number(number) - 1] ?? '';
    return (strings === undefined ? rest : rest.map((text) => quoted(text, sqlMode))).join(', ');
  });
}

/** How many numbered parameters a query has, and whether it takes any number behind them. */
export function parametersOf(text: string): { numbered: number; takesRest: boolean } {
  let numbered = 0;
  let takesRest = false;
  for (const [, dollar, number] of text.matchAll(places)) {
    if (number !== undefined) numbered = Math.max(numbered, Number(number));
    else if (dollar === undefined) takesRest = true;
  }
  return { numbered, takesRest };
}

function checkCount(name: string, given: number, numbered: number, takesRest: boolean): void {
  const least = numbered + (takesRest ? 1 : 0);
  if (given >= least && (takesRest || given === least)) return;
  const amount =
    least === 0 ? 'no parameters' : least === 1 ? '1 parameter' : `${least} parameters`;
  throw new Failure(
    'query-parameters',
    `The named query '${name}' takes ${takesRest ? 'at least ' : ''}${amount}, ${given} given.`,
  );
}

function quoted(text: string, sqlMode: SqlMode): string {
  return `'${text.replace(escapesWithin("'", sqlMode) ? /['\\]/g : /'/g, (each) => each + each)}'`;
}
