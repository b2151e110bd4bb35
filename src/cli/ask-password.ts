import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { Failure } from '../failure.js';
import { writeStandardError } from '../output/standard-error.js';
import { toExactText } from '../text/exact-bytes.js';

const controlC = 0x03;
const controlD = 0x04;
const controlU = 0x15;
const eraseKeys = [0x08, 0x7f];
const lineEndKeys = [0x0a, 0x0d];

/**
 * Returns the password that the user types at the prompt, like `-p` without a value in mariadb
 * 10.11.19. The password is read from the terminal without echo, even if standard input is
 * redirected. Without a terminal, the prompt goes to standard error and the password is the first
 * line of standard input, read byte by byte so that the statements that follow remain unread.
 *
 * The result is a text of toExactText(). Ctrl-C cancels the prompt (the client ignores it). The mode
 * of the terminal is always restored.
 *
 * @throws Failure `interrupted` (130) after Ctrl-C
 */
export function askPassword(prompt = 'Enter password: '): Promise<string> {
  return ask(prompt, '');
}

/**
 * Returns the passphrase of a private key, with OpenSSL's prompt; otherwise like askPassword.
 * Observed: OpenSSL ends the prompt's line even if there is no terminal.
 */
export function askPassphrase(): Promise<string> {
  return ask('Enter PEM pass phrase:', '\n');
}

/** `lineEnd`: written after the answer if there is no terminal, where the user types it. */
async function ask(prompt: string, lineEnd: string): Promise<string> {
  const terminal = openTerminal();
  if (!terminal) {
    writeStandardError(prompt);
    const line = readLine(0);
    writeStandardError(lineEnd);
    return line;
  }
  try {
    terminal.input.setRawMode(true);
    writeSync(terminal.descriptor, prompt);
    return await readHidden(terminal.input);
  } finally {
    terminal.input.setRawMode(false);
    writeSync(terminal.descriptor, '\n');
    // This closes the descriptor too.
    terminal.input.destroy();
  }
}

function openTerminal(): { descriptor: number; input: ReadStream } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync('/dev/tty', 'r+');
  } catch {
    return undefined;
  }
  // Load node:tty only when needed: few runs ask for a password.
  const tty = process.getBuiltinModule('node:tty');
  if (tty.isatty(descriptor)) return { descriptor, input: new tty.ReadStream(descriptor) };
  closeSync(descriptor);
  return undefined;
}

/** Resolves with the typed line, after backspace and Ctrl-U are applied. */
function readHidden(input: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: number[] = [];
    input.on('error', reject);
    input.on('end', () => resolve(toExactText(Buffer.from(typed))));
    input.on('data', (bytes: Buffer) => {
      for (const byte of bytes) {
        if (byte === controlC) {
          reject(new Failure('interrupted', 'interrupted', 130));
          return;
        }
        if (lineEndKeys.includes(byte) || byte === controlD) {
          resolve(toExactText(Buffer.from(typed)));
          return;
        }
        if (byte === controlU) typed = [];
        else if (eraseKeys.includes(byte)) eraseCharacter(typed);
        else typed.push(byte);
      }
    });
  });
}

/** Removes the last UTF-8 character. */
function eraseCharacter(bytes: number[]): void {
  let last = bytes.pop();
  while (last !== undefined && (last & 0xc0) === 0x80) last = bytes.pop();
}

/**
 * Reads one line without its newline, as a text of toExactText(). Like in the client, a CR belongs to
 * the line. Reads nothing beyond the newline from the descriptor.
 *
 * @throws Failure `no-password` if the descriptor cannot be read
 */
export function readLine(descriptor: number): string {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (readByte(descriptor, one) && one[0] !== 0x0a) bytes.push(one[0] ?? 0);
  return toExactText(Buffer.from(bytes));
}

function readByte(descriptor: number, into: Buffer): boolean {
  for (;;) {
    try {
      return readSync(descriptor, into, 0, 1, null) === 1;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return false;
      if (code !== 'EAGAIN') throw new Failure('no-password', 'the password cannot be read');
      // EAGAIN: another process made the pipe non-blocking. Wait 20 ms for its writer.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
