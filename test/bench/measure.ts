import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** The resources that one run of a program used. */
export interface Run {
  /** Milliseconds from start to end. */
  wall: number;
  /** Seconds of user and system time. */
  cpu: number;
  /** Peak memory in megabytes. */
  memory: number;
}

/** A program to be measured. */
export interface Contender {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
  /** The file for standard output; without it, output is discarded. */
  output?: string;
  /** The file for standard input; without it, input is empty. */
  input?: string;
  /** True to discard standard error. */
  discardsErrors?: boolean;
}

/** A measurement in this process; returns its duration in milliseconds. */
export type Task = () => Promise<number>;

/** Runs a program under GNU time, which writes its figures to the file `figures`. */
async function runOnce(
  { command, args, env, output, input, discardsErrors }: Contender,
  figures: string,
): Promise<Run> {
  const stdout = openSync(output ?? '/dev/null', 'w');
  const stdin = openSync(input ?? '/dev/null', 'r');
  const started = performance.now();
  const child = spawn('/usr/bin/time', ['-f', '%U %S %M', '-o', figures, command, ...args], {
    stdio: [stdin, stdout, discardsErrors ? 'ignore' : 'inherit'],
    env,
  });
  const [code] = await once(child, 'close');
  const wall = performance.now() - started;
  closeSync(stdout);
  closeSync(stdin);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(figures, 'utf8')
    .split(' ')
    .map(Number);
  return { wall, cpu: user + system, memory: kilobytes / 1000 };
}

/**
 * Runs the contenders in turn, A B C A B C …, so that changes in the machine's speed affect all of them.
 * A first round before the `rounds` is not counted. Returns the runs of each contender.
 */
export async function measure(
  contenders: (Contender | Task)[],
  rounds: number,
  figures: string,
): Promise<Run[][]> {
  const runs: Run[][] = contenders.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const run =
        typeof contender === 'function'
          ? { wall: await contender(), cpu: Number.NaN, memory: Number.NaN }
          : await runOnce(contender, figures);
      if (round > 0) runs[i]?.push(run);
    }
  }
  return runs;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Returns the median of each figure over all runs. */
export function medianRun(runs: Run[] = []): Run {
  const medianOf = (figure: keyof Run) => median(runs.map((run) => run[figure]));
  return { wall: medianOf('wall'), cpu: medianOf('cpu'), memory: medianOf('memory') };
}

/** Returns the median of the ratios a/b of runs in the same round. */
export function medianRatio(a: Run[] | undefined, b: Run[] | undefined, figure: keyof Run): number {
  return median((a ?? []).map((run, i) => run[figure] / (b?.[i]?.[figure] ?? Number.NaN)));
}
