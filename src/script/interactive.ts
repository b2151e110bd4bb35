import type { SqlMode } from '../protocol/sql-mode.js';
import type { Opening } from './opening.js';
import { ScriptReader } from './reader.js';
import type { Trace } from './trace.js';

export { continuationPrompt, type Opening } from './opening.js';

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

export interface Look {
  /**
   * Whether Enter runs the text: something in it is ended or carried out, as the client would do at
   * once, or there is nothing in it to wait for. What is pending behind goes back into the editor
   * (see ScriptReader.rest), even with a quote open: so it stands on the client's next line.
   */
  complete: boolean;
  /** For each line, what is open where it begins. */
  openings: readonly Opening[];
}

/** Looks at a text that is being edited, without its last newline. Does nothing of what it says. */
export function look(text: string, options: InteractiveOptions): Look {
  const reader = interactiveReader(options);
  const openings: Opening[] = [];
  let acted = false;
  for (const line of text.split('\n')) {
    openings.push(reader.opening);
    readThrough(reader, `${line}\n`);
    acted ||= reader.acted;
  }
  return { complete: acted || reader.opening === '', openings };
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
