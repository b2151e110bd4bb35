import { isReserved } from './reserved-words.js';
import { type Node, nameOf } from './syntax-tree.js';

/** Where a table has no alias; LOCK TABLES is the exception. */
const without = new Set('table show desc describe explain truncate into insert replace'.split(' '));

/** Words that go on with the statement although they are not reserved. */
const clauses = new Set('offset window returning value start'.split(' '));

/** The alias that a node behind a table is; `clause` and `verb` say in what statement. */
export function aliasIn(node: Node | undefined, clause: string, verb: string): string | undefined {
  if (without.has(clause) && verb !== 'lock') return undefined;
  if (node?.kind === 'word' && (isReserved(node.text) || clauses.has(node.text))) return undefined;
  return nameOf(node);
}
