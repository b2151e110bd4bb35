import { complete } from '../../src/completion/complete.js';
import type { Completion, CompletionOptions, KnownNames } from '../../src/completion/completion.js';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { tokenize } from '../../src/script/analyze.js';

/** The default names: an abridged itwiki. */
export const names: KnownNames = {
  database: 'itwiki',
  databases: ['enwiki_p', 'information_schema', 'itwiki', 'nlwiki', 'odd-one'],
  wikis: ['dewiki', 'enwiki', 'itwiki', 'itwiktionary', 'nlwiki'],
  tables: ['actor', 'odd-name', 'order', 'page', 'page_props', 'revision', 'user'],
  views: ['page_view'],
  columns: new Map([
    ['actor', ['actor_id', 'actor_name', 'group']],
    ['odd-name', ['a b', 'tick`ed', 'größe']],
    ['order', ['from']],
    ['page', ['page_id', 'page_namespace', 'page_title']],
    ['page_props', ['pp_page', 'pp_value']],
    ['page_view', ['page_id', 'views']],
    ['revision', ['rev_id', 'rev_page', 'rev_timestamp']],
    ['user', ['user_id', 'user_name']],
  ]),
  queries: ['slow', 'top-pages'],
  otherSchemas: new Map([
    [
      'information_schema',
      {
        tables: [],
        views: ['COLUMNS', 'TABLES'],
        columns: new Map([['TABLES', ['TABLE_SCHEMA', 'TABLE_NAME']]]),
      },
    ],
    ['odd-one', { tables: ['odd'], columns: new Map([['odd', ['strange']]]) }],
  ]),
  systemVariables: ['max_connections', 'max_statement_time', 'sql_mode'],
  userVariables: ['first', 'fifth'],
};

export const options: CompletionOptions = { delimiter: ';', sqlMode: defaultSqlMode };

/** Completes a text in which a vertical bar marks the cursor. */
export function completeMarkedText(
  marked: string,
  known: KnownNames = names,
  completionOptions: CompletionOptions = options,
): Completion & { text: string; cursor: number } {
  const cursor = marked.lastIndexOf('|');
  const text = marked.slice(0, cursor) + marked.slice(cursor + 1);
  return {
    ...complete(
      { text, tokens: tokenize(text, completionOptions) },
      cursor,
      known,
      completionOptions,
    ),
    text,
    cursor,
  };
}

/** Returns the marked text with the first candidate inserted, or unchanged if there is none. */
export function insertFirstCandidate(marked: string, known: KnownNames = names): string {
  const { text, start, end, candidates } = completeMarkedText(marked, known);
  const [first] = candidates;
  return first === undefined ? marked : `${text.slice(0, start)}${first.text}|${text.slice(end)}`;
}

/** Returns all candidates in one line. */
export function getCandidates(marked: string, known: KnownNames = names): string {
  return completeMarkedText(marked, known)
    .candidates.map(({ text }) => text)
    .join(' ');
}

/** Returns the first candidates with their kinds, as many as `like` lists. */
export function getCandidateKinds(marked: string, like: string): string {
  return completeMarkedText(marked)
    .candidates.slice(0, like.split(', ').length)
    .map(({ text, kind }) => `${text} ${kind}`)
    .join(', ');
}
