import { clauseOf, endsExpression, tableModifiers } from './clauses.js';
import type { CursorContext, Expected } from './cursor-context.js';
import { isReserved } from './names.js';
import { listedNames, type Source } from './source.js';
import { type Group, isMark, isQuery, isWord, type Node, nameOf } from './syntax-tree.js';

/** What is known of one statement, or of one SELECT of a query. */
export interface SelectScope {
  sources: Source[];
  /** Undefined if the cursor is not in it, or in a query of its own in it. */
  place: CursorContext | undefined;
}

/**
 * Reads one statement, or one SELECT of a union: which tables it names, and what may stand at the
 * cursor, which is looked for in those plain parentheses too that are in `path`.
 */
export function readSelectScope(nodes: readonly Node[], path: readonly Group[]): SelectScope {
  return new SelectScopeReader(nodes, path, 'statement', '').read();
}

class SelectScopeReader {
  readonly #nodes: readonly Node[];
  readonly #path: readonly Group[];
  readonly #sources: Source[] = [];
  #place: CursorContext | undefined;
  #expected: Expected;
  #clause: string;
  /** The first word of the statement; empty within parentheses. */
  #verb = '';
  /** Whether a comma is followed by another table. */
  #tablesFollow = false;
  #at = 0;

  constructor(nodes: readonly Node[], path: readonly Group[], expected: Expected, clause: string) {
    this.#nodes = nodes;
    this.#path = path;
    this.#expected = expected;
    this.#clause = clause;
  }

  read(): SelectScope {
    while (this.#at < this.#nodes.length) {
      const node = this.#nodes[this.#at] as Node;
      if (node.kind === 'cursor') this.#cursor();
      else if (this.#expected === 'table' && this.#reference(node)) continue;
      else this.#step(node);
      this.#at++;
    }
    return { sources: this.#sources, place: this.#place };
  }

  #cursor(): void {
    this.#place = { expected: this.#expected, clause: this.#clause, opens: this.#at === 0 };
  }

  #expect(expected: Expected, clause = this.#clause): void {
    this.#expected = expected;
    this.#clause = clause;
  }

  #step(node: Node): void {
    switch (node.kind) {
      case 'word':
        this.#word(node.text);
        break;
      case 'group':
        this.#group(node);
        break;
      case 'mark':
        this.#mark(node.text);
        break;
      default:
        this.#operand();
    }
  }

  /** A name or value, where one may stand. */
  #operand(): void {
    if (this.#expected === 'operand' || this.#expected === 'new-name')
      this.#expect('behind-operand');
    else if (this.#expected === 'charset' || this.#expected === 'database')
      this.#expect('anything');
  }

  #mark(mark: string): void {
    if (mark === ',') {
      if (this.#tablesFollow) this.#expect('table');
      else if (this.#clause === 'set') this.#expect('column');
      else if (this.#expected === 'behind-operand') this.#expect('operand');
    } else if (mark === '=' && this.#clause === 'explain') {
      // FORMAT=JSON
      this.#at++;
    } else if (mark === '*' && this.#expected === 'operand') {
      this.#expect('behind-operand');
    } else if (this.#expected === 'behind-operand' || this.#expected === 'column') {
      this.#expect('operand');
    }
  }

  #word(word: string): void {
    const previous = this.#nodes[this.#at - 1];
    if (isMark(previous, '.')) {
      this.#operand();
      return;
    }
    const change = clauseOf(word, {
      verb: this.#verb,
      clause: this.#clause,
      previous: previous?.kind === 'word' ? previous.text : '',
      next: this.#nodes[this.#at + 1],
      expected: this.#expected,
    });
    // EXPLAIN, and CREATE … AS, have another statement behind them.
    if (change?.expected === 'statement') this.#verb = '';
    else if (this.#expected === 'statement') this.#verb = word;
    if (change !== undefined) {
      this.#expect(change.expected, change.clause);
      if (change.tablesFollow !== undefined) this.#tablesFollow = change.tablesFollow;
    } else if (this.#expected === 'statement') {
      this.#expect('anything', word);
    } else if (this.#expected === 'behind-table') {
      // What is neither an alias nor a clause: USE INDEX, FOR SYSTEM_TIME, PARTITION.
    } else if (word === 'not' && this.#expected === 'behind-operand') {
      // LIKE, IN, BETWEEN follow.
    } else if (endsExpression.has(word)) {
      this.#expect('behind-operand');
    } else if (this.#expected === 'behind-operand' || this.#expected === 'operand') {
      if (isReserved(word)) this.#expect('operand');
      else this.#operand();
    } else {
      this.#operand();
    }
  }

  #group(group: Group): void {
    if (this.#path.includes(group) && !isQuery(group)) this.#inside(group);
    if (this.#clause === 'using') this.#expect('behind-table', 'from');
    else if (this.#expected !== 'behind-table') this.#operand();
  }

  /** The cursor is between these parentheses, and they hold no query of their own. */
  #inside(group: Group): void {
    const place = this.#innerPlace();
    const clause = place === 'anything' ? 'definition' : this.#innerClause();
    this.#place = new SelectScopeReader(group.nodes, this.#path, place, clause).read().place;
  }

  #innerPlace(): Expected {
    const previous = this.#nodes[this.#at - 1];
    if (this.#clause === 'using') return 'column';
    if (isWord(previous, 'index', 'key') && this.#clause !== 'create') return 'new-name';
    // INSERT INTO t (…), CREATE INDEX i ON t (…), REFERENCES t (…).
    if (this.#expected === 'behind-table') return 'column';
    if (this.#verb === 'create' || this.#verb === 'alter') return 'anything';
    return 'operand';
  }

  #innerClause(): string {
    const previous = this.#nodes[this.#at - 1];
    return isWord(previous, 'convert', 'cast', 'over')
      ? (nameOf(previous) ?? '').toLowerCase()
      : '(';
  }

  /** Reads a table where one is expected; false if there is none. */
  #reference(node: Node): boolean {
    if (node.kind === 'word' && tableModifiers.has(node.text)) {
      this.#at++;
      return true;
    }
    if (node.kind === 'group') {
      this.#at++;
      if (isQuery(node)) this.#add({ query: node });
      else this.#joined(node);
      this.#expect('behind-table');
      return true;
    }
    const first = nameOf(node);
    if (first === undefined || (node.kind === 'word' && isReserved(node.text))) return false;
    this.#at++;
    if (isMark(this.#nodes[this.#at], '.')) {
      this.#at++;
      this.#cursorHere();
      const second = nameOf(this.#nodes[this.#at]);
      if (second !== undefined) {
        this.#at++;
        this.#add({ database: first, table: second });
      }
    } else {
      const columns = this.#nodes[this.#at];
      const isFunction = columns?.kind === 'group' && this.#tablesFollow;
      if (isFunction) this.#at++;
      this.#add(isFunction ? {} : { table: first });
    }
    this.#expect('behind-table');
    return true;
  }

  #cursorHere(): void {
    if (this.#nodes[this.#at]?.kind !== 'cursor') return;
    this.#cursor();
    this.#at++;
  }

  /** `from (a join b on …)`. */
  #joined(group: Group): void {
    const inner = new SelectScopeReader(group.nodes, this.#path, 'table', 'from');
    inner.#tablesFollow = true;
    const { sources, place } = inner.read();
    this.#sources.push(...sources);
    if (place !== undefined) this.#place = place;
  }

  /** Takes a table, whose alias may follow. */
  #add(of: Partial<Source>): void {
    if (isWord(this.#nodes[this.#at], 'partition') && this.#nodes[this.#at + 1]?.kind === 'group')
      this.#at += 2;
    const alias = this.#alias();
    let columns: string[] | undefined;
    const list = this.#nodes[this.#at];
    if (alias !== undefined && of.query !== undefined && list?.kind === 'group') {
      columns = listedNames(list);
      this.#at++;
    }
    const name = alias ?? of.table;
    if (name === undefined) return;
    const { database, table, query } = of;
    this.#sources.push({ name, aliased: alias !== undefined, database, table, query, columns });
  }

  #alias(): string | undefined {
    if (isWord(this.#nodes[this.#at], 'as')) {
      this.#at++;
      if (this.#nodes[this.#at]?.kind === 'cursor') {
        this.#expect('new-name');
        this.#cursorHere();
        return undefined;
      }
    }
    const alias = aliasIn(this.#nodes[this.#at], this.#clause, this.#verb);
    if (alias !== undefined) this.#at++;
    return alias;
  }
}

/** Where a table has no alias; LOCK TABLES is the exception. */
const without = new Set('table show desc describe explain truncate into insert replace'.split(' '));

/** Words that go on with the statement although they are not reserved. */
const clauses = new Set('offset window returning value start'.split(' '));

/** The alias that a node behind a table is; `clause` and `verb` say in what statement. */
function aliasIn(node: Node | undefined, clause: string, verb: string): string | undefined {
  if (without.has(clause) && verb !== 'lock') return undefined;
  if (node?.kind === 'word' && (isReserved(node.text) || clauses.has(node.text))) return undefined;
  return nameOf(node);
}
