import type { Plan } from './plan/plan.js';
import { SectionQueue } from './section-queue.js';
import { type RunDependencies, Worker, type WorkerContext } from './worker.js';

export interface RunnerOptions extends RunDependencies {
  plan: Plan;
}

/**
 * Runs the script on all wikis of a plan. Sections run in parallel, each over its own connections;
 * the wikis of a section run in the order of the plan.
 */
export class Runner {
  readonly #context: WorkerContext;
  readonly #workers: Worker[] = [];
  readonly #sleepers = new Set<() => void>();

  constructor({ plan, ...dependencies }: RunnerOptions) {
    const { collector, stats, limits } = dependencies;
    this.#context = {
      ...dependencies,
      isStopped: false,
      sleep: (milliseconds) => this.#sleep(milliseconds),
      onFailure: () => {
        if (limits.failFast) void this.stop();
      },
    };
    const alreadyDone = collector.alreadyDone;
    for (const section of plan.sections) {
      const queue = new SectionQueue(
        section,
        section.wikis.filter(({ wiki }) => !alreadyDone.has(wiki)),
      );
      const count = Math.min(limits.perSection, queue.length);
      for (let i = 0; i < count; i++) this.#workers.push(new Worker(queue, this.#context));
    }
    for (const { wikis, failure } of plan.unresolved) {
      const reason = { errno: 0, sqlState: '', text: failure.message };
      for (const planned of wikis.filter(({ wiki }) => !alreadyDone.has(wiki))) {
        // Another run may find the server.
        collector.markWithoutResult(planned.wiki, 'failed', { errno: 0, isFinal: false });
        const counts = { rows: 0, bytes: 0, seconds: 0 };
        stats.endWiki({
          ...planned,
          outcome: 'failed',
          reason,
          ...counts,
          serverVersion: undefined,
        });
        this.#context.onFailure();
      }
    }
    for (const planned of plan.wikis) {
      const resumed = alreadyDone.get(planned.wiki);
      if (resumed === undefined) continue;
      const { rows, bytes } = resumed;
      const outcome = 'finished-before';
      const fields = { ...planned, outcome, rows, bytes, seconds: 0 } as const;
      stats.endWiki({ ...fields, reason: undefined, serverVersion: undefined, result: resumed });
    }
  }

  /** Whether the run was stopped early: by a signal, or by the first failure with --fail-fast. */
  get isStopped(): boolean {
    return this.#context.isStopped;
  }

  /** One line for each statement that may still be running on a server after it was given up. */
  get stillRunningMessages(): string[] {
    return this.#workers.flatMap(({ stillRunningMessages }) => stillRunningMessages);
  }

  /**
   * Resolves when every wiki has ended or the run was stopped. On an error that ends the whole run
   * (OutputError, Failure, a bug) it stops all workers first, then rejects with that error.
   */
  async run(): Promise<void> {
    try {
      await Promise.all(this.#workers.map((worker) => worker.run()));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops the run: starts no further wiki and kills running statements on the servers. */
  async stop(): Promise<void> {
    if (this.#context.isStopped) return;
    this.#context.isStopped = true;
    for (const wakeUp of this.#sleepers) wakeUp();
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#context.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wakeUp = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wakeUp);
        resolve();
      };
      const timer = setTimeout(wakeUp, milliseconds);
      this.#sleepers.add(wakeUp);
    });
  }
}
