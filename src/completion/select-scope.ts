import { findContextChange, operandKeywords, tableModifiers } from './clauses.js';
import type { CursorContext, Expected } from './cursor-context.js';
import { isReserved } from './quote-name.js';
import { type Group, getName, isMark, isQuery, isWord, type Node } from './syntax-tree.js';
import { parseNameList, type TableReference } from './table-reference.js';

/** The tables of one statement, or one SELECT of a query, and the context of the cursor in it. */
export interface SelectScope {
  references: TableReference[];
  /** Undefined if the cursor is outside, or in a subquery. */
  context: CursorContext | undefined;
}

/**
 * Reads one statement, or one SELECT of a union: returns the tables that it mentions, and what is
 * expected at the cursor. Also looks for the cursor in those groups of `path` that contain no
 * query.
 */
export function readSelectScope(nodes: readonly Node[], path: readonly Group[]): SelectScope {
  return new SelectScopeReader(nodes, path, 'statement', '').read();
}

class SelectScopeReader {
  readonly #nodes: readonly Node[];
  readonly #path: readonly Group[];
  readonly #references: TableReference[] = [];
  #context: CursorContext | undefined;
  #expected: Expected;
  #clause: string;
  /** The first word of the statement; empty in parentheses. */
  #verb = '';
  /** Whether a table follows each comma. */
  #tablesFollow = false;
  #position = 0;

  constructor(nodes: readonly Node[], path: readonly Group[], expected: Expected, clause: string) {
    this.#nodes = nodes;
    this.#path = path;
    this.#expected = expected;
    this.#clause = clause;
  }

  read(): SelectScope {
    while (this.#position < this.#nodes.length) {
      const node = this.#nodes[this.#position] as Node;
      if (node.kind === 'cursor') this.#recordCursor();
      else if (this.#expected === 'table' && this.#readTable(node)) continue;
      else this.#readNode(node);
      this.#position++;
    }
    return { references: this.#references, context: this.#context };
  }

  #recordCursor(): void {
    this.#context = {
      expected: this.#expected,
      clause: this.#clause,
      isAtStart: this.#position === 0,
      seesAliases: this.#seesAliases(),
    };
  }

  /** Whether the aliases of the select list are visible in the current clause. */
  #seesAliases(): boolean {
    return /^(?:order|group|having)$/.test(this.#clause);
  }

  #setExpected(expected: Expected, clause = this.#clause): void {
    this.#expected = expected;
    this.#clause = clause;
  }

  #readNode(node: Node): void {
    switch (node.kind) {
      case 'word':
        this.#readWord(node.text);
        break;
      case 'group':
        this.#readGroup(node);
        break;
      case 'mark':
        this.#readMark(node.text);
        break;
      default:
        this.#readOperand();
    }
  }

  /** Reads a name or value. */
  #readOperand(): void {
    if (this.#expected === 'operand' || this.#expected === 'new-name')
      this.#setExpected('after-operand');
    else if (this.#expected === 'charset' || this.#expected === 'database')
      this.#setExpected('anything');
  }

  #readMark(mark: string): void {
    if (mark === ',') {
      if (this.#tablesFollow) this.#setExpected('table');
      else if (this.#clause === 'set') this.#setExpected('column');
      else if (this.#expected === 'after-operand') this.#setExpected('operand');
    } else if (mark === '=' && this.#clause === 'explain') {
      // FORMAT=JSON.
      this.#position++;
    } else if (mark === '*' && this.#expected === 'operand') {
      this.#setExpected('after-operand');
    } else if (this.#expected === 'after-operand' || this.#expected === 'column') {
      this.#setExpected('operand');
    }
  }

  #readWord(word: string): void {
    const previous = this.#nodes[this.#position - 1];
    if (isMark(previous, '.')) {
      this.#readOperand();
      return;
    }
    const change = findContextChange(word, {
      verb: this.#verb,
      clause: this.#clause,
      previous: previous?.kind === 'word' ? previous.text : '',
      next: this.#nodes[this.#position + 1],
      expected: this.#expected,
    });
    // Another statement follows EXPLAIN and CREATE … AS.
    if (change?.expected === 'statement') this.#verb = '';
    else if (this.#expected === 'statement') this.#verb = word;
    if (change !== undefined) {
      this.#setExpected(change.expected, change.clause);
      if (change.tablesFollow !== undefined) this.#tablesFollow = change.tablesFollow;
    } else if (this.#expected === 'statement') {
      this.#setExpected('anything', word);
    } else if (this.#expected === 'after-table') {
      // Neither an alias nor a clause: USE INDEX, FOR SYSTEM_TIME, PARTITION.
    } else if (word === 'not' && this.#expected === 'after-operand') {
      // LIKE, IN or BETWEEN follows.
    } else if (operandKeywords.has(word)) {
      this.#setExpected('after-operand');
    } else if (this.#expected === 'after-operand' || this.#expected === 'operand') {
      if (isReserved(word)) this.#setExpected('operand');
      else this.#readOperand();
    } else {
      this.#readOperand();
    }
  }

  #readGroup(group: Group): void {
    if (this.#path.includes(group) && !isQuery(group)) this.#readGroupAroundCursor(group);
    if (this.#clause === 'using') this.#setExpected('after-table', 'from');
    else if (this.#expected !== 'after-table') this.#readOperand();
  }

  /** Reads a group that contains the cursor, but no query of its own. */
  #readGroupAroundCursor(group: Group): void {
    const expected = this.#getExpectedInGroup();
    const clause = expected === 'anything' ? 'definition' : this.#getClauseInGroup();
    const inner = new SelectScopeReader(group.nodes, this.#path, expected, clause).read().context;
    // The ORDER BY of a window or an aggregate function does not see the aliases.
    const seesAliases = this.#seesAliases() && clause !== 'over';
    this.#context = inner && { ...inner, seesAliases };
  }

  #getExpectedInGroup(): Expected {
    const previous = this.#nodes[this.#position - 1];
    if (this.#clause === 'using') return 'column';
    if (isWord(previous, 'index', 'key') && this.#clause !== 'create') return 'new-name';
    // INSERT INTO t (…), CREATE INDEX i ON t (…), or REFERENCES t (…).
    if (this.#expected === 'after-table') return 'column';
    if (this.#verb === 'create' || this.#verb === 'alter') return 'anything';
    return 'operand';
  }

  #getClauseInGroup(): string {
    const previous = this.#nodes[this.#position - 1];
    return isWord(previous, 'convert', 'cast', 'over')
      ? (getName(previous) ?? '').toLowerCase()
      : '(';
  }

  /** Reads a table where one is expected; returns false if there is none. */
  #readTable(node: Node): boolean {
    if (node.kind === 'word' && tableModifiers.has(node.text)) {
      this.#position++;
      return true;
    }
    if (node.kind === 'group') {
      this.#position++;
      if (isQuery(node)) this.#addReference({ query: node });
      else this.#readJoinGroup(node);
      this.#setExpected('after-table');
      return true;
    }
    const first = getName(node);
    if (first === undefined || (node.kind === 'word' && isReserved(node.text))) return false;
    this.#position++;
    if (isMark(this.#nodes[this.#position], '.')) {
      this.#position++;
      this.#recordCursorIfHere();
      const second = getName(this.#nodes[this.#position]);
      if (second !== undefined) {
        this.#position++;
        this.#addReference({ database: first, table: second });
      }
    } else {
      const columns = this.#nodes[this.#position];
      const isFunction = columns?.kind === 'group' && this.#tablesFollow;
      if (isFunction) this.#position++;
      this.#addReference(isFunction ? {} : { table: first });
    }
    this.#setExpected('after-table');
    return true;
  }

  #recordCursorIfHere(): void {
    if (this.#nodes[this.#position]?.kind !== 'cursor') return;
    this.#recordCursor();
    this.#position++;
  }

  /** Reads the parentheses in `from (a join b on …)`. */
  #readJoinGroup(group: Group): void {
    const inner = new SelectScopeReader(group.nodes, this.#path, 'table', 'from');
    inner.#tablesFollow = true;
    const { references, context } = inner.read();
    this.#references.push(...references);
    if (context !== undefined) this.#context = context;
  }

  /** Adds a table reference, after it has read the alias that may follow. */
  #addReference(target: Partial<TableReference>): void {
    if (
      isWord(this.#nodes[this.#position], 'partition') &&
      this.#nodes[this.#position + 1]?.kind === 'group'
    )
      this.#position += 2;
    const alias = this.#readAlias();
    let columns: string[] | undefined;
    const list = this.#nodes[this.#position];
    if (alias !== undefined && target.query !== undefined && list?.kind === 'group') {
      columns = parseNameList(list);
      this.#position++;
    }
    const name = alias ?? target.table;
    if (name === undefined) return;
    const { database, table, query } = target;
    this.#references.push({ name, hasAlias: alias !== undefined, database, table, query, columns });
  }

  #readAlias(): string | undefined {
    if (isWord(this.#nodes[this.#position], 'as')) {
      this.#position++;
      if (this.#nodes[this.#position]?.kind === 'cursor') {
        this.#setExpected('new-name');
        this.#recordCursorIfHere();
        return undefined;
      }
    }
    const alias = parseAlias(this.#nodes[this.#position], this.#clause, this.#verb);
    if (alias !== undefined) this.#position++;
    return alias;
  }
}

/** The clauses in which a table has no alias, except in LOCK TABLES. */
const clausesWithoutAlias = new Set(
  'table show desc describe explain truncate into insert replace'.split(' '),
);

/** The words that begin a clause although they are not reserved. */
const unreservedClauseWords = new Set('offset window returning value start'.split(' '));

/**
 * Returns the alias if the node after a table is one; `clause` and `verb` are those of the table.
 */
function parseAlias(node: Node | undefined, clause: string, verb: string): string | undefined {
  if (clausesWithoutAlias.has(clause) && verb !== 'lock') return undefined;
  if (node?.kind === 'word' && (isReserved(node.text) || unreservedClauseWords.has(node.text)))
    return undefined;
  return getName(node);
}
