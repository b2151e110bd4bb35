import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Program from '../../src/program.js';
import type { WarmReply, WarmRequest } from './run-warm.js';
import { projectRoot } from './sections.js';

/*
 * The process that run-warm.ts starts: it runs the built program many times, one run after the other.
 * Each run gets files as its standard input, output and error, and the environment and directory of its
 * request.
 */

const { runProgram } = createRequire(import.meta.url)(
  join(projectRoot, 'dist/program.js'),
) as typeof Program;

const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-warm-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const [input, output, errors] = ['input', 'output', 'errors'].map((name) => join(directory, name));

/** Opens a file as a certain descriptor: open(2) returns the lowest one that is free. */
function openAs(descriptor: number, path: string | undefined, flags: string): void {
  closeSync(descriptor);
  const opened = openSync(path ?? '', flags);
  if (opened !== descriptor) throw new Error(`opened ${path} as ${opened}, not as ${descriptor}`);
}

/** Returns what a run must leave as it found it: listeners of the process, sockets, timers, children. */
function resourcesInUse(): string {
  const listeners = process
    .eventNames()
    .map((name) => `${String(name)} ${process.listenerCount(name)}`);
  return [...listeners, ...process.getActiveResourcesInfo()].sort().join('\n');
}

/** Waits until a condition is true, for 100 ms at most: the server closes its end of a socket late. */
async function becomesTrue(condition: () => boolean): Promise<boolean> {
  for (let waits = 0; !condition(); waits++) {
    if (waits === 50) return false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return true;
}

/** Replaces all variables of the environment. */
function setEnvironment(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

process.on('message', async (request: WarmRequest) => {
  const { title } = process;
  const cwd = process.cwd();
  const before = resourcesInUse();
  writeFileSync(input ?? '', request.input);
  openAs(0, input, 'r');
  openAs(1, output, 'w');
  openAs(2, errors, 'w');
  setEnvironment(request.env);
  process.chdir(request.cwd ?? cwd);
  const end = await runProgram(request.args, process.env);
  process.chdir(cwd);
  process.title = title;
  const reply: WarmReply = {
    stdout: readFileSync(output ?? ''),
    stderr: readFileSync(errors ?? ''),
    end,
    mostMemory: process.resourceUsage().maxRSS,
    isReusable: await becomesTrue(() => resourcesInUse() === before),
  };
  process.send?.(reply);
});
process.on('disconnect', () => process.exit());
