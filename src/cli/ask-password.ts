import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { Failure } from '../failure.js';
import { writeStandardError } from '../standard-error.js';

const controlC = 0x03;
const controlD = 0x04;
const controlU = 0x15;
const erasers = [0x08, 0x7f];
const ends = [0x0a, 0x0d];

/**
 * Asks for a password, or with another prompt, as `-p` without a value does in mariadb 10.11.19: on the terminal without
 * echo, also where standard input is something else; where there is no terminal, the prompt goes to
 * standard error and the first line of standard input is the password, read byte by byte so that
 * the rest remains for the statements.
 *
 * Ctrl-C ends it (the client ignores it). The terminal is put back in every case.
 *
 * @throws Failure `interrupted` (130) after Ctrl-C
 */
export async function askPassword(prompt = 'Enter password: '): Promise<string> {
  const terminal = openTerminal();
  if (!terminal) {
    writeStandardError(prompt);
    return readLine(0);
  }
  try {
    terminal.input.setRawMode(true);
    writeSync(terminal.descriptor, prompt);
    return await readHidden(terminal.input);
  } finally {
    terminal.input.setRawMode(false);
    writeSync(terminal.descriptor, '\n');
    // Closes the descriptor too.
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
  // Loaded late: few runs ask for a password.
  const tty = process.getBuiltinModule('node:tty');
  if (tty.isatty(descriptor)) return { descriptor, input: new tty.ReadStream(descriptor) };
  closeSync(descriptor);
  return undefined;
}

/** Resolves with what is typed before the end of the line, corrections applied. */
function readHidden(input: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: number[] = [];
    input.on('error', reject);
    input.on('end', () => resolve(Buffer.from(typed).toString()));
    input.on('data', (bytes: Buffer) => {
      for (const byte of bytes) {
        if (byte === controlC) {
          reject(new Failure('interrupted', 'interrupted', 130));
          return;
        }
        if (ends.includes(byte) || byte === controlD) {
          resolve(Buffer.from(typed).toString());
          return;
        }
        if (byte === controlU) typed = [];
        else if (erasers.includes(byte)) eraseCharacter(typed);
        else typed.push(byte);
      }
    });
  });
}

/** Takes one UTF-8 character off the end. */
function eraseCharacter(bytes: number[]): void {
  let last = bytes.pop();
  while (last !== undefined && (last & 0xc0) === 0x80) last = bytes.pop();
}

/** One line without its end (a CR is part of it, as for the client), taking nothing that follows it from the descriptor. */
export function readLine(descriptor: number): string {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (readByte(descriptor, one) && one[0] !== 0x0a) bytes.push(one[0] ?? 0);
  return Buffer.from(bytes).toString();
}

function readByte(descriptor: number, into: Buffer): boolean {
  for (;;) {
    try {
      return readSync(descriptor, into, 0, 1, null) === 1;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return false;
      if (code !== 'EAGAIN') throw new Failure('no-password', 'the password cannot be read');
      // A pipe that another process made non-blocking: wait a little for its writer.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
