import { Failure } from '../../failure.js';
import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { createTableDrawer } from '../../text/small-table.js';
import { sanitizeText } from '../../text/text-sanitizer.js';
import type { ShellContext } from '../context.js';
import { substituteParameters } from '../query-parameters.js';

const decodeArgument = (word: Uint8Array) => Buffer.from(word).toString();

/** `\f [name args…]`: lists the named queries, or runs one with these parameters. */
export function runQuery({ args, line }: ShellCommand, context: ShellContext): Promise<Outcome> {
  return reportFailures(line, context, async () => {
    const [name, ...parameters] = args.map(decodeArgument);
    if (name === undefined) return await context.withPager(() => listQueries(context));
    const text = context.queries.get(name);
    const query = substituteParameters({ name, text }, parameters, context.reader.sqlMode);
    context.printNotice(query.replace(/^/gm, '> '));
    return context.runText(query);
  });
}

/** `\fs name [query]`: saves a query, by default the last statement, under a name. */
export function saveQuery({ args, line }: ShellCommand, context: ShellContext): Promise<Outcome> {
  return reportFailures(line, context, () => {
    const [name, typed] = args.map(decodeArgument);
    if (name === undefined) return context.warn('Usage: \\fs name [query]', line);
    const { lastStatement } = context;
    const text = typed ?? (lastStatement && decodeArgument(lastStatement));
    if (text === undefined) {
      return context.warn(
        `No statement has run yet. Use '\\fs ${name} query' to save another query`,
        line,
      );
    }
    const replaced = context.queries.save(name, text);
    const content = typed === undefined ? `: ${toOneLine(text)}` : '.';
    context.printNotice(`${replaced ? 'Changed' : 'Saved'} '${name}'${content}`);
    return 'continue';
  });
}

/** `\fd name`: deletes a named query. */
export function deleteQuery({ args, line }: ShellCommand, context: ShellContext): Promise<Outcome> {
  return reportFailures(line, context, () => {
    const [name] = args.map(decodeArgument);
    if (name === undefined) return context.warn('Usage: \\fd name', line);
    context.queries.delete(name);
    context.printNotice(`Deleted '${name}'.`);
    return 'continue';
  });
}

/** Returns a text as one line, sanitized for the terminal. */
function toOneLine(text: string): string {
  const bytes = Buffer.from(text.replaceAll(/\s+/g, ' '));
  return Buffer.from(sanitizeText(bytes, { characterSet: 'utf8mb4', colors: false })).toString();
}

async function listQueries(context: ShellContext): Promise<Outcome> {
  const queries = context.queries.list();
  if (queries.length === 0)
    context.printNotice("There are no named queries. Use '\\fs name query' to save one.");
  const rows = queries.map((query) => [
    query.name,
    toOneLine('text' in query ? query.text : query.problem),
  ]);
  const drawn =
    rows.length === 0 ? undefined : (await createTableDrawer(1))?.(['name', 'query'], rows);
  const width = Math.max(0, ...queries.map(({ name }) => name.length));
  const plain = rows.map(([name = '', content = '']) => `${name.padEnd(width)}  ${content}`);
  for (const line of drawn ?? plain) context.printNotice(line);
  return 'continue';
}

/** Runs `act` and reports its Failure like an error of the client. */
async function reportFailures(
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
