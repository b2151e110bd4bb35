import { checkWikis } from '../cli/fanout-options.js';
import { checkedNumber } from '../cli/own-values.js';
import { Failure } from '../failure.js';
import { explainMissingTable } from '../fanout/missing-table.js';
import { makePlan, type WikiChoice } from '../fanout/plan/make-plan.js';
import { readScript } from '../fanout/read-script.js';
import { newRunId, runComment } from '../fanout/run-identity.js';
import { Runner } from '../fanout/runner.js';
import { openSection } from '../fanout/section-connection.js';
import type { RunLimits } from '../fanout/worker.js';
import { printable } from '../text/printable.js';
import { isDbname } from '../wikis/dblist.js';
import { ObservedRunStats } from './observed-run-stats.js';
import { OpenSockets } from './open-sockets.js';
import type { AsArrays, AsObjects, WikisOptions } from './options.js';
import type { Row, Value, WikiOutcome, WikiRow, WikisQuery } from './row.js';
import { RowCollector } from './row-collector.js';
import { loginOf, settingsOf } from './settings-of.js';
import { WikisFailed } from './wikis-failed.js';

/**
 * Runs a statement on many wikis and gives their rows, one wiki after another: the sections side by
 * side, one connection to each, as `--wikis` does.
 *
 * ```ts
 * for await (const { wiki, row } of queryWikis('wikipedia - closed', 'select count(*) as pages from page')) …
 * ```
 *
 * A wiki's rows are given when all of them have come, so there are none of a wiki that fails. One
 * without the table is passed over; where others have failed, a WikisFailed is thrown behind the
 * rows of all that went well (`options.allowFailures`: nothing is; `outcomes` tells). Rows that wait
 * take 32 MB of memory at most, beyond that a file without a name, and the servers are held back.
 *
 * All wikis must have the same columns (`options.unionColumns`), and no more than one result each.
 *
 * @param wikis an expression over lists, sections, wikis, globs and files, as `--wikis` takes it, or
 *   the names of wikis
 * @param sql statements between semicolons, all run on each wiki
 * @typeParam R the shape of a row, which is not checked
 */
export function queryWikis<R extends readonly Value[] = Value[]>(
  wikis: string | readonly string[],
  sql: string,
  options: WikisOptions & AsArrays,
): WikisQuery<R>;
export function queryWikis<R extends object = Row>(
  wikis: string | readonly string[],
  sql: string,
  options?: WikisOptions & AsObjects,
): WikisQuery<R>;
export function queryWikis(
  wikis: string | readonly string[],
  sql: string,
  options: WikisOptions & (AsArrays | AsObjects) = {},
): WikisQuery<object> {
  return new ManyWikis(wikis, sql, options);
}

type Rows = AsyncGenerator<WikiRow<Row | Value[]>, void, undefined>;

class ManyWikis implements WikisQuery<Row | Value[]> {
  readonly #wikis: string | readonly string[];
  readonly #sql: string;
  readonly #options: WikisOptions & (AsArrays | AsObjects);
  readonly outcomes: WikiOutcome[] = [];
  #iterated = false;
  readonly #sockets = new OpenSockets();
  #collector: RowCollector | undefined;
  #runner: Runner | undefined;
  /** Says that no wiki has the table, if that is why none has a result. */
  #explainMissingTable: () => Promise<string[]> = async () => [];
  /** How many wikis were chosen. */
  #count = 0;
  /** Why nobody waits for rows any more; undefined: they are still read. */
  #stopped: { reason: unknown } | 'closed' | undefined;
  #stopping: Promise<void> | undefined;

  constructor(
    wikis: string | readonly string[],
    sql: string,
    options: WikisOptions & (AsArrays | AsObjects),
  ) {
    this.#wikis = wikis;
    this.#sql = sql;
    this.#options = options;
  }

  [Symbol.asyncIterator](): Rows {
    if (this.#iterated) {
      throw new Failure('read-before', 'the rows of a query can be read once: make another query');
    }
    this.#iterated = true;
    return this.#rows();
  }

  async toArray(): Promise<WikiRow<Row | Value[]>[]> {
    const rows: WikiRow<Row | Value[]>[] = [];
    for await (const row of this) rows.push(row);
    return rows;
  }

  close(): Promise<void> {
    return this.#stop('closed');
  }

  async *#rows(): Rows {
    const { signal } = this.#options;
    const onAbort = () => {
      const reason = signal?.reason ?? new Failure('aborted', 'the query was aborted');
      void this.#stop({ reason });
    };
    signal?.addEventListener('abort', onAbort);
    try {
      if (signal?.aborted) onAbort();
      this.#check();
      // A program may have chosen none.
      if (this.#wikis.length > 0) yield* (await this.#begin()).rows();
      this.#check();
      if (!this.#options.allowFailures) await this.#checkFailures();
    } catch (error) {
      // What is still read of a run that was ended fails in some way or other.
      if (this.#stopped === 'closed') return;
      throw this.#stopped === undefined ? error : this.#stopped.reason;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await this.#stop('closed');
    }
  }

  /** Decides what is asked where, and begins to. */
  async #begin(): Promise<RowCollector> {
    const options = this.#options;
    const settings = settingsOf(undefined, options);
    const fanout = fanoutOf(this.#wikis, options);
    const login = { ...loginOf(settings), onSocket: this.#sockets.add };
    // A program's comments are meant to be seen on the server.
    const input = { ...settings.input, execute: [this.#sql], comments: true };
    const { statements, statementsIn } = await readScript(input, 'utf8mb4');
    const plan = await makePlan(settings, fanout, statements);
    const targets = plan.sections.flatMap(({ target }) => target.warnings);
    for (const text of [...settings.warnings, ...targets]) options.onWarning?.(text);
    this.#check();
    this.#count = plan.wikis.length;
    const collector = new RowCollector(plan, options);
    const stats = new ObservedRunStats(this.#count, settings, (outcome) => {
      this.outcomes.push(outcome);
      options.onWiki?.(outcome);
    });
    this.#explainMissingTable = () =>
      explainMissingTable(stats, plan, (target) => openSection(target, login, fanout));
    const comment = runComment(newRunId());
    const parts = { statementsIn, login, collector, stats, limits: fanout, comment };
    const runner = new Runner({ plan, ...parts });
    this.#collector = collector;
    this.#runner = runner;
    this.#run(runner, collector).catch((error) => collector.fail(error));
    return collector;
  }

  async #run(runner: Runner, collector: RowCollector): Promise<void> {
    await runner.run();
    // With failFast the first failure has ended the run.
    if (this.#options.failFast) await this.#checkFailures();
    // From here on there is nothing to be ended on the servers.
    if (!runner.stopped) this.#runner = undefined;
    await collector.finish();
  }

  async #checkFailures(): Promise<void> {
    const [missingTable] = await this.#explainMissingTable();
    const failures = this.outcomes.filter(
      ({ outcome }) =>
        outcome === 'failed' || (missingTable !== undefined && outcome === 'skipped'),
    );
    if (failures.length > 0) throw new WikisFailed(failures, this.#count, missingTable);
  }

  #check(): void {
    if (this.#stopped === undefined) return;
    throw this.#stopped === 'closed'
      ? new Failure('closed', 'the query was closed')
      : this.#stopped.reason;
  }

  /** Settled when the servers are done with it too. */
  #stop(stopped: { reason: unknown } | 'closed'): Promise<void> {
    if (this.#stopping === undefined) {
      this.#stopped = stopped;
      const ending = this.#runner?.stop() ?? Promise.resolve();
      this.#stopping = ending.finally(() => this.#sockets.close());
      this.#collector?.abandon();
    }
    return this.#stopping;
  }
}

/** Throws Failure `no-wikis`, `bad-wikis`, `bad-number`. */
function fanoutOf(
  wikis: string | readonly string[],
  options: WikisOptions,
): WikiChoice & RunLimits {
  const choice = {
    wikis: expressionOf(wikis),
    except: options.except?.length === 0 ? undefined : expressionOf(options.except),
  };
  checkWikis(choice.wikis, choice.except);
  const { perSection, maxStatementTime, throttle, retries } = options;
  return {
    ...choice,
    perSection: checkedNumber('per-section', perSection, `perSection ${perSection}`),
    maxStatementTime: checkedNumber(
      'max-statement-time',
      maxStatementTime,
      `maxStatementTime ${maxStatementTime}`,
    ),
    throttle: checkedNumber('throttle', throttle, `throttle ${throttle}`),
    retries: checkedNumber('retries', retries, `retries ${retries}`),
    readOnly: options.readOnly ?? true,
    failFast: options.failFast ?? false,
  };
}

function expressionOf<T extends string | undefined>(wikis: T | readonly string[]): T | string {
  if (typeof wikis !== 'object') return wikis;
  const odd = wikis.find((wiki) => !isDbname(wiki));
  if (odd === undefined) return wikis.join(',');
  throw new Failure('bad-wikis', `'${printable(odd)}' is not the name of a wiki's database`);
}
