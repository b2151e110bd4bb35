import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

/** Standard error. */
const descriptor = 2;

const erase = '\r\x1b[K';

/** Cells of a terminal that does not tell. */
const usual = 80;

/**
 * One line at the cursor of the terminal behind standard error, drawn over and over; for text of
 * printable ASCII. Nothing is drawn while the job is in the background. Whoever else writes to the
 * terminal calls `clear` first.
 */
export class StatusLine {
  #fd: number | undefined;
  #shown = '';

  /** How many cells a text may take now: the last column stays free, where the cursor would wrap. */
  get room(): number {
    // Its size is read again at each SIGWINCH.
    return Math.max((process.stderr.columns || usual) - 1, 0);
  }

  /** Draws a text in place of the one before; what is over its room is cut off. */
  show(text: string): void {
    const line = text.slice(0, this.room);
    if (line === this.#shown || !inForeground()) return;
    if (this.#write(`\r${line}\x1b[K`)) this.#shown = line;
  }

  /** Takes the line away; the cursor stands at the beginning of an empty line. */
  clear(): void {
    if (this.#shown === '') return;
    this.#shown = '';
    if (inForeground()) this.#write(erase);
  }

  /** Takes the line away for good. */
  close(): void {
    this.clear();
    if (this.#fd !== undefined && this.#fd !== descriptor) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** False where the terminal takes nothing at the moment (Ctrl-S): nobody waits for that. */
  #write(text: string): boolean {
    this.#fd ??= ownDescriptor();
    try {
      writeSync(this.#fd, text);
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * The terminal's own open file description, non-blocking: that of standard error is shared with other
 * processes, whom non-blocking mode would break. Else standard error itself.
 */
function ownDescriptor(): number {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    // No /proc, or the terminal is another user's (su).
    return descriptor;
  }
}

/**
 * Whether this process is in the foreground of its terminal; after `&` or Ctrl-Z another job owns the
 * terminal. True where the system does not say. Reads the fields pgrp and tpgid of /proc/self/stat
 * (proc(5)).
 */
function inForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // The command name is in parentheses and may contain anything; the fields follow it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [group, foregroundGroup] = [Number(fields[2]), Number(fields[5])];
    return foregroundGroup <= 0 || group === foregroundGroup;
  } catch {
    return true;
  }
}
