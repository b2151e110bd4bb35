/**
 * What programs get of `analytics-mysql`. Nothing here writes to the standard streams, listens to
 * signals or ends the process.
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
export {
  getDbstoreHostPort,
  getMediawikiSectionDbnameMapping,
  type SectionMapping,
} from './wiki-page.js';
export { WikisFailed } from './wikis-failed.js';
