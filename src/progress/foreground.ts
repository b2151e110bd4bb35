import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What proc(5) says of a process in /proc/PID/stat, behind its name. */
interface Stat {
  parent: number;
  group: number;
  /** The process group in the foreground of its terminal. */
  foreground: number;
}

/**
 * Whether this process is in the foreground of its terminal: behind `&` or Ctrl-Z the terminal is
 * somebody else's. True where the system does not say.
 */
export function inForeground(): boolean {
  const stat = statOf('self');
  return stat === undefined || stat.foreground <= 0 || stat.group === stat.foreground;
}

/**
 * Whether another process of the same job writes to a terminal: the reader of our standard output in
 * `… | less` or `… | jq`, whose screen must be left alone; not that of `… | gzip > file`. Those that
 * wait for us (`sh -c`, `make`) are no readers.
 */
export function readerIsOnTerminal(): boolean {
  const own = statOf('self')?.group;
  if (own === undefined) return false;
  const waiting = ancestors();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || waiting.has(Number(name))) continue;
    if (statOf(name)?.group === own && isTerminal(`/proc/${name}/fd/1`)) return true;
  }
  return false;
}

/** This process, its parent, and so on. */
function ancestors(): ReadonlySet<number> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 1 && !found.has(pid); ) {
    found.add(pid);
    pid = statOf(String(pid))?.parent ?? 0;
  }
  return found;
}

function statOf(pid: string): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name is in parentheses, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), group: Number(fields[2]), foreground: Number(fields[5]) };
  } catch {
    return undefined;
  }
}

function isTerminal(descriptor: string): boolean {
  try {
    return /^\/dev\/(?:pts\/\d|tty)/.test(readlinkSync(descriptor));
  } catch {
    // It has ended, or is another user's.
    return false;
  }
}
