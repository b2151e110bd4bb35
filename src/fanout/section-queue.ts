import type { PlannedWiki, SectionPlan } from './plan/plan.js';

/** The wikis of a section that are still to be asked, in their order. */
export class SectionQueue {
  readonly plan: SectionPlan;
  /** Workers that have a connection, or are still trying to get one. */
  workers = 0;
  readonly #waiting: string[];

  /** `wikis`: those of the plan that are not finished already. */
  constructor(plan: SectionPlan, wikis: readonly string[]) {
    this.plan = plan;
    this.#waiting = [...wikis].reverse();
  }

  next(): PlannedWiki | undefined {
    const wiki = this.#waiting.pop();
    return wiki === undefined ? undefined : { wiki, section: this.plan.name };
  }

  /** It could not be asked here: another worker takes it next. */
  putBack({ wiki }: PlannedWiki): void {
    this.#waiting.push(wiki);
  }

  get length(): number {
    return this.#waiting.length;
  }
}
