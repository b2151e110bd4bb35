import type { PlannedWiki, SectionPlan } from './plan/plan.js';

/** The wikis of a section that are still to be asked, in their order. */
export class SectionQueue {
  readonly plan: SectionPlan;
  /** Workers that have a connection, or are still trying to get one. */
  workers = 0;
  readonly #waiting: PlannedWiki[];

  /** `wikis`: those of the plan that are not finished already. */
  constructor(plan: SectionPlan, wikis: readonly PlannedWiki[]) {
    this.plan = plan;
    this.#waiting = [...wikis].reverse();
  }

  /** The next wikis, `most` at most, and no more than leaves as many for each of the other workers. */
  take(most: number): PlannedWiki[] {
    const share = Math.ceil(this.#waiting.length / Math.max(this.workers, 1));
    const count = Math.min(most, share);
    return count > 0 ? this.#waiting.splice(-count).reverse() : [];
  }

  /** They could not be asked: they are the next again. */
  putBack(wikis: readonly PlannedWiki[]): void {
    this.#waiting.push(...[...wikis].reverse());
  }

  get length(): number {
    return this.#waiting.length;
  }
}
