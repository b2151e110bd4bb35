import type { Plan } from './plan/plan.js';
import { SectionQueue } from './section-queue.js';
import { type RunParts, type Work, Worker } from './worker.js';

export interface RunnerOptions extends RunParts {
  plan: Plan;
}

/**
 * Asks all wikis of a plan: the sections side by side, each over its own connections, the wikis of a
 * section in their order.
 */
export class Runner {
  readonly #work: Work;
  readonly #workers: Worker[] = [];
  readonly #resting = new Set<() => void>();

  constructor({ plan, ...parts }: RunnerOptions) {
    const { collector, stats, limits } = parts;
    this.#work = {
      ...parts,
      stopped: false,
      rest: (milliseconds) => this.#rest(milliseconds),
      onFailure: () => {
        if (limits.failFast) void this.stop();
      },
    };
    const finished = collector.alreadyDone;
    for (const section of plan.sections) {
      const queue = new SectionQueue(
        section,
        section.wikis.filter(({ wiki }) => !finished.has(wiki)),
      );
      const count = Math.min(limits.perSection, queue.length);
      for (let i = 0; i < count; i++) this.#workers.push(new Worker(queue, this.#work));
    }
    for (const planned of plan.wikis) {
      const before = finished.get(planned.wiki);
      if (before === undefined) continue;
      const { rows, bytes } = before;
      const outcome = 'finished-before';
      const known = { ...planned, outcome, rows, bytes, seconds: 0 } as const;
      stats.end({ ...known, reason: undefined, serverVersion: undefined, result: before });
    }
  }

  /** The run was ended before its end: by a signal, or with --fail-fast by the first failure. */
  get stopped(): boolean {
    return this.#work.stopped;
  }

  /** What may still be running on the servers after `stop`, a line each. */
  get stillRunning(): string[] {
    return this.#workers.flatMap(({ stillRunning }) => stillRunning ?? []);
  }

  /**
   * Settles when every wiki has ended, or the run was stopped. Rejects with what made it impossible
   * to go on (OutputError, Failure, a defect); all else was stopped then.
   */
  async run(): Promise<void> {
    try {
      await Promise.all(this.#workers.map((worker) => worker.run()));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends the run: nothing new begins, and what runs is ended on the servers. */
  async stop(): Promise<void> {
    if (this.#work.stopped) return;
    this.#work.stopped = true;
    for (const wakeUp of this.#resting) wakeUp();
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }

  #rest(milliseconds: number): Promise<void> {
    if (this.#work.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wakeUp = () => {
        clearTimeout(timer);
        this.#resting.delete(wakeUp);
        resolve();
      };
      const timer = setTimeout(wakeUp, milliseconds);
      this.#resting.add(wakeUp);
    });
  }
}
