import { Failure } from '../failure.js';
import type { Target, TargetRequest } from '../target/target.js';
import { findSection } from '../wikis/section.js';

/** Finds where something is, as at the program's start; what is to be said of it was said. */
export type FindTarget = (request: TargetRequest) => Promise<Target>;

/** Where databases are, seen from where a conversation is. */
export class SectionRouter {
  readonly #request: TargetRequest;
  readonly #findTarget: FindTarget;

  /** `request`: what the user asked for at first. */
  constructor(request: TargetRequest, findTarget: FindTarget) {
    this.#request = request;
    this.#findTarget = findTarget;
  }

  /**
   * The place of `database`, if it is in another section than the one at hand; undefined: it is
   * not, or no section is known of it, or the user named the host, which nothing moves.
   *
   * On x1 every wiki's name means the one there. Throws what finding a target throws.
   */
  async otherSection(database: string, here: Target): Promise<Target | undefined> {
    if (here.section === undefined) return undefined;
    const { mwConfigPath } = this.#request;
    let section: string;
    try {
      ({ section } = findSection(database, { mwConfigPath, useX1: here.section === 'x1' }));
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
    if (section === here.section) return undefined;
    return this.#findTarget({ ...this.#request, wiki: database, section, useX1: false });
  }

  /** The same section, looked up again: it may have another host by now. */
  async sameSection(here: Target): Promise<Target> {
    const { section, wiki } = here;
    if (section === undefined) return here;
    try {
      return await this.#findTarget({ ...this.#request, wiki, section, useX1: false });
    } catch (error) {
      if (error instanceof Failure) return here;
      throw error;
    }
  }
}
