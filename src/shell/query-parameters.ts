import { Failure } from '../failure.js';
import { defaultSqlMode } from '../protocol/sql-mode.js';
import { quoteString } from './quote-sql.js';

/**
 * The placeholders of parameters: `$1`, `$2` …, `$*`, `$@`. `$$1` stands for a literal `$1`, and
 * the JSON path `$**` is not a placeholder.
 */
const parameterPattern = /\$(?:(\$)(?=[1-9@*])|([1-9]\d*)|(@)|(\*)(?!\*))/g;

/**
 * Returns the text of a named query with its parameters substituted, with the syntax of mycli and
 * pgcli. `$1` is the first parameter, unchanged: the query itself must contain quotes if needed.
 * `$*` is all parameters after the numbered ones, separated by commas; `$@` is the same, but each
 * one is a quoted string. Placeholders within parameters are not substituted. Throws a Failure
 * `query-parameters` if there are too few or too many parameters.
 *
 * `sqlMode` decides how the quoted strings are escaped.
 */
export function substituteParameters(
  query: { name: string; text: string },
  parameters: readonly string[],
  sqlMode = defaultSqlMode,
): string {
  const { numbered, takesRest } = countParameters(query.text);
  checkCount(query.name, parameters.length, numbered, takesRest);
  const rest = parameters.slice(numbered);
  return query.text.replace(
    parameterPattern,
    (_, dollar?: string, number?: string, strings?: string) => {
      if (dollar !== undefined) return '$';
      if (number !== undefined) return parameters[Number(number) - 1] ?? '';
      return (strings === undefined ? rest : rest.map((text) => quoteString(text, sqlMode))).join(
        ', ',
      );
    },
  );
}

/**
 * Returns the number of numbered parameters of a query, and whether it takes any number of others.
 */
export function countParameters(text: string): { numbered: number; takesRest: boolean } {
  let numbered = 0;
  let takesRest = false;
  for (const [, dollar, number] of text.matchAll(parameterPattern)) {
    if (number !== undefined) numbered = Math.max(numbered, Number(number));
    else if (dollar === undefined) takesRest = true;
  }
  return { numbered, takesRest };
}

function checkCount(name: string, given: number, numbered: number, takesRest: boolean): void {
  const minimum = numbered + (takesRest ? 1 : 0);
  if (given >= minimum && (takesRest || given === minimum)) return;
  const amount =
    minimum === 0 ? 'no parameters' : minimum === 1 ? '1 parameter' : `${minimum} parameters`;
  throw new Failure(
    'query-parameters',
    `The named query '${name}' takes ${takesRest ? 'at least ' : ''}${amount}, but got ${given}.`,
  );
}
