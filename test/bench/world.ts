import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { loadPages } from '../farm/bench-pages.js';
import { type Farm, startFarm } from '../farm/farm.js';
import { makeHome, shellVariables } from '../farm/shell.js';
import type { Contender, Run } from './measure.js';
import { record } from './recording.js';
import { type Replay, type ReplayServer, startReplay } from './replay.js';

/** One line of the printed table. */
export interface Figure {
  work: string;
  /** The figure; `aim` or `work` names its unit. */
  measured: number | string;
  /** The target, such as `≤ 1.05`; without it, the line is for information only. */
  aim?: string;
}

/** The number of rows of the large table. Fewer rows give only a rough result. */
export const rows = Number(process.env.BENCH_ROWS ?? 2_000_000);

/** The section whose address the replay server uses: enwiki's, which has no server in this farm. */
const replaySection = 's1';

/** Provides the measurements with a farm, the two programs, and data that several of them share. */
export class World {
  readonly farm: Farm;
  readonly env: Record<string, string>;
  #pages: Promise<void> | undefined;
  #replays: ReplayServer[] = [];

  private constructor(farm: Farm) {
    this.farm = farm;
    const { NODE_EXTRA_CA_CERTS: _, ...own } = process.env;
    this.env = {
      ...(own as Record<string, string>),
      ...shellVariables(farm),
      HOME: makeHome(farm),
      LC_ALL: 'C.UTF-8',
    };
  }

  static async start(): Promise<World> {
    return new World(await startFarm({ sections: ['s2'] }));
  }

  async stop(): Promise<void> {
    for (const replay of this.#replays) replay.close();
    await this.farm.stop();
  }

  /** The path of the file to which GNU time writes its figures. */
  get figures(): string {
    return this.path('figures');
  }

  /** Returns the path of a file in the farm's directory. */
  path(name: string): string {
    return join(this.farm.directory, name);
  }

  /** Returns analytics-mysql with these arguments. */
  createOurs(...args: string[]): Contender {
    return { name: 'ours', command: 'analytics-mysql', args, env: this.env };
  }

  /** Returns mariadb with the same target; `wiki` is itwiki, or enwiki for a replay. */
  createClient(wiki: 'itwiki' | 'enwiki', ...args: string[]): Contender {
    const { address, port } = this.farm.endpoints[wiki === 'itwiki' ? 's2' : replaySection];
    const server = ['-h', address, '-P', String(port), wiki];
    return { name: 'mariadb', command: 'mariadb', args: [...server, ...args], env: this.env };
  }

  /** Creates the large table on the first call; returns the SQL that selects it. */
  async loadPageTable(): Promise<string> {
    this.#pages ??= loadPages(this.farm, rows);
    await this.#pages;
    return 'select * from page_big';
  }

  /**
   * Records the server's response to `sql`. From then on, enwiki's server answers the query `name` with
   * these rows, repeated `times` times. It replaces the previous replay.
   */
  async replay(name: string, sql: string, times: number): Promise<void> {
    const { name: user, password } = this.farm.users.admin;
    const login = [`-u${user}`, `-p${password}`, 'itwiki'];
    const recording = await record(this.farm.endpoints.s2, login, sql);
    await this.serve(new Map([[name, { recording, times }]]));
  }

  /** Starts a server for enwiki that answers a query with its replay, and any other query with OK. */
  async serve(replays: ReadonlyMap<string, Replay>): Promise<void> {
    for (const replay of this.#replays) replay.close();
    this.#replays = [await startReplay(this.farm.endpoints[replaySection], replays)];
  }

  /** Writes a mediawiki-config checkout with as many wikis as the real one; returns its path. */
  writeManyWikis(): string {
    const path = this.path('many-wikis');
    mkdirSync(join(path, 'dblists'), { recursive: true });
    const all: string[] = ['itwiki', 'enwiki'];
    while (all.length < 1072) all.push(`w${all.length}wiki`);
    const write = (name: string, wikis: string[]) =>
      writeFileSync(join(path, 'dblists', `${name}.dblist`), `${wikis.join('\n')}\n`);
    write('all', [...all].sort());
    write('s1', ['enwiki']);
    write('s2', ['itwiki', ...all.slice(2, 20)]);
    for (let section = 4; section <= 8; section++) write(`s${section}`, [`w${section + 16}wiki`]);
    write('s3', all.slice(25));
    return path;
  }
}

/** Returns a line that says whether the files are equal. If not, `make bench` fails. */
export async function compareFiles(work: string, ...paths: string[]): Promise<Figure> {
  const digests = await Promise.all(paths.map(digest));
  const equal = new Set(digests).size === 1;
  if (!equal) process.exitCode = 1;
  return { work: `${work}: the files are equal`, measured: equal ? 'yes' : 'NO', aim: 'yes' };
}

/** Returns a line with the absolute figures behind the ratios. */
export function describeRun(name: string, { wall, cpu, memory }: Run): Figure {
  const text = `${(wall / 1000).toFixed(2)} s, CPU ${cpu.toFixed(2)} s, ${memory.toFixed(0)} MB`;
  return { work: `  ${name}`, measured: text };
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
