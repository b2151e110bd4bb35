import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ProgramEnd } from '../../src/signals.js';

/*
 * Runs the built program in a process that has already started, because the start of Node.js takes ten
 * times as long as most runs.
 */

export interface WarmRequest {
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string | undefined;
  input: string | Uint8Array;
}

export interface WarmReply {
  stdout: Uint8Array;
  stderr: Uint8Array;
  end: ProgramEnd;
  /** False if the run has left something open, so that its process must end. */
  isReusable: boolean;
  /** The most resident memory that the process has had, in kB. */
  mostMemory: number;
}

/** The processes that are waiting for a run: those of runs whose memory is measured have run no others. */
const idle: Record<'measured' | 'other', ChildProcess[]> = { measured: [], other: [] };

/**
 * Runs the built program once. Its standard streams are files. Rejects if the process ends, or is killed
 * because the run takes longer than `timeout` milliseconds.
 */
export async function runWarm(
  request: WarmRequest,
  timeout: number,
  kind: keyof typeof idle = 'other',
): Promise<WarmReply> {
  const child = idle[kind].pop() ?? startWarm();
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
  const over = new AbortController();
  const { signal } = over;
  try {
    child.send(request);
    const reply = once(child, 'message', { signal }) as Promise<[WarmReply]>;
    const [result] = await Promise.race([reply, failAtExit(child, signal)]);
    if (result.isReusable) idle[kind].push(child);
    else child.disconnect();
    return result;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** Rejects when a process has ended; never resolves. */
async function failAtExit(child: ChildProcess, signal: AbortSignal): Promise<never> {
  const [code, name] = await once(child, 'exit', { signal });
  throw new Error(`the process of the program ended with ${name ?? `exit status ${code}`}`);
}

function startWarm(): ChildProcess {
  const started = fork(join(import.meta.dirname, 'warm-program.ts'), {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  });
  // Neither the process nor its channel keeps the worker alive.
  started.unref();
  started.channel?.unref();
  return started;
}
