import { sqlModeOfNames } from '../../src/protocol/sql-mode.js';
import type { ScriptItem, ScriptOptions, Statement } from '../../src/script/item.js';
import { ScriptReader } from '../../src/script/reader.js';
import type { VersionRange } from '../farm/reference-client.js';
import type { Request } from './recording-server.js';

/** How a case is read, in the client's words; scripts are latin1, a byte a character. */
export interface ReadOptions {
  delimiter?: string;
  comments?: boolean;
  binaryMode?: boolean;
  namedCommands?: boolean;
  source?: ScriptOptions['source'];
  characterSet?: string;
}

/** A script (latin1, a byte a character), what is read from it (see shownItem), and how. */
export type ScriptCase = [
  script: string,
  items: string[],
  options?: ReadOptions,
  difference?: ScriptDifference,
];

/** What clients of some versions do otherwise with a script: what they send. */
export interface ScriptDifference extends VersionRange {
  sent: Request[];
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/**
 * An item as one line: `1 select 1` (line, statement), `1\G …` where it is to be shown vertically,
 * `1 :use [d]` for a command, `1 :\\watch [2] <select 1>` for the shell's own, `1 ! …` for a problem.
 */
export function shownItem(item: ScriptItem): string {
  switch (item.kind) {
    case 'statement':
      return `${item.line}${item.vertical ? '\\G' : ''} ${text(item.sql)}${shownRedirect(item)}`;
    case 'command': {
      const args = item.args.map((arg) => ` [${text(arg)}]`).join('');
      const pending = item.name === 'print' ? ` <${text(item.pending)}>` : '';
      return `${item.line} :${item.name}${args}${pending}`;
    }
    case 'shell-command': {
      const args = item.args.map((arg) => ` [${text(arg)}]`).join('');
      return `${item.line} :\\${item.name}${args} <${text(item.pending)}>`;
    }
    case 'problem':
      return `${item.line ?? '-'} ! ${text(item.message)}`;
  }
}

function shownRedirect({ redirect }: Statement): string {
  return redirect === undefined ? '' : ` => ${redirect.kind} [${text(redirect.to)}]`;
}

export function newReader(options: ReadOptions): ScriptReader {
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
 * Reads a script that comes in `chunks`, and does between the items what a session would: the
 * command charset, and the server's flag, which `set sql_mode` changes. Each chunk is wiped when
 * it is used up, so that a byte that is lent for too long shows.
 */
export function readChunks(chunks: Uint8Array[], options: ReadOptions = {}): ScriptItem[] {
  const reader = newReader(options);
  const items: ScriptItem[] = [];
  const take = (found: Iterable<ScriptItem>) => {
    for (const item of found) {
      items.push(structuredClone(item));
      if (item.kind === 'statement' && /^set sql_mode/.test(text(item.sql))) {
        reader.sqlMode = sqlModeOfNames(/'(.*)'/.exec(text(item.sql))?.[1] ?? '');
      } else if (item.kind === 'command' && item.name === 'charset' && item.args[0]) {
        reader.characterSet = text(item.args[0]);
      }
    }
  };
  for (const chunk of chunks) {
    const copy = Buffer.from(chunk);
    take(reader.read(copy));
    copy.fill(0x3b);
  }
  take(reader.end());
  return items;
}

/** The items of a script that comes in one piece, a line each. */
export function readScript(script: string, options: ReadOptions = {}): string[] {
  return readChunks([Buffer.from(script, 'latin1')], options).map(shownItem);
}
