import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ProgramEnd } from '../../src/signals.js';
import { bundleProgram } from '../bundle-program.js';
import { programModule } from './sections.js';

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

/** Milliseconds. */
const START_TIMEOUT = 20_000;

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
  const child = idle[kind].pop() ?? (await startWarm());
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

async function startWarm(): Promise<ChildProcess> {
  const bundle = await bundleProgram(join(import.meta.dirname, 'warm-program.ts'));
  const started = fork(bundle, [programModule], { execArgv: [], serialization: 'advanced' });
  // The bundle may be deleted as soon as the process has loaded it.
  await once(started, 'message', { signal: AbortSignal.timeout(START_TIMEOUT) });
  // Neither the process nor its channel keeps the worker alive.
  started.unref();
  started.channel?.unref();
  return started;
}
