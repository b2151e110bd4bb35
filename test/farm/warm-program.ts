import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakMemory } from './peak-memory.js';
import type { WarmReply, WarmRequest } from './run-warm.js';
import { loadProgram, prepareProcess, rememberResources } from './warm-process.js';

/*
 * The process that run-warm.ts starts: it runs the built program many times, one run after the other.
 * Each run gets files as its standard input, output and error, and the environment and directory of its
 * request.
 */

const runProgram = loadProgram();

const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-warm-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const [input, output, errors] = ['input', 'output', 'errors'].map((name) => join(directory, name));

/** Opens a file as a certain descriptor: open(2) returns the lowest one that is free. */
function openAs(descriptor: number, path: string | undefined, flags: string): void {
  closeSync(descriptor);
  const opened = openSync(path ?? '', flags);
  if (opened !== descriptor) throw new Error(`opened ${path} as ${opened}, not as ${descriptor}`);
}

process.on('message', async ({ args, env, cwd, input: text }: WarmRequest) => {
  const restoresResources = rememberResources();
  writeFileSync(input ?? '', text);
  openAs(0, input, 'r');
  openAs(1, output, 'w');
  openAs(2, errors, 'w');
  const restore = prepareProcess({ env, cwd: cwd ?? process.cwd() });
  const end = await runProgram(args, process.env);
  restore();
  const reply: WarmReply = {
    stdout: readFileSync(output ?? ''),
    stderr: readFileSync(errors ?? ''),
    end,
    mostMemory: peakMemory('self'),
    isReusable: await restoresResources(),
  };
  process.send?.(reply);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
