import { complete } from '../../src/completion/complete.js';
import type { Completion, CompletionOptions, Names } from '../../src/completion/completion.js';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { tokenize } from '../../src/script/analyse.js';

/** What is known where nothing else is said: itwiki, in short. */
export const names: Names = {
  database: 'itwiki',
  databases: ['enwiki_p', 'information_schema', 'itwiki', 'odd-one'],
  wikis: ['dewiki', 'enwiki', 'itwiki', 'itwiktionary'],
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
};

export const options: CompletionOptions = { delimiter: ';', sqlMode: defaultSqlMode };

/** Completes `marked`, in which a bar is the cursor. */
export function completeAt(
  marked: string,
  known: Names = names,
  how: CompletionOptions = options,
): Completion & { text: string; cursor: number } {
  const cursor = marked.lastIndexOf('|');
  const text = marked.slice(0, cursor) + marked.slice(cursor + 1);
  return { ...complete({ text, tokens: tokenize(text, how) }, cursor, known, how), text, cursor };
}

/** `marked` with the first candidate put in; as it was if there is none. */
export function putIn(marked: string, known: Names = names): string {
  const { text, start, end, candidates } = completeAt(marked, known);
  const [first] = candidates;
  return first === undefined ? marked : `${text.slice(0, start)}${first.text}|${text.slice(end)}`;
}

/** All candidates, in one line. */
export function textsAt(marked: string, known: Names = names): string {
  return completeAt(marked, known)
    .candidates.map(({ text }) => text)
    .join(' ');
}

/** The first candidates, as many as `like` has, with their kinds. */
export function kindsAt(marked: string, like: string): string {
  return completeAt(marked)
    .candidates.slice(0, like.split(', ').length)
    .map(({ text, kind }) => `${text} ${kind}`)
    .join(', ');
}
