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

/** One line of the table that is printed. */
export interface Figure {
  work: string;
  /** Its unit is in `aim`, or in front of it. */
  measured: number | string;
  /** `≤ 1.05`; without it, the line is there to be looked at. */
  aim?: string;
}

/** Rows of the large table; fewer of them make a quick look, not a figure. */
export const rows = Number(process.env.BENCH_ROWS ?? 2_000_000);

/** Where the recordings are played: enwiki's section, whose own server is not started. */
const replaySection = 's1';

/** What the lines measure with: a farm, the two programs, and what is made once for several lines. */
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

  /** Where GNU time writes its figures. */
  get figures(): string {
    return this.path('figures');
  }

  /** A file in the farm's directory. */
  path(name: string): string {
    return join(this.farm.directory, name);
  }

  /** analytics-mysql, with these arguments. */
  ours(...args: string[]): Contender {
    return { name: 'ours', command: 'analytics-mysql', args, env: this.env };
  }

  /** mariadb with the same target; `wiki` is itwiki, or enwiki for what is replayed. */
  client(wiki: 'itwiki' | 'enwiki', ...args: string[]): Contender {
    const { address, port } = this.farm.places[wiki === 'itwiki' ? 's2' : replaySection];
    const place = ['-h', address, '-P', String(port), wiki];
    return { name: 'mariadb', command: 'mariadb', args: [...place, ...args], env: this.env };
  }

  /** The SQL of the large table, which is there once this has settled. */
  async pages(): Promise<string> {
    this.#pages ??= loadPages(this.farm, rows);
    await this.#pages;
    return 'select * from page_big';
  }

  /**
   * Records what the server answers to `sql`, and has enwiki's server answer `name` with the rows of
   * that, `times` over. One replay at a time.
   */
  async replay(name: string, sql: string, times: number): Promise<void> {
    const { name: user, password } = this.farm.users.admin;
    const login = [`-u${user}`, `-p${password}`, 'itwiki'];
    const recording = await record(this.farm.places.s2, login, sql);
    await this.serve(new Map([[name, { recording, times }]]));
  }

  /** A server for enwiki that answers at once: with a replay, where it has one, else with OK. */
  async serve(replays: ReadonlyMap<string, Replay>): Promise<void> {
    for (const replay of this.#replays) replay.close();
    this.#replays = [await startReplay(this.farm.places[replaySection], replays)];
  }

  /** A checkout of mediawiki-config with as many wikis as the real one has. */
  manyWikis(): string {
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

/** Whether files hold the same, as a line: they must, or nothing was measured. */
export async function equalFiles(work: string, ...paths: string[]): Promise<Figure> {
  const digests = await Promise.all(paths.map(digest));
  const equal = new Set(digests).size === 1;
  if (!equal) process.exitCode = 1;
  return { work: `${work}: the files are equal`, measured: equal ? 'yes' : 'NO', aim: 'yes' };
}

/** A line of what was measured itself, for those who want to know more than ratios. */
export function details(name: string, { wall, cpu, memory }: Run): Figure {
  const text = `${(wall / 1000).toFixed(2)} s, CPU ${cpu.toFixed(2)} s, ${memory.toFixed(0)} MB`;
  return { work: `  ${name}`, measured: text };
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
