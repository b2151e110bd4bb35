import { Failure } from '../failure.js';
import { getRedactedDatabase, getWikiOfRedactedDatabase } from '../target/redacted.js';
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
   * Returns the database that a user means by a name: on the redacted replicas `itwiki_p` for the
   * wiki itwiki, otherwise the name itself.
   *
   * @throws Failure `not-redacted` for a database that has no redacted copy
   */
  findDatabase(name: string, current: Target): string {
    if (!current.redacted || this.#findSection(name, current) === undefined) return name;
    return getRedactedDatabase(name);
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
    const wiki = current.redacted ? getWikiOfRedactedDatabase(database) : database;
    const section = this.#findSection(wiki, current);
    if (section === undefined || section === current.section) return undefined;
    return this.#findTarget({ ...this.#request, wiki, section, useX1: false });
  }

  /** Returns the section of a wiki; undefined if it is unknown. */
  #findSection(wiki: string, current: Target): string | undefined {
    const { mwConfigPath } = this.#request;
    try {
      return findSection(wiki, { mwConfigPath, useX1: current.section === 'x1' }).section;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
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
