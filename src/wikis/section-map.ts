import { join } from 'node:path';
import type { Dblists } from './dblists.js';
import { inTwoSections, noSections, type Section, sectionByRule, sectionFiles } from './section.js';

/**
 * The sections of all wikis, by the rules of findSection, out of one reading of the sN.dblist
 * files: for many wikis at a time.
 */
export class SectionMap {
  readonly #dblists: Dblists;
  #files: Map<string, string[]> | undefined;

  constructor(dblists: Dblists) {
    this.#dblists = dblists;
  }

  /** All wikis that some section's dblist names. Throws Failure `no-dblists`, and as Dblists. */
  wikis(): ReadonlySet<string> {
    return new Set(this.#filesOf().keys());
  }

  /**
   * The section of a database; undefined: nothing says where it is.
   * @throws Failure `log-moved`, `wiki-in-two-sections`, `no-dblists`, and as Dblists
   */
  find(database: string, useX1: boolean): Section | undefined {
    const ruled = sectionByRule(database, useX1);
    if (ruled !== undefined) return ruled;
    const { directory } = this.#dblists;
    const [file, second] = this.#filesOf().get(database) ?? [];
    if (file === undefined) return undefined;
    if (second !== undefined) throw inTwoSections(database, file, second, directory);
    const section = file.slice(0, -'.dblist'.length);
    return { section, source: 'dblist', detail: join(directory, file) };
  }

  /** Wiki → the files that name it. */
  #filesOf(): ReadonlyMap<string, string[]> {
    if (this.#files !== undefined) return this.#files;
    const found = new Map<string, string[]>();
    const files = sectionFiles(this.#dblists.files());
    if (files.length === 0) throw noSections(this.#dblists.directory);
    for (const file of files) {
      for (const wiki of this.#dblists.readFile(file)) {
        const before = found.get(wiki);
        if (before === undefined) found.set(wiki, [file]);
        else before.push(file);
      }
    }
    this.#files = found;
    return found;
  }
}
