import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** One run of a program, as the kernel accounts for it. */
export interface Run {
  /** milliseconds from start to end */
  wall: number;
  /** seconds of user and system time */
  cpu: number;
  /** megabytes at the peak */
  memory: number;
}

/** A program to be measured. */
export interface Contender {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
  /** Where its standard output goes; without it, it is thrown away. */
  output?: string;
  /** What its standard input reads; without it, nothing. */
  input?: string;
  /** What it says on standard error is not shown. */
  hushed?: boolean;
}

/** Something of our own that takes a while; gives how long, in milliseconds. */
export type Task = () => Promise<number>;

/** Runs a program to its end under GNU time, which writes its figures to `figures`. */
async function runOnce(
  { command, args, env, output, input, hushed }: Contender,
  figures: string,
): Promise<Run> {
  const stdout = openSync(output ?? '/dev/null', 'w');
  const stdin = openSync(input ?? '/dev/null', 'r');
  const started = performance.now();
  const child = spawn('/usr/bin/time', ['-f', '%U %S %M', '-o', figures, command, ...args], {
    stdio: [stdin, stdout, hushed ? 'ignore' : 'inherit'],
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
 * Runs the contenders in turn, A B C A B C …, so that a machine whose speed drifts treats them
 * alike; one round more than `rounds`, of which the first does not count.
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

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The median of each figure over all runs. */
export function typical(runs: Run[] = []): Run {
  const of = (figure: keyof Run) => median(runs.map((run) => run[figure]));
  return { wall: of('wall'), cpu: of('cpu'), memory: of('memory') };
}

/** The median of the pairwise ratios a/b of runs that came one after the other. */
export function ratio(a: Run[] | undefined, b: Run[] | undefined, figure: keyof Run): number {
  return median((a ?? []).map((run, i) => run[figure] / (b?.[i]?.[figure] ?? Number.NaN)));
}
