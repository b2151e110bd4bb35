import { checkWikis, wikisStatementTime } from '../cli/fanout-options.js';
import { checkNumber } from '../cli/own-values.js';
import { Failure } from '../failure.js';
import { limitConnections } from '../fanout/connection-limit.js';
import { explainMissingTable } from '../fanout/missing-table.js';
import { makePlan, type WikiChoice } from '../fanout/plan/make-plan.js';
import { readScript } from '../fanout/read-script.js';
import { buildRunComment, createRunId } from '../fanout/run-identity.js';
import { Runner } from '../fanout/runner.js';
import { connectToSection } from '../fanout/section-connection.js';
import type { RunLimits } from '../fanout/worker.js';
import { printable } from '../text/printable.js';
import { isDbname } from '../wikis/dblist.js';
import { ObservedRunStats } from './observed-run-stats.js';
import { OpenSockets } from './open-sockets.js';
import type { AsArrays, AsObjects, WikisOptions } from './options.js';
import { loginOf, readQuerySettings } from './query-settings.js';
import type { Row, Value, WikiOutcome, WikiRow, WikisQuery } from './row.js';
import { RowCollector } from './row-collector.js';
import { WikisFailed } from './wikis-failed.js';

/**
 * Runs statements on many wikis and returns their rows, one wiki after another, in the order of their
 * names. Like `--wikis`, it queries all sections in parallel, over one connection to each.
 *
 * ```ts
 * const rows = queryWikis('wikipedia - closed', 'select count(*) as pages from page');
 * for await (const { wiki, row } of rows) console.log(wiki, row.pages);
 * ```
 *
 * The rows of a wiki are returned after all of them have arrived, so a wiki that fails returns none. A
 * wiki without the table is skipped. Rows that the program has not read yet use at most 32 MiB of
 * memory, then an unnamed file in TMPDIR; when that file exceeds 64 MiB, the servers are held back.
 *
 * All wikis must have the same columns, unless `options.unionColumns` is true, and at most one result
 * set each.
 *
 * @param wikis an expression over lists, sections, wikis, globs and files, as `--wikis` takes it, or an
 *   array of database names
 * @param sql one or more statements, separated by semicolons, which run on each wiki
 * @typeParam R the type of a row, which is not checked
 * @returns the query, which starts with the first iteration; all errors are thrown there
 * @throws WikisFailed after the rows of all other wikis, if wikis have failed or no wiki has the table,
 *   unless `options.allowFailures` is true
 * @throws Failure for errors that concern the whole run, such as `unknown-wikis` or `bad-number`
 * @throws the reason of `options.signal`, if it is aborted
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
  return new MultiWikiQuery(wikis, sql, options);
}

type Rows = AsyncGenerator<WikiRow<Row | Value[]>, void, undefined>;

/** A query on many wikis, which runs when it is iterated. */
class MultiWikiQuery implements WikisQuery<Row | Value[]> {
  readonly #wikis: string | readonly string[];
  readonly #sql: string;
  readonly #options: WikisOptions & (AsArrays | AsObjects);
  readonly outcomes: WikiOutcome[] = [];
  #isIterated = false;
  readonly #sockets = new OpenSockets();
  #collector: RowCollector | undefined;
  #runner: Runner | undefined;
  /** Returns the message that no wiki has the table, if there are no results for that reason. */
  #explainMissingTable: () => Promise<string[]> = async () => [];
  /** How many wikis are in the plan. */
  #wikiCount = 0;
  /** Why the query was stopped; undefined while it runs. */
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
    if (this.#isIterated) {
      throw new Failure(
        'read-before',
        'the rows of a query can be read only once: call queryWikis again',
      );
    }
    this.#isIterated = true;
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
      this.#throwIfStopped();
      // An empty array of wikis is a query without rows.
      if (this.#wikis.length > 0) yield* (await this.#startRun()).rows();
      this.#throwIfStopped();
      if (!this.#options.allowFailures) await this.#throwIfWikisFailed();
    } catch (error) {
      // After a stop, the error is only a consequence of the stop.
      if (this.#stopped === 'closed') return;
      throw this.#stopped === undefined ? error : this.#stopped.reason;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await this.#stop('closed');
    }
  }

  /** Plans the run and starts it. */
  async #startRun(): Promise<RowCollector> {
    const options = this.#options;
    const settings = readQuerySettings(undefined, options);
    const fanout = fanoutOf(this.#wikis, options);
    const login = { ...loginOf(settings), onSocket: this.#sockets.add };
    // Programs mark their statements with comments, which therefore have to reach the server.
    const input = { ...settings.input, execute: [this.#sql], comments: true };
    const { statements, statementsIn } = await readScript(input, 'utf8mb4');
    const plan = await makePlan(settings, fanout, statements);
    const targets = plan.sections.flatMap(({ target }) => target.warnings);
    const { perSection, warning = [] } = limitConnections(plan, fanout.perSection, 0);
    for (const text of [...settings.warnings, ...targets].concat(warning))
      options.onWarning?.(text);
    this.#throwIfStopped();
    this.#wikiCount = plan.wikis.length;
    const collector = new RowCollector(plan, options);
    const stats = new ObservedRunStats(this.#wikiCount, settings, (outcome) => {
      this.outcomes.push(outcome);
      options.onWiki?.(outcome);
    });
    this.#explainMissingTable = () =>
      explainMissingTable(stats, plan, undefined, (target) =>
        connectToSection(target, login, fanout),
      );
    const comment = buildRunComment(createRunId());
    const limits = { ...fanout, perSection };
    const parts = { statementsIn, login, collector, stats, limits, comment };
    const runner = new Runner({ plan, ...parts });
    this.#collector = collector;
    this.#runner = runner;
    this.#run(runner, collector).catch((error) => collector.fail(error));
    return collector;
  }

  async #run(runner: Runner, collector: RowCollector): Promise<void> {
    await runner.run();
    // With failFast, the first failure has ended the run.
    if (this.#options.failFast) await this.#throwIfWikisFailed();
    // From here on, no statement runs that a stop would have to kill.
    if (!runner.isStopped) this.#runner = undefined;
    await collector.finish();
  }

  async #throwIfWikisFailed(): Promise<void> {
    const [missingTable] = await this.#explainMissingTable();
    const failures = this.outcomes.filter(
      ({ outcome }) =>
        outcome === 'failed' || (missingTable !== undefined && outcome === 'skipped'),
    );
    if (failures.length > 0) throw new WikisFailed(failures, this.#wikiCount, missingTable);
  }

  #throwIfStopped(): void {
    if (this.#stopped === undefined) return;
    throw this.#stopped === 'closed'
      ? new Failure('closed', 'the query was closed')
      : this.#stopped.reason;
  }

  /** Stops the run. Resolves after its statements have ended on the servers too. */
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

/**
 * Converts the public options to those of a run. Throws Failure `no-wikis`, `bad-wikis` or
 * `bad-number`.
 */
function fanoutOf(
  wikis: string | readonly string[],
  options: WikisOptions,
): WikiChoice & RunLimits {
  const choice = {
    wikis: expressionOf(wikis),
    except: options.except?.length === 0 ? undefined : expressionOf(options.except),
  };
  checkWikis(choice.wikis, choice.except);
  const {
    perSection,
    maxStatementTime = wikisStatementTime,
    wikiTimeout,
    throttle,
    retries,
  } = options;
  return {
    ...choice,
    perSection: checkNumber('per-section', perSection, `perSection '${perSection}'`),
    maxStatementTime: checkNumber(
      'max-statement-time',
      maxStatementTime,
      `maxStatementTime '${maxStatementTime}'`,
    ),
    wikiTimeout: checkNumber('wiki-timeout', wikiTimeout, `wikiTimeout '${wikiTimeout}'`),
    throttle: checkNumber('throttle', throttle, `throttle '${throttle}'`),
    retries: checkNumber('retries', retries, `retries '${retries}'`),
    readOnly: options.readOnly ?? true,
    failFast: options.failFast ?? false,
  };
}

function expressionOf<T extends string | undefined>(wikis: T | readonly string[]): T | string {
  if (typeof wikis !== 'object') return wikis;
  const invalid = wikis.find((wiki) => !isDbname(wiki));
  if (invalid === undefined) return wikis.join(',');
  throw new Failure('bad-wikis', `'${printable(invalid)}' is not the name of a wiki's database`);
}
