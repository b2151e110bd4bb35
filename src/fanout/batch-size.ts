import type { PlannedStatement, PlannedWiki } from './plan/plan.js';

/** How many wikis are asked in one breath at most, and how many bytes that may be. */
const mostWikis = 32;
const mostBytes = 256 * 1024;
/** Milliseconds that the answers to one breath should take. */
const target = 40;

/**
 * How many wikis are asked in one breath, so that a server with many small ones need not wait for us
 * between them: as many as it answers in some hundredths of a second, and one where it takes longer.
 */
export class AdaptiveBatchSize {
  #wikis = 1;
  readonly #most: number;

  /** `alone`: each wiki has to be asked by itself. */
  constructor(statements: readonly PlannedStatement[], alone: boolean) {
    const bytes = statements.reduce((sum, { sql }) => sum + sql.length + 200, 0);
    this.#most = alone ? 1 : Math.max(1, Math.min(mostWikis, Math.floor(mostBytes / bytes)));
  }

  get wikis(): number {
    return this.#wikis;
  }

  /** The answers of `wikis` took so many milliseconds. */
  adapt(wikis: number, milliseconds: number): void {
    const fitting = Math.floor((target * wikis) / Math.max(milliseconds, 1));
    this.#wikis = Math.max(1, Math.min(fitting, 2 * this.#wikis, this.#most));
  }
}

/**
 * What is sent to ask `wikis`, each query behind the answer of the one before: all of it in one where
 * there is one statement; else a query for each statement, of one wiki alone. Every statement has
 * `comment` in front, and the database is chosen in one breath with the first.
 */
export function queriesFor(
  wikis: readonly PlannedWiki[],
  statements: readonly PlannedStatement[],
  comment: string,
): Buffer[] {
  const [first, ...others] = statements;
  if (first === undefined) return [];
  const asked = wikis.map(({ database }, index) =>
    // What was asked before may end in a comment that only the end of the line ends.
    Buffer.concat([
      Buffer.from(`${index > 0 ? '\n;' : ''}USE \`${database.replaceAll('`', '``')}\`;${comment} `),
      first.sql,
    ]),
  );
  const more = others.map(({ sql }) => Buffer.concat([Buffer.from(`${comment} `), sql]));
  return [Buffer.concat(asked), ...more];
}
