import type { SqlMode } from '../protocol/sql-mode.js';
import { ScriptReader } from './reader.js';
import type { ReaderListener } from './token.js';

/** The current settings of the shell's reader, with which a text is read while it is edited. */
export interface InteractiveOptions {
  delimiter: string;
  sqlMode: SqlMode;
  /** The client's character set; utf8mb4 by default. */
  characterSet?: string;
  /** --comments */
  comments?: boolean;
  /** --named-commands */
  namedCommands?: boolean;
  /** The beginning of a text in which unknown commands are already reported. */
  reported?: string;
}

/** Returns a reader for a text that is being edited. */
export function createInteractiveReader(
  options: InteractiveOptions,
  listener?: ReaderListener,
): ScriptReader {
  const reader = new ScriptReader(
    {
      delimiter: Buffer.from(options.delimiter),
      comments: options.comments ?? false,
      binaryMode: false,
      namedCommands: options.namedCommands ?? false,
      source: 'terminal',
      characterSet: options.characterSet ?? 'utf8mb4',
    },
    listener,
  );
  reader.sqlMode = options.sqlMode;
  return reader;
}

/** Reads a text and discards the items in it. */
export function discardItems(reader: ScriptReader, text: string | Uint8Array): void {
  const items = reader.read(typeof text === 'string' ? Buffer.from(text) : text);
  while (items.next().done !== true);
}
