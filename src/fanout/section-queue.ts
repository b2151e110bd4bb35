import type { PlannedWiki, SectionPlan } from './plan/plan.js';

/** The wikis of a section that are waiting to run, in the order of the plan. */
export class SectionQueue {
  readonly plan: SectionPlan;
  /** The number of workers that have a connection or are trying to connect. */
  workers = 0;
  readonly #waiting: PlannedWiki[];

  /** `wikis` are those of the plan that are not already done. */
  constructor(plan: SectionPlan, wikis: readonly PlannedWiki[]) {
    this.plan = plan;
    this.#waiting = [...wikis].reverse();
  }

  /** Removes and returns the next wikis: at most `limit`, and at most this worker's fair share. */
  take(limit: number): PlannedWiki[] {
    const share = Math.ceil(this.#waiting.length / Math.max(this.workers, 1));
    const count = Math.min(limit, share);
    return count > 0 ? this.#waiting.splice(-count).reverse() : [];
  }

  /** Puts wikis that could not run back to the front of the queue. */
  putBack(wikis: readonly PlannedWiki[]): void {
    this.#waiting.push(...[...wikis].reverse());
  }

  get length(): number {
    return this.#waiting.length;
  }
}
