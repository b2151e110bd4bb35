import type { Token } from '../script/token.js';
import { unquoteName } from './quote-name.js';

/** A word, quoted name, mark or literal of a statement. */
export interface Leaf {
  kind: 'word' | 'quoted' | 'value' | 'mark';
  /** A word in lower case, a quoted name without its quotes, a mark or literal as written. */
  text: string;
  /** As written. */
  original: string;
}

/** The nodes between two parentheses; the outermost group is the statement. */
export interface Group {
  kind: 'group';
  nodes: Node[];
}

/** The position of the cursor, which replaces the word that is being typed. */
export interface Cursor {
  kind: 'cursor';
}

export type Node = Leaf | Group | Cursor;

/** A statement, and the groups around the cursor, from the outermost inwards. */
export interface SyntaxTree {
  statement: Group;
  path: Group[];
}

/**
 * The maximum depth of parentheses that is tracked; realistic statements nest only a few levels.
 */
const maximumDepth = 100;

/**
 * Returns the tree of parentheses for the tokens before and after the cursor. Both lists may
 * contain unmatched parentheses.
 */
export function buildTree(text: string, before: Token[], after: Token[]): SyntaxTree {
  const statement: Group = { kind: 'group', nodes: [] };
  const open = [statement];
  const add = (node: Node) => open.at(-1)?.nodes.push(node);
  const addMark = (mark: string) => {
    if (mark === '(' && open.length < maximumDepth) {
      const group: Group = { kind: 'group', nodes: [] };
      add(group);
      open.push(group);
    } else if (mark === ')') {
      if (open.length > 1) open.pop();
    } else {
      add({ kind: 'mark', text: mark, original: mark });
    }
  };
  const addToken = (token: Token) => {
    const original = text.slice(token.start, token.end);
    if (token.kind === 'operator') {
      // The lexer may join them, but `(`, `)`, `,`, `.` and `;` are one mark each.
      for (const mark of original.match(/[(),.;]|[^(),.;]+/g) ?? []) addMark(mark);
    } else if (token.kind !== 'comment' && token.kind !== 'command') {
      add(createLeaf(token, original));
    }
  };
  for (const token of before) addToken(token);
  const path = [...open];
  add({ kind: 'cursor' });
  for (const token of after) addToken(token);
  return { statement, path };
}

function createLeaf(token: Token, original: string): Leaf {
  switch (token.kind) {
    case 'keyword':
    case 'function':
    case 'name':
      return { kind: 'word', text: original.toLowerCase(), original };
    case 'quoted-name':
      return { kind: 'quoted', text: unquoteName(original), original };
    default:
      return { kind: 'value', text: original, original };
  }
}

/** Whether the node is one of these words, given in lower case; without words, any word. */
export function isWord(node: Node | undefined, ...words: string[]): boolean {
  return node?.kind === 'word' && (words.length === 0 || words.includes(node.text));
}

export function isMark(node: Node | undefined, mark: string): boolean {
  return node?.kind === 'mark' && node.text === mark;
}

/** Returns the node as a name, as written but without quotes; undefined if it cannot be a name. */
export function getName(node: Node | undefined): string | undefined {
  if (node?.kind === 'quoted') return node.text;
  return node?.kind === 'word' ? node.original : undefined;
}

/** Whether the parentheses contain a query: `(select …)`, `((select …) union …)`. */
export function isQuery(group: Group): boolean {
  const [first] = group.nodes;
  if (first?.kind === 'group') return isQuery(first);
  return isWord(first, 'select', 'with', 'values');
}
