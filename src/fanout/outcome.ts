import type { Endpoint } from '../target/address.js';
import type { PlannedWiki } from './plan/plan.js';
import type { ResumedWiki, WikiResult } from './results/result-collector.js';

/** The outcomes of a run: one per wiki, with the reason if it has no result. */

/** The exit status if some wikis failed, or if no wiki has a result. */
export const failedStatus = 4;

/** The outcome of a run on one wiki. */
export interface WikiOutcome extends PlannedWiki {
  /**
   * `skipped`: the table does not exist. `finished-before`: the resumed run already finished it.
   */
  outcome: 'ok' | 'skipped' | 'failed' | 'finished-before';
  /** Set if `outcome` is `skipped` or `failed`. */
  reason: FailureReason | undefined;
  rows: number;
  /** Bytes of the rows as the server sent them. */
  bytes: number;
  /** Seconds from the start of the first attempt to the end of the last. */
  seconds: number;
  /** The version of the server that responded; undefined if none did. */
  serverVersion: string | undefined;
  /**
   * The address of that server; missing if it is unknown or if the connection used a socket file.
   */
  endpoint?: Endpoint | undefined;
  /** What the collector returned; set if `outcome` is `ok` or `finished-before`. */
  result?: (WikiResult & Partial<Pick<ResumedWiki, 'outcome'>>) | undefined;
}

/** Why a wiki has no result. */
export interface FailureReason {
  /** The error number of the server or the client library; 0 for errors found by this program. */
  errno: number;
  sqlState: string;
  /** The message for the user. It may quote the query, so it is never written to a file. */
  text: string;
}

/** The rows of one wiki cannot be used; the other wikis continue. The message is for the user. */
export class WikiFailure extends Error {
  /** The script would fail on every wiki. */
  readonly isOfScript: boolean;
  /** Trying again may cure it. */
  readonly mayPass: boolean;

  constructor(message: string, { isOfScript = false, mayPass = false } = {}) {
    super(message);
    this.name = 'WikiFailure';
    this.isOfScript = isOfScript;
    this.mayPass = mayPass;
  }
}

/** Returns the failure of a wiki whose statements return a second result set. */
export function createSecondResultFailure(): WikiFailure {
  const text = 'the statements return more than one result: use UNION ALL, or one run for each';
  return new WikiFailure(text, { isOfScript: true });
}
