import type { Token } from '../script/token.js';
import { unquoted } from './names.js';

/** A word, quoted name, mark or literal of a statement. */
export interface Leaf {
  kind: 'word' | 'quoted' | 'value' | 'mark';
  /** A word in lower case, a quoted name without its quotes, a mark or literal as written. */
  text: string;
  /** As written. */
  source: string;
}

/** What stands between two parentheses; the outermost one is the statement. */
export interface Group {
  kind: 'group';
  nodes: Node[];
}

/** Where the cursor is, in place of the word that is being typed. */
export interface Cursor {
  kind: 'cursor';
}

export type Node = Leaf | Group | Cursor;

/** A statement, and the groups around the cursor from the statement inwards. */
export interface SyntaxTree {
  statement: Group;
  path: Group[];
}

/** Parentheses within parentheses are told apart up to here; statements of people have a few. */
const deepest = 100;

/**
 * Puts tokens into a tree of parentheses. The cursor stands between the tokens `before` it and those
 * `behind` it; both may have parentheses that are not closed, or not opened.
 */
export function buildTree(text: string, before: Token[], behind: Token[]): SyntaxTree {
  const statement: Group = { kind: 'group', nodes: [] };
  const open = [statement];
  const add = (node: Node) => open.at(-1)?.nodes.push(node);
  const addMark = (mark: string) => {
    if (mark === '(' && open.length < deepest) {
      const group: Group = { kind: 'group', nodes: [] };
      add(group);
      open.push(group);
    } else if (mark === ')') {
      if (open.length > 1) open.pop();
    } else {
      add({ kind: 'mark', text: mark, source: mark });
    }
  };
  const addToken = (token: Token) => {
    const source = text.slice(token.start, token.end);
    if (token.kind === 'operator') {
      // However the lexer cuts them: `(`, `)`, `,`, `.` and `;` are one mark each.
      for (const mark of source.match(/[(),.;]|[^(),.;]+/g) ?? []) addMark(mark);
    } else if (token.kind !== 'comment' && token.kind !== 'command') {
      add(leaf(token, source));
    }
  };
  for (const token of before) addToken(token);
  const path = [...open];
  add({ kind: 'cursor' });
  for (const token of behind) addToken(token);
  return { statement, path };
}

function leaf(token: Token, source: string): Leaf {
  switch (token.kind) {
    case 'keyword':
    case 'function':
    case 'name':
      return { kind: 'word', text: source.toLowerCase(), source };
    case 'quoted-name':
      return { kind: 'quoted', text: unquoted(source), source };
    default:
      return { kind: 'value', text: source, source };
  }
}

/** Whether the node is one of these words, which are in lower case. */
export function isWord(node: Node | undefined, ...words: string[]): boolean {
  return node?.kind === 'word' && (words.length === 0 || words.includes(node.text));
}

export function isMark(node: Node | undefined, mark: string): boolean {
  return node?.kind === 'mark' && node.text === mark;
}

/** The name that a node may be, as written but for its quotes. */
export function nameOf(node: Node | undefined): string | undefined {
  if (node?.kind === 'quoted') return node.text;
  return node?.kind === 'word' ? node.source : undefined;
}

/** Whether a query stands between the parentheses: `(select …)`, `((select …) union …)`. */
export function isQuery(group: Group): boolean {
  const [first] = group.nodes;
  if (first?.kind === 'group') return isQuery(first);
  return isWord(first, 'select', 'with', 'values');
}
