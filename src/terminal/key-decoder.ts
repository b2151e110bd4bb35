import { emitKeypressEvents, type Key } from 'node:readline';
import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** What comes from the terminal. */
export type KeyInput =
  /** A key by its name (`a`, `ctrl-a`, `alt-f`, `shift-tab`, `up`), and the text that it types. */
  | { kind: 'key'; name: string; text: string; sequence: string }
  /** Text that was pasted, with its line breaks as `\n`. */
  | { kind: 'paste'; text: string }
  /** A whole line, from a terminal that edits its lines by itself. */
  | { kind: 'line'; text: string }
  /** The terminal is gone, or says that nothing more comes. */
  | { kind: 'end' };

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/** How long, in ms, an ESC waits for the rest of a sequence before it is the Escape key. */
const escapeDelay = 100;

/** Keys that Node's decoder has no name for. */
const otherControls: Readonly<Record<string, string>> = {
  '\x00': 'ctrl-space',
  '\x1c': 'ctrl-\\',
  '\x1d': 'ctrl-]',
  '\x1e': 'ctrl-^',
  '\x1f': 'ctrl-_',
};

/**
 * Turns the bytes of a terminal into keys, by Node's own decoder, and pasted text, which is cut out
 * before: a decoder of keys would take a long paste apart into a key each. Characters and sequences
 * may be split anywhere between two writes.
 */
export class KeyDecoder {
  readonly #deliver: (input: KeyInput) => void;
  readonly #characters = new StringDecoder('utf8');
  /** Never flows: what is emitted on it by hand is decoded at once, in order with what is pasted. */
  readonly #stream = new PassThrough();
  #held = '';
  #timer: NodeJS.Timeout | undefined;
  #pasted: string[] | undefined;

  constructor(deliver: (input: KeyInput) => void) {
    this.#deliver = deliver;
    emitKeypressEvents(this.#stream);
    this.#stream.on('keypress', (_text: string | undefined, key: Key) => deliver(keyInput(key)));
  }

  write(chunk: Uint8Array): void {
    clearTimeout(this.#timer);
    let text = this.#held + this.#characters.write(Buffer.from(chunk));
    this.#held = '';
    while (text !== '') {
      const marker = this.#pasted === undefined ? pasteStart : pasteEnd;
      const found = text.indexOf(marker);
      if (found < 0) {
        this.#held = beginningOf(marker, text);
        this.#pass(text.slice(0, text.length - this.#held.length));
        break;
      }
      this.#pass(text.slice(0, found));
      text = text.slice(found + marker.length);
      this.#switch();
    }
    if (this.#held !== '' && this.#pasted === undefined) {
      this.#timer = setTimeout(() => this.#giveUp(), escapeDelay);
    }
  }

  #pass(text: string): void {
    if (this.#pasted !== undefined) this.#pasted.push(text);
    else if (text !== '') this.#stream.emit('data', text);
  }

  #switch(): void {
    const pasted = this.#pasted;
    this.#pasted = pasted === undefined ? [] : undefined;
    if (pasted === undefined) return;
    this.#deliver({ kind: 'paste', text: pasted.join('').replace(/\r\n?/g, '\n') });
  }

  /** What was held back for the rest of the marker of a paste is something else. */
  #giveUp(): void {
    const held = this.#held;
    this.#held = '';
    if (held === '\x1b') {
      this.#deliver({ kind: 'key', name: 'escape', text: '', sequence: held });
    } else {
      this.#pass(held);
    }
  }
}

/** How much of the marker stands at the end of the text. */
function beginningOf(marker: string, text: string): string {
  for (let length = Math.min(marker.length - 1, text.length); length > 0; length--) {
    const beginning = marker.slice(0, length);
    if (text.endsWith(beginning)) return beginning;
  }
  return '';
}

function keyInput(key: Key): KeyInput {
  const sequence = key.sequence ?? '';
  return { kind: 'key', name: nameOf(key, sequence), text: textOf(sequence), sequence };
}

function nameOf(key: Key, sequence: string): string {
  const control = otherControls[sequence];
  if (control !== undefined) return control;
  if (key.name === 'enter') return key.meta ? 'alt-return' : 'return';
  const bare = sequence.replace(/^\x1b+/, '');
  const isLetter = /^[A-Za-z]$/.test(bare);
  const name = isLetter ? bare.toLowerCase() : (key.name ?? bare);
  const shift = key.shift && !isLetter ? 'shift-' : '';
  return `${key.ctrl ? 'ctrl-' : ''}${key.meta ? 'alt-' : ''}${shift}${name}`;
}

/** The character that a key types; none for control characters and sequences. */
function textOf(sequence: string): string {
  const [first = ''] = sequence;
  return first === sequence && !/[\x00-\x1f\x7f]/.test(sequence) ? sequence : '';
}

/** Cuts what a terminal that edits its lines by itself gives into lines. */
export class LineDecoder {
  readonly #deliver: (input: KeyInput) => void;
  readonly #characters = new StringDecoder('utf8');
  #begun = '';

  constructor(deliver: (input: KeyInput) => void) {
    this.#deliver = deliver;
  }

  write(chunk: Uint8Array): void {
    const lines = (this.#begun + this.#characters.write(Buffer.from(chunk))).split('\n');
    this.#begun = lines.pop() ?? '';
    for (const text of lines) this.#deliver({ kind: 'line', text });
  }
}
