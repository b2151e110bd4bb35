import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isErrno } from '../../system-error.js';

/** The process that holds a lock: on this machine, or on another that shares the directory. */
interface LockHolder {
  host: string;
  /** The id of the machine's boot; empty, as is `startTime`, if the system does not provide it. */
  bootId: string;
  pid: number;
  startTime: string;
}

/**
 * A lock on a file: an empty file beside it, whose name identifies the process that holds it, as
 * `FILE.lock-HOST-BOOT-PID-STARTED`.
 *
 * A process first creates its own lock file and then looks for others, so that of two simultaneous
 * processes at most one continues (both may give up). A lock file of a killed process is stale and
 * is removed: no process has its id, or one with another start time does. A process on another
 * machine cannot be checked, so its lock is valid until someone removes it.
 */
export class LockFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Locks `path`, which need not exist; its directory must. If another process holds the lock,
   * returns the path of its lock file. Throws the system's error if the lock file cannot be
   * created.
   */
  static acquire(path: string): LockFile | string {
    const own = currentProcess();
    const prefix = `${basename(path)}.lock-`;
    const name = `${prefix}${own.host}-${own.bootId}-${own.pid}-${own.startTime}`;
    const lock = new LockFile(join(dirname(path), name));
    try {
      closeSync(openSync(lock.#path, 'wx', 0o600));
    } catch (error) {
      // This process already holds the lock.
      if (isErrno(error) && error.code === 'EEXIST') return lock.#path;
      throw error;
    }
    for (const other of readdirSync(dirname(path))) {
      if (!other.startsWith(prefix) || other === name) continue;
      const otherPath = join(dirname(path), other);
      if (mayBeRunning(parseHolder(other.slice(prefix.length)), own)) {
        lock.release();
        return otherPath;
      }
      rmSync(otherPath, { force: true });
    }
    return lock;
  }

  /** Removes the lock file. Safe to call at any time. */
  release(): void {
    rmSync(this.#path, { force: true });
  }
}

function currentProcess(): LockHolder {
  const host = hostname().replace(/[^\w.]/g, '_');
  return {
    host,
    bootId: readBootId(),
    pid: process.pid,
    startTime: readProcessStatus(process.pid)?.startTime ?? '',
  };
}

/** Parses the end of a lock file's name; none of its parts contains a hyphen. */
function parseHolder(text: string): LockHolder | undefined {
  const [host, bootId, pid, started] = text.split('-');
  if (host === undefined || bootId === undefined || started === undefined) return undefined;
  return { host, bootId, pid: Number(pid), startTime: started };
}

function mayBeRunning(holder: LockHolder | undefined, own: LockHolder): boolean {
  if (holder === undefined || !(holder.pid > 0)) return true;
  if (holder.host !== own.host) return true;
  if (holder.bootId !== own.bootId) return false;
  const status = readProcessStatus(holder.pid);
  // A zombie (Z) or dead (X) process no longer writes.
  if (status !== undefined)
    return status.startTime === holder.startTime && !/[ZX]/.test(status.state);
  return processExists(holder.pid);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(isErrno(error) && error.code === 'ESRCH');
  }
}

function readBootId(): string {
  return readFileIfPossible('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? '';
}

/** Reads fields 3 and 22 of proc_pid_stat(5): the state, and the start time in ticks since boot. */
function readProcessStatus(pid: number): { state: string; startTime: string } | undefined {
  // The second field is the program's name in parentheses and may contain any character.
  const fields = readFileIfPossible(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? undefined : { state, startTime: started };
}

function readFileIfPossible(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
