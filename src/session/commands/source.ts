import { createReadStream, fstatSync, openSync, readFileSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import type { Command } from './context.js';

/** Files that may be under way at once; one that sources itself would take all memory. */
const deepest = 200;

/**
 * `source`: runs a file, whose path is relative to the working directory, not to the file that names
 * it. An error in it ends neither it nor the script, unless --abort-source-on-error says so.
 */
export const source: Command = async ({ args, line }, context) => {
  const [name] = args;
  if (name === undefined) {
    return context.error('Usage: \\. <filename> | source <filename>', line);
  }
  const path = expandHome(cleanPath(Buffer.from(name).toString('latin1')));
  const file = Buffer.from(path, 'latin1');
  const quoted = Buffer.concat([Buffer.from("'"), file, Buffer.from("'")]);
  const fd = context.depth < deepest ? openFile(file) : { error: constants.errno.EMFILE };
  if (typeof fd === 'object') {
    const why = Buffer.from(`, error: ${fd.error}`);
    return context.error(Buffer.concat([Buffer.from('Failed to open file '), quoted, why]), line);
  }
  const content = createReadStream('', { fd, highWaterMark: 256 * 1024 });
  try {
    if (fstatSync(fd).isDirectory()) {
      const what = Buffer.concat([Buffer.from("Can't read from a directory "), quoted]);
      return await context.error(what, line);
    }
    return await context.runFile(file, content);
  } finally {
    content.destroy();
  }
};

/** The file's descriptor, or the system's error number. */
function openFile(file: Uint8Array): number | { error: number } {
  try {
    return openSync(Buffer.from(file), 'r');
  } catch (error) {
    return { error: -((error as NodeJS.ErrnoException).errno ?? 0) };
  }
}

/**
 * A path as the client writes it down, and opens it: `//`, `x/./` and `x/../` are taken out, but
 * for those at its beginning. It does not ask the file system (observed, links are not followed).
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
    const removable = last !== undefined && last !== '' && last !== '..' && last !== '.';
    if (part === '..' && removable && last !== '~') kept.pop();
    else kept.push(part);
  }
  return [...kept, path.slice(slash + 1)].join('/');
}

/** `~/x` and `~user/x`; a user that there is not stays as written. */
function expandHome(path: string): string {
  const [, user, rest] = /^~([^/]*)(\/.*)$/.exec(path) ?? [];
  if (user === undefined || rest === undefined) return path;
  const home = user === '' ? (process.env.HOME ?? homedir()) : homeOf(user);
  return home === undefined ? path : `${home}${rest}`;
}

function homeOf(user: string): string | undefined {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.find((line) => line.startsWith(`${user}:`))?.split(':')[5];
  } catch {
    return undefined;
  }
}
