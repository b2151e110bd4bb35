import type { Endpoint } from '../target/address.js';
import type { PlannedWiki } from './plan/plan.js';
import type { ResumedWiki, WikiResult } from './results/result-collector.js';

/** How it went with one wiki. */
export interface WikiOutcome extends PlannedWiki {
  /** `skipped`: the table that is asked for is not there. `finished-before`: by the run that is resumed. */
  outcome: 'ok' | 'skipped' | 'failed' | 'finished-before';
  /** Of `skipped` and `failed`. */
  reason: FailureReason | undefined;
  rows: number;
  /** Of the rows as the server sent them. */
  bytes: number;
  /** From the first attempt to the end. */
  seconds: number;
  /** Of the server that answered, where one did. */
  serverVersion: string | undefined;
  /** Where that server is; left out where it is not known, or was reached by a socket file. */
  endpoint?: Endpoint | undefined;
  /** What its gathering says of it, of `ok` and `finished-before`. */
  result?: (WikiResult & Partial<Pick<ResumedWiki, 'outcome'>>) | undefined;
}

/** Why a wiki has no result. */
export interface FailureReason {
  /** The server's or the client library's error number; 0 for what is found here. */
  errno: number;
  sqlState: string;
  /** For people's eyes: it may quote the query, and stays out of every file. */
  text: string;
}

/** Why one wiki's rows cannot be taken; the other wikis go on. Its message is for people's eyes. */
export class WikiFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WikiFailure';
  }
}
