import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../farm/sections.js';

/*
 * Reads the project's documents: their headings, links and fenced blocks.
 */

/** A fenced block: what stands between ``` and ```. */
export interface Block {
  /** The number of the line with the opening fence, from 1. */
  line: number;
  /** The first word after the opening fence; '' if there is none. */
  language: string;
  /** The second word after the opening fence: the name of the file that the block shows. */
  file: string | undefined;
  /** The lines of the block, each ending with a newline. */
  text: string;
}

export interface MarkdownDocument {
  /** The path in the project, such as `docs/shell.md`. */
  path: string;
  blocks: Block[];
  /** The lines outside fenced blocks, each with its number, from 1. */
  prose: { line: number; text: string }[];
}

/** Returns the paths of all documents in the project. */
export function documentPaths(): string[] {
  const inDocs = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
  const inRoot = readdirSync(projectRoot).filter((name) => name.endsWith('.md'));
  return [...inRoot, ...inDocs.map((name) => `docs/${name}`)].sort();
}

/** Reads a document. Throws if a fenced block does not end. */
export function readDocument(path: string): MarkdownDocument {
  const document: MarkdownDocument = { path, blocks: [], prose: [] };
  let block: (Block & { indent: string }) | undefined;
  const lines = readFileSync(join(projectRoot, path), 'utf8').split('\n');
  for (const [index, text] of lines.entries()) {
    const fence = /^( *)```(\S*) ?(\S*)/.exec(text);
    if (fence === null) {
      if (block === undefined) document.prose.push({ line: index + 1, text });
      else
        block.text += `${text.startsWith(block.indent) ? text.slice(block.indent.length) : text}\n`;
    } else if (block === undefined) {
      const [, indent = '', language = '', file = ''] = fence;
      block = { line: index + 1, language, file: file || undefined, text: '', indent };
    } else {
      const { indent: _, ...complete } = block;
      document.blocks.push(complete);
      block = undefined;
    }
  }
  if (block !== undefined) throw new Error(`${path}:${block.line}: the block does not end`);
  return document;
}
