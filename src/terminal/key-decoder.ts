import { emitKeypressEvents, type Key } from 'node:readline';
import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** One input from the terminal. */
export type KeyInput =
  /** A key: its name (`a`, `ctrl-a`, `alt-f`, `shift-tab`, `up`), and the text that it types. */
  | { kind: 'key'; name: string; text: string; sequence: string }
  /** Pasted text; its line breaks are `\n`. */
  | { kind: 'paste'; text: string }
  /** A whole line, from a dumb terminal, which edits lines itself. */
  | { kind: 'line'; text: string }
  /** The terminal was closed, or reported the end of the input. */
  | { kind: 'end' };

/** The terminal's answer to `sizeQuery`. */
export interface SizeReport {
  kind: 'size';
  columns: number;
  rows: number;
}

/** Asks the terminal for its size in characters; not all terminals answer. */
export const sizeQuery = '\x1b[18t';
const sizeReport = /\x1b\[8;(\d+);(\d+)t/;
/** The beginning of a report at the end of a chunk. A bare ESC is a key. */
const partialSizeReport = /\x1b\[8(;\d*(;\d*)?)?$/;

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/** How long, in ms, to wait after an ESC for the rest of a sequence; then it is the Escape key. */
const escapeDelay = 100;

/** Keys that Node's decoder does not name. */
const otherControls: Readonly<Record<string, string>> = {
  '\x00': 'ctrl-space',
  '\x1c': 'ctrl-\\',
  '\x1d': 'ctrl-]',
  '\x1e': 'ctrl-^',
  '\x1f': 'ctrl-_',
};

/**
 * Decodes the bytes of a terminal into keys and pasted text. Node's own decoder handles the keys;
 * pasted text is extracted before, since the decoder would report each of its characters as a key.
 * Characters and sequences may be split anywhere between two writes.
 */
export class KeyDecoder {
  readonly #deliver: (input: KeyInput | SizeReport) => void;
  readonly #characters = new StringDecoder('utf8');
  /**
   * Carries text to Node's decoder by emitted `data` events alone: the decoder then runs
   * synchronously, so that keys and pasted text stay in order.
   */
  readonly #stream = new PassThrough();
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #pasted: string[] | undefined;

  constructor(deliver: (input: KeyInput | SizeReport) => void) {
    this.#deliver = deliver;
    emitKeypressEvents(this.#stream);
    this.#stream.on('keypress', (_text: string | undefined, key: Key) => deliver(toKeyInput(key)));
  }

  write(chunk: Uint8Array): void {
    clearTimeout(this.#timer);
    let text = this.#pending + this.#characters.write(Buffer.from(chunk));
    this.#pending = '';
    while (text !== '') {
      const marker = this.#pasted === undefined ? pasteStart : pasteEnd;
      const report = this.#pasted === undefined ? sizeReport.exec(text) : null;
      if (report !== null && !text.slice(0, report.index).includes(marker)) {
        this.#forward(text.slice(0, report.index));
        this.#deliver({ kind: 'size', rows: Number(report[1]), columns: Number(report[2]) });
        text = text.slice(report.index + report[0].length);
        continue;
      }
      const found = text.indexOf(marker);
      if (found < 0) {
        const partialReport =
          this.#pasted === undefined ? (partialSizeReport.exec(text)?.[0] ?? '') : '';
        this.#pending = partialReport || partialMarkerAtEnd(marker, text);
        this.#forward(text.slice(0, text.length - this.#pending.length));
        break;
      }
      this.#forward(text.slice(0, found));
      text = text.slice(found + marker.length);
      this.#togglePaste();
    }
    if (this.#pending !== '' && this.#pasted === undefined) {
      this.#timer = setTimeout(() => this.#flushPending(), escapeDelay);
    }
  }

  #forward(text: string): void {
    if (this.#pasted !== undefined) this.#pasted.push(text);
    else if (text !== '') this.#stream.emit('data', text);
  }

  #togglePaste(): void {
    const pasted = this.#pasted;
    this.#pasted = pasted === undefined ? [] : undefined;
    if (pasted === undefined) return;
    this.#deliver({ kind: 'paste', text: pasted.join('').replace(/\r\n?/g, '\n') });
  }

  /** Handles text that was held back as the possible start of a paste marker, but is not one. */
  #flushPending(): void {
    const pending = this.#pending;
    this.#pending = '';
    if (pending === '\x1b') {
      this.#deliver({ kind: 'key', name: 'escape', text: '', sequence: pending });
    } else {
      this.#forward(pending);
    }
  }
}

/** Returns the longest proper prefix of the marker that the text ends with. */
function partialMarkerAtEnd(marker: string, text: string): string {
  for (let length = Math.min(marker.length - 1, text.length); length > 0; length--) {
    const beginning = marker.slice(0, length);
    if (text.endsWith(beginning)) return beginning;
  }
  return '';
}

function toKeyInput(key: Key): KeyInput {
  const sequence = key.sequence ?? '';
  return { kind: 'key', name: keyName(key, sequence), text: typedText(sequence), sequence };
}

function keyName(key: Key, sequence: string): string {
  const control = otherControls[sequence];
  if (control !== undefined) return control;
  if (key.name === 'enter') return key.meta ? 'alt-return' : 'return';
  const bare = sequence.replace(/^\x1b+/, '');
  const isLetter = /^[A-Za-z]$/.test(bare);
  const name = isLetter ? bare.toLowerCase() : (key.name ?? bare);
  const shift = key.shift && !isLetter ? 'shift-' : '';
  return `${key.ctrl ? 'ctrl-' : ''}${key.meta ? 'alt-' : ''}${shift}${name}`;
}

/** Returns the character that a key types; empty for control characters and sequences. */
function typedText(sequence: string): string {
  const [first = ''] = sequence;
  return first === sequence && !/[\x00-\x1f\x7f]/.test(sequence) ? sequence : '';
}

/** Splits the input from a dumb terminal, which edits lines itself, into lines. */
export class LineDecoder {
  readonly #deliver: (input: KeyInput) => void;
  readonly #characters = new StringDecoder('utf8');
  #partialLine = '';

  constructor(deliver: (input: KeyInput) => void) {
    this.#deliver = deliver;
  }

  write(chunk: Uint8Array): void {
    const lines = (this.#partialLine + this.#characters.write(Buffer.from(chunk))).split('\n');
    this.#partialLine = lines.pop() ?? '';
    for (const text of lines) this.#deliver({ kind: 'line', text });
  }
}
