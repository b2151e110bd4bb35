import { type ChildProcess, fork, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundleProgram } from '../bundle-program.js';

export interface HelperRequest {
  id: number;
  command: string;
  args: string[];
  options: Pick<SpawnOptionsWithoutStdio, 'cwd' | 'env' | 'timeout' | 'killSignal'>;
  input: string | Uint8Array;
}

export interface HelperReply {
  id: number;
  stdout: Uint8Array;
  stderr: Uint8Array;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The reason why the program could not be started. */
  error: string | undefined;
}

/** Milliseconds. */
const START_TIMEOUT = 20_000;

/*
 * A small separate process starts the programs, because fork(2) takes longer the more memory the
 * caller has. Observed (Node 20.19, libuv 1.46): a spawn blocks for 1.4 ms in a process of 50 MB and
 * for 24 ms in one of 450 MB, which is the size that a vitest worker reaches.
 */
let helper: Promise<ChildProcess> | undefined;
const waiting = new Map<number, (reply: HelperReply) => void>();
let requests = 0;

/** Runs a program to its end; returns its output and exit status. Rejects if it cannot be started. */
export async function runInHelper(
  request: Omit<HelperRequest, 'id'>,
): Promise<Omit<HelperReply, 'id' | 'error'>> {
  helper ??= startHelper();
  const started = await helper;
  const id = requests++;
  const reply = await new Promise<HelperReply>((resolve, reject) => {
    waiting.set(id, resolve);
    started.send({ ...request, id } satisfies HelperRequest, (error) => error && reject(error));
  });
  waiting.delete(id);
  if (reply.error !== undefined) throw new Error(reply.error);
  return reply;
}

async function startHelper(): Promise<ChildProcess> {
  const bundle = await bundleProgram(join(import.meta.dirname, 'run-helper.ts'));
  const started = fork(bundle, { execArgv: [], serialization: 'advanced' });
  // The bundle may be deleted as soon as the process has loaded it.
  await once(started, 'message', { signal: AbortSignal.timeout(START_TIMEOUT) });
  started.on('message', (reply: HelperReply) => waiting.get(reply.id)?.(reply));
  // Neither the process nor its channel keeps the worker alive.
  started.unref();
  started.channel?.unref();
  return started;
}
