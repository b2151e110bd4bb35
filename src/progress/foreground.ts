import { readFileSync } from 'node:fs';

/**
 * Whether this process is in the foreground of its terminal; after `&` or Ctrl-Z another job owns the
 * terminal. True where the system does not say. Reads the fields pgrp and tpgid of /proc/self/stat
 * (proc(5)).
 */
export function inForeground(): boolean {
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
