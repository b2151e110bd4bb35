import { sqlModeFromNames } from '../../src/protocol/sql-mode.js';
import type { Redirect, ScriptItem, ScriptOptions } from '../../src/script/item.js';
import { ScriptReader } from '../../src/script/reader.js';
import type { VersionRange } from '../farm/reference-client.js';
import type { Request } from './recording-server.js';

/**
 * The options for reading a case, named like the client's. Texts are latin1: a byte a character.
 */
export interface ReadOptions {
  delimiter?: string;
  comments?: boolean;
  binaryMode?: boolean;
  namedCommands?: boolean;
  source?: ScriptOptions['source'];
  characterSet?: string;
}

/**
 * A script (latin1: a byte a character), the items in it (see describeItem), the options, and how
 * some versions of the client differ.
 */
export type ScriptCase = [
  script: string,
  items: string[],
  options?: ReadOptions,
  difference?: ScriptDifference,
];

/** The requests that clients of some versions send for a script, instead of the usual ones. */
export interface ScriptDifference extends VersionRange {
  sent: Request[];
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/**
 * Describes an item in one line: `1 select 1` for a statement (line number and text), `1\G …` for a
 * vertical one, `1 :use [d]` for a client command, `1 :\\watch [2] <select 1>` for a shell command,
 * `1 ! …` for a problem.
 */
export function describeItem(item: ScriptItem): string {
  switch (item.kind) {
    case 'statement':
      return `${item.line}${item.vertical ? '\\G' : ''} ${text(item.sql)}${describeRedirect(item.redirect)}`;
    case 'command': {
      const args = item.args.map((arg) => ` [${text(arg)}]`).join('');
      const pending = item.name === 'print' ? ` <${text(item.pending)}>` : '';
      return `${item.line} :${item.name}${args}${pending}`;
    }
    case 'shell-command': {
      const args = item.args.map((arg) => ` [${text(arg)}]`).join('');
      const { vertical = false, redirect = undefined } = item.ending ?? {};
      const ending = `${vertical ? '\\G' : ''}${describeRedirect(redirect)}`;
      return `${item.line} :\\${item.name}${args}${ending} <${text(item.pending)}>`;
    }
    case 'problem':
      return `${item.line ?? '-'} ! ${text(item.message)}`;
  }
}

function describeRedirect(redirect: Redirect | undefined): string {
  return redirect === undefined ? '' : ` => ${redirect.kind} [${text(redirect.target)}]`;
}

export function createReader(options: ReadOptions): ScriptReader {
  return new ScriptReader({
    delimiter: Buffer.from(options.delimiter ?? ';', 'latin1'),
    comments: options.comments ?? false,
    binaryMode: options.binaryMode ?? false,
    namedCommands: options.namedCommands ?? false,
    source: options.source ?? 'stdin',
    characterSet: options.characterSet ?? 'utf8mb3',
  });
}

/**
 * Returns the items of a script that is read in `chunks`. Between the items it acts like a session:
 * it runs the command `charset`, and applies `set sql_mode`, as the server would report it.
 * Overwrites each chunk after it is read, to detect items that refer to its bytes for too long.
 */
export function readChunks(chunks: Uint8Array[], options: ReadOptions = {}): ScriptItem[] {
  const reader = createReader(options);
  const items: ScriptItem[] = [];
  const addItems = (found: Iterable<ScriptItem>) => {
    for (const item of found) {
      items.push(structuredClone(item));
      if (item.kind === 'statement' && /^set sql_mode/.test(text(item.sql))) {
        reader.sqlMode = sqlModeFromNames(/'(.*)'/.exec(text(item.sql))?.[1] ?? '');
      } else if (item.kind === 'command' && item.name === 'charset' && item.args[0]) {
        reader.characterSet = text(item.args[0]);
      }
    }
  };
  for (const chunk of chunks) {
    const copy = Buffer.from(chunk);
    addItems(reader.read(copy));
    copy.fill(0x3b);
  }
  addItems(reader.end());
  return items;
}

/** Returns the descriptions of the items of a script that is read as one chunk. */
export function readScript(script: string, options: ReadOptions = {}): string[] {
  return readChunks([Buffer.from(script, 'latin1')], options).map(describeItem);
}
