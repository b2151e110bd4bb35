import { Failure } from '../failure.js';
import type { Target, TargetRequest } from '../target/target.js';
import { findSection } from '../wikis/section.js';

/** Resolves a request to a target, as at the start of the program, and prints its warnings. */
export type FindTarget = (request: TargetRequest) => Promise<Target>;

/** Decides which target holds a database, depending on the current section. */
export class SectionRouter {
  readonly #request: TargetRequest;
  readonly #findTarget: FindTarget;

  /** `request`: the request at the start of the program. */
  constructor(request: TargetRequest, findTarget: FindTarget) {
    this.#request = request;
    this.#findTarget = findTarget;
  }

  /**
   * Resolves to the target of `database` if it is in another section than `current`. Resolves to
   * undefined if it is in the current section, if its section is unknown, or if the user named the
   * host, which is never left.
   *
   * On x1, a wiki's name means its database on x1. Rejects like FindTarget.
   */
  async findOtherSection(database: string, current: Target): Promise<Target | undefined> {
    if (current.section === undefined) return undefined;
    const { mwConfigPath } = this.#request;
    let section: string;
    try {
      ({ section } = findSection(database, { mwConfigPath, useX1: current.section === 'x1' }));
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
    if (section === current.section) return undefined;
    return this.#findTarget({ ...this.#request, wiki: database, section, useX1: false });
  }

  /** Looks up the current section again, because its host may have changed. */
  async findSameSection(current: Target): Promise<Target> {
    const { section, wiki } = current;
    if (section === undefined) return current;
    try {
      return await this.#findTarget({ ...this.#request, wiki, section, useX1: false });
    } catch (error) {
      if (error instanceof Failure) return current;
      throw error;
    }
  }
}
