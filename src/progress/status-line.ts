import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

/*
 * Draws the status line of a run on the terminal.
 */

/** The descriptor of standard error. */
const standardError = 2;

const eraseLine = '\r\x1b[K';

/** The width to assume for a terminal that does not report its width. */
const defaultColumns = 80;

/**
 * A status line on the terminal of standard error, redrawn in place at the cursor. The text must be
 * printable ASCII. Nothing is drawn while the job is in the background. Call `clear` before
 * anything else writes to the terminal.
 */
export class StatusLine {
  #fd: number | undefined;
  #shown = '';

  /** The maximum length of a text in columns. The last column stays free: the cursor would wrap. */
  get width(): number {
    // Node updates `columns` at each SIGWINCH.
    return Math.max((process.stderr.columns || defaultColumns) - 1, 0);
  }

  /** Draws a text in place of the previous one, truncated to `width`. */
  show(text: string): void {
    const line = text.slice(0, this.width);
    if (line === this.#shown || !isInForeground()) return;
    if (this.#write(`\r${line}\x1b[K`)) this.#shown = line;
  }

  /** Erases the line; the cursor is then at the beginning of an empty line. */
  clear(): void {
    if (this.#shown === '') return;
    this.#shown = '';
    if (isInForeground()) this.#write(eraseLine);
  }

  /** Erases the line and closes the descriptor. */
  close(): void {
    this.clear();
    if (this.#fd !== undefined && this.#fd !== standardError) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Returns false if the terminal is stopped (Ctrl-S); the text is then dropped. */
  #write(text: string): boolean {
    this.#fd ??= openTerminal();
    try {
      writeSync(this.#fd, text);
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * Returns a new non-blocking descriptor of the terminal, or standard error if that cannot be
 * opened. Standard error shares its open file description with other processes, and non-blocking
 * mode would break their writes.
 */
function openTerminal(): number {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${standardError}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    // There is no /proc, or the terminal belongs to another user (su).
    return standardError;
  }
}

/**
 * Tests whether this process is in the foreground of its terminal: after `&` or Ctrl-Z another job
 * is. Returns true if the system does not tell. Reads the fields pgrp and tpgid of /proc/self/stat
 * (proc(5)).
 */
function isInForeground(): boolean {
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
