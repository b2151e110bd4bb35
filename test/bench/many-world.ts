import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRowsWiki } from '../farm/bench-pages.js';
import { type Farm, startFarm } from '../farm/farm.js';
import { manyWikis, pageCount } from '../farm/many-contents.js';
import { manyNames, realSizes, type WikiSection } from '../farm/many-names.js';
import { shellVariables } from '../farm/shell.js';
import type { Contender, Task } from './measure.js';
import { timeSection } from './section-alone.js';
import type { World } from './world.js';

/** The section with the most wikis, which therefore takes the longest. */
const largest = 's3';

const names = manyNames(realSizes);
const sections = Object.keys(names) as WikiSection[];
const all = Object.values(names).flat().sort();

/** The number of rows per wiki that `loadRowsEverywhere` creates. */
export const rowsPerWiki = 2_000;

/** A farm of 1,072 small wikis in eight sections, and the programs that query it. */
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

  /** Returns analytics-mysql over all wikis. */
  createOurs(sql: string, ...args: string[]): Contender {
    return this.#createOurs('all', sql, args);
  }

  /** Returns analytics-mysql over only the largest section. */
  createOursForLargest(sql: string): Contender {
    return this.#createOurs(largest, sql, []);
  }

  #createOurs(wikis: string, sql: string, args: string[]): Contender {
    const allArguments = ['--wikis', wikis, ...args, '-e', sql];
    // Standard error has the summary.
    const discardsErrors = true;
    return {
      name: 'ours',
      command: 'analytics-mysql',
      args: allArguments,
      env: this.#env,
      discardsErrors,
    };
  }

  /** Returns a task that times only the queries of the largest section, on one open connection. */
  timeLargestSection(sql: string): Task {
    return timeSection(this.#login(largest), names[largest], sql, this.#env);
  }

  /** Returns a script that runs mariadb for `count` wikis, spread evenly over all of them. */
  createClientLoop(sql: string, count: number): Contender {
    const sample = Array.from(
      { length: count },
      (_, i) => all[Math.floor((i * all.length) / count)],
    );
    const lines = sample.map((wiki = '') => {
      const section = sections.find((candidate) => names[candidate].includes(wiki));
      if (section === undefined) throw new Error(`${wiki} is in no section`);
      return `mariadb ${this.#login(section).join(' ')} -BN ${wiki} -e '${sql}'`;
    });
    const script = join(this.#farm.directory, 'loop.sh');
    writeFileSync(script, `${lines.join('\n')}\n`);
    return { name: 'loop of mariadb', command: 'bash', args: ['-e', script], env: this.#env };
  }

  /** Writes the expected output of `select count(*) from page` over all wikis. */
  writeCounts(path: string): void {
    const lines = all.map((wiki) => `${wiki}\t${pageCount(wiki)}\n`);
    writeFileSync(path, `wiki\tcount(*)\n${lines.join('')}`);
  }

  /**
   * Creates rows in the shape of MediaWiki's page table; returns the SQL that selects them in each
   * wiki. The wikis of a section share one table, which fits in the server's memory, so that the
   * benchmark does not measure the disk.
   */
  async loadRowsEverywhere(): Promise<string> {
    const load = (section: WikiSection) => loadRowsWiki(this.#farm, section, rowsPerWiki);
    await Promise.all(sections.map(load));
    return 'select * from rowswiki.page';
  }

  #login(section: WikiSection): string[] {
    const { address, port } = this.#farm.endpoints[section];
    return ['-h', address, '-P', String(port)];
  }
}
