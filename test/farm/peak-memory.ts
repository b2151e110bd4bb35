import { readFileSync } from 'node:fs';

/**
 * Returns the most resident memory that a process has had, in kB (VmHWM, proc(5)); 0 if it has ended.
 * getrusage(2) would also count the process that forked it, since execve(2) keeps that maximum.
 */
export function peakMemory(pid: number | 'self'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
