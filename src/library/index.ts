/**
 * The library of `analytics-mysql`: queries on one wiki (`query`) or many (`queryWikis`), and the
 * servers that hold a wiki (`resolveTarget`, `sectionOf`). No function writes to the standard streams,
 * handles signals of the process, or ends the process.
 */
export { Failure } from '../failure.js';
export type {
  AbortSignalLike,
  AsArrays,
  AskOptions,
  AsObjects,
  LoginOptions,
  QueryOptions,
  SectionOptions,
  TargetOptions,
  TlsOptions,
  ValueOptions,
  WikisOptions,
} from './options.js';
export { query } from './query.js';
export { queryWikis } from './query-wikis.js';
export { ReplicaError } from './replica-error.js';
export type { Column, Query, Row, Value, WikiOutcome, WikiRow, WikisQuery } from './row.js';
export { type Endpoint, resolveTarget, sectionOf, type Target } from './target.js';
export { WikisFailed } from './wikis-failed.js';
export {
  getDbstoreHostPort,
  getJdbcString,
  getMediawikiSectionDbnameMapping,
  type SectionMapping,
} from './wikitech-functions.js';
