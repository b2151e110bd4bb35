import { Failure } from '../../failure.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';
import { withParameters } from '../query-parameters.js';

/** `\f [name args…]`: lists the named queries, or runs one with its parameters put in. */
export function runQuery(args: string[], line: number, context: ShellContext): Promise<Outcome> {
  return telling(line, context, async () => {
    const [name, ...parameters] = args;
    if (name === undefined) return list(context);
    const text = context.queries.get(name);
    const query = withParameters({ name, text }, parameters, context.reader.sqlMode);
    context.inform(query.replace(/^/gm, '> '));
    return context.runText(query);
  });
}

/** `\fs name query`: keeps a query under a name. */
export function saveQuery(args: string[], line: number, context: ShellContext): Promise<Outcome> {
  return telling(line, context, () => {
    const [name, text] = args;
    if (name === undefined || text === undefined) {
      return context.remark('\\fs takes a name and a query', line);
    }
    const replaced = context.queries.save(name, text);
    context.inform(`${replaced ? 'Changed' : 'Saved'} '${name}'.`);
    return 'continue';
  });
}

/** `\fd name`: forgets a named query. */
export function deleteQuery(args: string[], line: number, context: ShellContext): Promise<Outcome> {
  return telling(line, context, () => {
    const [name] = args;
    if (name === undefined) return context.remark('\\fd takes the name of a query', line);
    context.queries.delete(name);
    context.inform(`Deleted '${name}'.`);
    return 'continue';
  });
}

function list(context: ShellContext): Outcome {
  const queries = context.queries.list();
  if (queries.length === 0) context.inform("No named queries yet: '\\fs name query' saves one.");
  const width = Math.max(0, ...queries.map(({ name }) => name.length));
  for (const query of queries) {
    const what = 'text' in query ? query.text.replaceAll(/\s+/g, ' ') : query.problem;
    context.inform(`${query.name.padEnd(width)}  ${what}`);
  }
  return 'continue';
}

/** What cannot be done with a query is told as any other error. */
async function telling(
  line: number,
  context: ShellContext,
  act: () => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return context.remark(error.message, line);
  }
}
