import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOption } from '../../src/cli/find-option.js';
import { ownOptions } from '../../src/cli/own-options.js';
import { projectRoot } from '../farm/sections.js';
import { documentPaths, type MarkdownDocument, readDocument } from './markdown.js';

/** Options in the documents that belong to other programs, or stand for any option. */
const otherOptions = ['--use-'];

/** True if this program has an option of that name. */
function isOption(name: string): boolean {
  return ownOptions.some((own) => own.name === name) || 'option' in findOption(name);
}

/** Returns the anchors of a document's headings, as GitHub and GitLab make them. */
function anchorsOf({ prose }: MarkdownDocument): string[] {
  const headings = prose.flatMap(({ text }) => /^#+ (.*)$/.exec(text)?.[1] ?? []);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Returns what is wrong with a link in a document; undefined if it leads somewhere. */
function brokenLink(document: MarkdownDocument, target: string): string | undefined {
  // Pages of others can change at any time; only their form is checked.
  if (/^[a-z]+:/.test(target))
    return /^https:\/\/[\w.-]+(\/|$)/.test(target) ? undefined : 'not a page';
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? document.path : join(dirname(document.path), file);
  if (!existsSync(join(projectRoot, path))) return `${path} does not exist`;
  if (anchor === undefined || anchorsOf(readDocument(path)).includes(anchor)) return undefined;
  return `${path} has no heading #${anchor}`;
}

describe.each(documentPaths())('%s', (path) => {
  const document = readDocument(path);

  it('has links that lead somewhere', () => {
    const broken = document.prose.flatMap(({ line, text }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
        const problem = brokenLink(document, target);
        return problem === undefined ? [] : [`line ${line}: ${target}: ${problem}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  // CHANGELOG.md also names options of the past.
  it.skipIf(path === 'CHANGELOG.md')('names only options that exist', () => {
    const unknown = document.prose.flatMap(({ line, text }) =>
      [...text.matchAll(/`[^`]+`/g)].flatMap(([code]) =>
        [...code.matchAll(/(?<![\w-])--[a-z][a-z0-9-]+/g)]
          .map(([option]) => option)
          .filter((option) => !otherOptions.includes(option) && !isOption(option.slice(2)))
          .map((option) => `line ${line}: ${option}`),
      ),
    );
    expect(unknown).toEqual([]);
  });
});
