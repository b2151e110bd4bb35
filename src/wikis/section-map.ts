import { join } from 'node:path';
import type { Dblists } from './dblists.js';
import {
  filterSectionFiles,
  findSectionByRule,
  inTwoSectionsError,
  noSectionsError,
  type Section,
} from './section.js';

/**
 * Finds the sections of many wikis by the rules of findSection. It reads the sN.dblist files only
 * once.
 */
export class SectionMap {
  readonly #dblists: Dblists;
  #files: Map<string, string[]> | undefined;

  constructor(dblists: Dblists) {
    this.#dblists = dblists;
  }

  /**
   * Returns all wikis in the sN.dblist files. Throws Failure `no-dblists`, and the errors of
   * Dblists.
   */
  listWikis(): ReadonlySet<string> {
    return new Set(this.#loadFiles().keys());
  }

  /**
   * Returns the section of a database; undefined if it is unknown.
   * @throws Failure `log-moved`, `wiki-in-two-sections`, `no-dblists`, and the errors of Dblists
   */
  find(database: string, useX1: boolean): Section | undefined {
    const byRule = findSectionByRule(database, useX1);
    if (byRule !== undefined) return byRule;
    const { directory } = this.#dblists;
    const [file, second] = this.#loadFiles().get(database) ?? [];
    if (file === undefined) return undefined;
    if (second !== undefined) throw inTwoSectionsError(database, file, second, directory);
    const section = file.slice(0, -'.dblist'.length);
    return { section, source: 'dblist', detail: join(directory, file) };
  }

  /** Returns a map from each wiki to the files that contain it. */
  #loadFiles(): ReadonlyMap<string, string[]> {
    if (this.#files !== undefined) return this.#files;
    const found = new Map<string, string[]>();
    const files = filterSectionFiles(this.#dblists.listFiles());
    if (files.length === 0) throw noSectionsError(this.#dblists.directory);
    for (const file of files) {
      for (const wiki of this.#dblists.readFile(file)) {
        const earlierFiles = found.get(wiki);
        if (earlierFiles === undefined) found.set(wiki, [file]);
        else earlierFiles.push(file);
      }
    }
    this.#files = found;
    return found;
  }
}
