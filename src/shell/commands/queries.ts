import { Failure } from '../../failure.js';
import { safeText } from '../../output/safe-text.js';
import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { tableDrawer } from '../../text/small-table.js';
import type { ShellContext } from '../context.js';
import { withParameters } from '../query-parameters.js';

const textOf = (word: Uint8Array) => Buffer.from(word).toString();

/** `\f [name args…]`: lists the named queries, or runs one with its parameters put in. */
export function runQuery({ args, line }: ShellCommand, context: ShellContext): Promise<Outcome> {
  return telling(line, context, async () => {
    const [name, ...parameters] = args.map(textOf);
    if (name === undefined) return await list(context);
    const text = context.queries.get(name);
    const query = withParameters({ name, text }, parameters, context.reader.sqlMode);
    context.inform(query.replace(/^/gm, '> '));
    return context.runText(query);
  });
}

/** `\fs name query`: keeps a query under a name. */
export function saveQuery({ args, line }: ShellCommand, context: ShellContext): Promise<Outcome> {
  return telling(line, context, () => {
    const [name, text] = args.map(textOf);
    if (name === undefined || text === undefined) {
      return context.warn('\\fs takes a name and a query', line);
    }
    const replaced = context.queries.save(name, text);
    context.inform(`${replaced ? 'Changed' : 'Saved'} '${name}'.`);
    return 'continue';
  });
}

/** `\fd name`: forgets a named query. */
export function deleteQuery({ args, line }: ShellCommand, context: ShellContext): Promise<Outcome> {
  return telling(line, context, () => {
    const [name] = args.map(textOf);
    if (name === undefined) return context.warn('\\fd takes the name of a query', line);
    context.queries.delete(name);
    context.inform(`Deleted '${name}'.`);
    return 'continue';
  });
}

/** A text in one line, nothing of which controls the terminal. */
function oneLine(text: string): string {
  const bytes = Buffer.from(text.replaceAll(/\s+/g, ' '));
  return Buffer.from(safeText(bytes, { characterSet: 'utf8mb4', colours: false })).toString();
}

async function list(context: ShellContext): Promise<Outcome> {
  const queries = context.queries.list();
  if (queries.length === 0) context.inform("No named queries yet: '\\fs name query' saves one.");
  const rows = queries.map((query) => [
    query.name,
    oneLine('text' in query ? query.text : query.problem),
  ]);
  const drawn = rows.length === 0 ? undefined : (await tableDrawer(1))?.(['name', 'query'], rows);
  const width = Math.max(0, ...queries.map(({ name }) => name.length));
  const plain = rows.map(([name = '', what = '']) => `${name.padEnd(width)}  ${what}`);
  for (const line of drawn ?? plain) context.inform(line);
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
    return context.warn(error.message, line);
  }
}
