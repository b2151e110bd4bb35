import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isErrno } from '../../system-error.js';

/** The process that holds a lock: on this machine, or on another that shares the directory. */
export interface LockHolder {
  host: string;
  /** The id of the machine's boot; empty, as is `startTime`, if the system does not provide it. */
  bootId: string;
  pid: number;
  startTime: string;
}

/** The lock of another process. */
export interface HeldLock {
  path: string;
  /** Undefined if the lock file's name cannot be read. */
  holder: LockHolder | undefined;
  /** `unknown`: the process is on another host, or the system does not show it. */
  state: 'running' | 'unknown';
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
   * returns that lock. Throws the system's error if the lock file cannot be
   * created.
   */
  static acquire(path: string): LockFile | HeldLock {
    const own = currentProcess();
    const prefix = `${basename(path)}.lock-`;
    const name = `${prefix}${own.host}-${own.bootId}-${own.pid}-${own.startTime}`;
    const lock = new LockFile(join(dirname(path), name));
    try {
      closeSync(openSync(lock.#path, 'wx', 0o600));
    } catch (error) {
      // This process already holds the lock.
      if (isErrno(error) && error.code === 'EEXIST') {
        return { path: lock.#path, holder: own, state: 'running' };
      }
      throw error;
    }
    for (const other of readdirSync(dirname(path))) {
      if (!other.startsWith(prefix) || other === name) continue;
      const otherPath = join(dirname(path), other);
      const holder = parseHolder(other.slice(prefix.length));
      const state = findState(holder, own);
      if (state !== 'dead') {
        lock.release();
        return { path: otherPath, holder, state };
      }
      removeIfPossible(otherPath);
    }
    return lock;
  }

  /** Removes the lock file. Safe to call at any time. */
  release(): void {
    rmSync(this.#path, { force: true });
  }
}

/** Removes the lock file of a dead process; in some directories only its owner can. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays, and every run finds that its process is dead.
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
  if (bootId === undefined || started === undefined || !(Number(pid) > 0)) return undefined;
  return { host: host ?? '', bootId, pid: Number(pid), startTime: started };
}

function findState(holder: LockHolder | undefined, own: LockHolder): HeldLock['state'] | 'dead' {
  if (holder === undefined || holder.host !== own.host) return 'unknown';
  if (holder.bootId !== own.bootId) return 'dead';
  const status = readProcessStatus(holder.pid);
  if (status === undefined) return processExists(holder.pid) ? 'unknown' : 'dead';
  // A zombie (Z) or dead (X) process no longer writes.
  const isRunning = status.startTime === holder.startTime && !/[ZX]/.test(status.state);
  return isRunning ? 'running' : 'dead';
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
