import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRowsWiki } from '../farm/bench-pages.js';
import { type Farm, startFarm } from '../farm/farm.js';
import { manyWikis, pagesOf } from '../farm/many-contents.js';
import { manyNames, realSizes, type WikiSection } from '../farm/many-names.js';
import { shellVariables } from '../farm/shell.js';
import type { Contender, Task } from './measure.js';
import { sectionAlone } from './section-alone.js';
import type { World } from './world.js';

/** The section that holds most of the wikis, and so takes the longest. */
const largest = 's3';

const names = manyNames(realSizes);
const sections = Object.keys(names) as WikiSection[];
const all = Object.values(names).flat().sort();

/** Rows of each wiki, of `rowsEverywhere`. */
export const rowsPerWiki = 2_000;

/** The farm of 1,072 small wikis, in eight sections. */
export class ManyWorld {
  readonly count = all.length;
  readonly #farm: Farm;
  readonly #env: Record<string, string>;

  private constructor(farm: Farm, env: Record<string, string>) {
    this.#farm = farm;
    this.#env = { ...env, ...shellVariables(farm) };
  }

  static async start(world: World): Promise<ManyWorld> {
    const farm = await startFarm({ sections, contents: manyWikis(realSizes) });
    return new ManyWorld(farm, world.env);
  }

  stop(): Promise<void> {
    return this.#farm.stop();
  }

  /** analytics-mysql over all wikis. */
  ours(sql: string, ...args: string[]): Contender {
    return this.#ours('all', sql, args);
  }

  /** analytics-mysql over the largest section alone. */
  oursOfLargest(sql: string): Contender {
    return this.#ours(largest, sql, []);
  }

  #ours(wikis: string, sql: string, args: string[]): Contender {
    const words = ['--wikis', wikis, ...args, '-e', sql];
    // Its summary.
    const hushed = true;
    return { name: 'ours', command: 'analytics-mysql', args: words, env: this.#env, hushed };
  }

  /** The largest section's queries alone, on one connection that is open. */
  largestAlone(sql: string): Task {
    return sectionAlone(this.#login(largest), names[largest], sql, this.#env);
  }

  /** A process of mariadb for each of `count` wikis, taken evenly from all of them. */
  loop(sql: string, count: number): Contender {
    const sample = Array.from(
      { length: count },
      (_, i) => all[Math.floor((i * all.length) / count)],
    );
    const lines = sample.map((wiki = '') => {
      const section = sections.find((one) => names[one].includes(wiki));
      if (section === undefined) throw new Error(`${wiki} is in no section`);
      return `mariadb ${this.#login(section).join(' ')} -BN ${wiki} -e '${sql}'`;
    });
    const script = join(this.#farm.directory, 'loop.sh');
    writeFileSync(script, `${lines.join('\n')}\n`);
    return { name: 'loop of mariadb', command: 'bash', args: ['-e', script], env: this.#env };
  }

  /** Writes what `select count(*) from page` gives for all wikis, from what the farm was made of. */
  writeCounts(path: string): void {
    const lines = all.map((wiki) => `${wiki}\t${pagesOf(wiki)}\n`);
    writeFileSync(path, `wiki\tcount(*)\n${lines.join('')}`);
  }

  /**
   * Makes rows in the shape of MediaWiki's page table, and gives the SQL that asks each wiki for them.
   * The wikis of a section share them: a table that stays in the server's memory, so that it is not
   * the disk that is measured.
   */
  async rowsEverywhere(): Promise<string> {
    const load = (section: WikiSection) => loadRowsWiki(this.#farm, section, rowsPerWiki);
    await Promise.all(sections.map(load));
    return 'select * from rowswiki.page';
  }

  #login(section: WikiSection): string[] {
    const { address, port } = this.#farm.places[section];
    return ['-h', address, '-P', String(port)];
  }
}
