import type { PlannedStatement, PlannedWiki } from './plan/plan.js';

/** The limits of a batch: wikis, and bytes of all its statements. */
const maxWikis = 32;
const maxBytes = 256 * 1024;
/** Milliseconds that the response to one batch should take. */
const targetMilliseconds = 40;

/**
 * Adaptive batch size: the number of wikis per multi-statement query, aiming at 40 ms per batch. It
 * saves round trips on servers with many small wikis; slow wikis are asked one by one.
 */
export class AdaptiveBatchSize {
  #wikis = 1;
  readonly #maxWikis: number;

  /** `oneByOne`: every batch must consist of a single wiki. */
  constructor(statements: readonly PlannedStatement[], oneByOne: boolean) {
    const bytes = statements.reduce((sum, { sql }) => sum + sql.length + 200, 0);
    this.#maxWikis = oneByOne ? 1 : Math.max(1, Math.min(maxWikis, Math.floor(maxBytes / bytes)));
  }

  get wikis(): number {
    return this.#wikis;
  }

  /** Adapts the size after a batch of `wikis` wikis took `milliseconds`; at most doubles it. */
  adapt(wikis: number, milliseconds: number): void {
    const fitting = Math.floor((targetMilliseconds * wikis) / Math.max(milliseconds, 1));
    this.#wikis = Math.max(1, Math.min(fitting, 2 * this.#wikis, this.#maxWikis));
  }
}

/**
 * Returns the queries that run `statements` on `wikis`. Each must be sent after the response to the
 * previous one. If there is one statement, a single query runs it on all wikis; otherwise `wikis`
 * must be one wiki, and each statement is a query. `comment` comes before every statement. `USE` is
 * in the same query as the first statement, which saves a round trip.
 */
export function buildQueries(
  wikis: readonly PlannedWiki[],
  statements: readonly PlannedStatement[],
  comment: string,
): Buffer[] {
  const [first, ...others] = statements;
  if (first === undefined) return [];
  const firstStatements = wikis.map(({ database }, index) =>
    // The statement before may end in a `--` or `#` comment, which only a newline ends.
    Buffer.concat([
      Buffer.from(`${index > 0 ? '\n;' : ''}USE \`${database.replaceAll('`', '``')}\`;${comment} `),
      first.sql,
    ]),
  );
  const otherStatements = others.map(({ sql }) => Buffer.concat([Buffer.from(`${comment} `), sql]));
  return [Buffer.concat(firstStatements), ...otherStatements];
}
