import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isErrno } from '../../system-error.js';

/** Who holds a file: a process of this machine, or of another that shares the directory. */
interface Holder {
  host: string;
  /** Of the machine's boot, and within it; both empty where the system does not tell them. */
  boot: string;
  pid: number;
  started: string;
}

/**
 * A process's claim to a file: an empty file beside it, whose name says which process holds it, as
 * `FILE.lock-HOST-BOOT-PID-STARTED`. A process first puts up its own and then looks for others, so
 * of two that come at once at most one goes on (both may give way). A claim that a killed process
 * left behind does not count and is removed: its process is gone, or has begun at another time and
 * only got the number again. Whether a process of another machine runs cannot be seen from here, so
 * its claim counts until someone removes it.
 */
export class LockFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Claims `path`, which need not be there, but its directory must. Gives the path of the claim that
   * stands against it, if there is one. Throws the system's error where no file can be made.
   */
  static make(path: string): LockFile | string {
    const own = thisProcess();
    const prefix = `${basename(path)}.lock-`;
    const name = `${prefix}${own.host}-${own.boot}-${own.pid}-${own.started}`;
    const claim = new LockFile(join(dirname(path), name));
    try {
      closeSync(openSync(claim.#path, 'wx', 0o600));
    } catch (error) {
      // This process holds it already.
      if (isErrno(error) && error.code === 'EEXIST') return claim.#path;
      throw error;
    }
    for (const other of readdirSync(dirname(path))) {
      if (!other.startsWith(prefix) || other === name) continue;
      const otherPath = join(dirname(path), other);
      if (mayRun(holderOf(other.slice(prefix.length)), own)) {
        claim.release();
        return otherPath;
      }
      rmSync(otherPath, { force: true });
    }
    return claim;
  }

  /** Safe at any time. */
  release(): void {
    rmSync(this.#path, { force: true });
  }
}

function thisProcess(): Holder {
  const host = hostname().replace(/[^\w.]/g, '_');
  return { host, boot: boot(), pid: process.pid, started: statusOf(process.pid)?.started ?? '' };
}

/** The parts behind the host have no hyphen in them, and the host has none. */
function holderOf(text: string): Holder | undefined {
  const [host, boot, pid, started] = text.split('-');
  if (host === undefined || boot === undefined || started === undefined) return undefined;
  return { host, boot, pid: Number(pid), started };
}

function mayRun(holder: Holder | undefined, own: Holder): boolean {
  if (holder === undefined || !(holder.pid > 0)) return true;
  if (holder.host !== own.host) return true;
  if (holder.boot !== own.boot) return false;
  const status = statusOf(holder.pid);
  // What has ended and was not waited for yet writes nothing any more.
  if (status !== undefined) return status.started === holder.started && !/[ZX]/.test(status.state);
  return answers(holder.pid);
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(isErrno(error) && error.code === 'ESRCH');
  }
}

function boot(): string {
  return read('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? '';
}

/** Fields 3 and 22 of proc_pid_stat(5): the state, and the start in ticks since the machine's. */
function statusOf(pid: number): { state: string; started: string } | undefined {
  // The second field is the program's name in parentheses, which may hold any character.
  const fields = read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
