import type { SqlMode } from '../protocol/sql-mode.js';
import { ScriptReader } from './reader.js';
import type { Trace } from './token.js';

/** How a text is read that is being edited: what the shell's reader has at this moment. */
export interface InteractiveOptions {
  delimiter: string;
  sqlMode: SqlMode;
  /** The client's; utf8mb4 if left out. */
  characterSet?: string;
  /** --comments */
  comments?: boolean;
  /** --named-commands */
  namedCommands?: boolean;
}

/** A reader of a text that is being edited. */
export function interactiveReader(options: InteractiveOptions, trace?: Trace): ScriptReader {
  const reader = new ScriptReader(
    {
      delimiter: Buffer.from(options.delimiter),
      comments: options.comments ?? false,
      binaryMode: false,
      namedCommands: options.namedCommands ?? false,
      source: 'terminal',
      characterSet: options.characterSet ?? 'utf8mb4',
    },
    trace,
  );
  reader.sqlMode = options.sqlMode;
  return reader;
}

/** Reads a text and passes over what comes out of it. */
export function readThrough(reader: ScriptReader, text: string | Uint8Array): void {
  const items = reader.read(typeof text === 'string' ? Buffer.from(text) : text);
  while (items.next().done !== true);
}
