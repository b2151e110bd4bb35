import { createReadStream, fstatSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { expandHome } from '../../files/expand-home.js';
import type { Command } from './context.js';

/** The limit of nested files: a file that sources itself would use up all memory. */
const maxDepth = 200;

/**
 * `source`: runs a file. Its path is relative to the working directory, not to the file that
 * contains the command. An error in the file ends neither the file nor the script, unless
 * --abort-source-on-error is set.
 */
export const source: Command = async ({ args, line }, context) => {
  const [name] = args;
  if (name === undefined) {
    return context.error('Usage: \\. <filename> | source <filename>', line);
  }
  const path = expandHome(cleanPath(Buffer.from(name).toString('latin1')));
  const file = Buffer.from(path, 'latin1');
  const quoted = Buffer.concat([Buffer.from("'"), file, Buffer.from("'")]);
  const fd = context.sourceDepth < maxDepth ? openFile(file) : { error: constants.errno.EMFILE };
  if (typeof fd === 'object') {
    const reason = Buffer.from(`, error: ${fd.error}`);
    return context.error(
      Buffer.concat([Buffer.from('Failed to open file '), quoted, reason]),
      line,
    );
  }
  const content = createReadStream('', { fd, highWaterMark: 256 * 1024 });
  try {
    if (fstatSync(fd).isDirectory()) {
      const message = Buffer.concat([Buffer.from("Can't read from a directory "), quoted]);
      return await context.error(message, line);
    }
    return await context.runFile(file, content);
  } finally {
    content.destroy();
  }
};

/** Returns the file's descriptor, or the errno of the failed open(2). */
function openFile(file: Uint8Array): number | { error: number } {
  try {
    return openSync(Buffer.from(file), 'r');
  } catch (error) {
    return { error: -((error as NodeJS.ErrnoException).errno ?? 0) };
  }
}

/**
 * Returns a path as the client prints and opens it: without `//`, `x/./` and `x/../`, except at its
 * beginning. Does not access the file system. Observed: symbolic links are not followed.
 */
export function cleanPath(path: string): string {
  const slash = path.lastIndexOf('/');
  const kept: string[] = [];
  for (const [i, part] of path
    .slice(0, slash + 1)
    .split('/')
    .slice(0, -1)
    .entries()) {
    const last = kept.at(-1);
    if (i > 0 && (part === '' || part === '.')) continue;
    const isRemovable = last !== undefined && last !== '' && last !== '..' && last !== '.';
    if (part === '..' && isRemovable && last !== '~') kept.pop();
    else kept.push(part);
  }
  return [...kept, path.slice(slash + 1)].join('/');
}
