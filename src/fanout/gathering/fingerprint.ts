import { createHash } from 'node:crypto';
import type { FanoutSettings, Settings } from '../../cli/settings.js';
import { placeOf } from '../plan/output-place.js';
import type { RunRequest } from '../plan/run-request.js';

/**
 * SHA-256, in hexadecimal, of what a run's rows depend on, so that a run is resumed only by the same:
 * the statements (without delimiters and what stands between them), what is said to the server
 * before them, the character set, and timestamps. With `query-and-form` also of what the bytes of a
 * wiki's own file depend on. Not of the wikis, the hosts, the limits or how often is tried.
 */
export function fingerprintOf(
  { settings, fanout, plan, characterSet }: RunRequest,
  what: 'query' | 'query-and-form',
): string {
  const { connect, output, target } = settings;
  const { initCommands, ignoreSpaces, safeUpdates } = connect;
  const query = {
    statements: plan.statements.map(({ sql }) => Buffer.from(sql).toString('base64')),
    initCommands,
    ignoreSpaces,
    safeUpdates: safeUpdates.on ? safeUpdates : undefined,
    characterSet,
    // The same database's name, but another server's.
    useX1: target.useX1,
    isoTimestamps: output.isoTimestamps,
  };
  const form = what === 'query' ? undefined : formOf(output, fanout);
  return createHash('sha256')
    .update(JSON.stringify([query, form]))
    .digest('hex');
}

/** All of the output's settings, but those that say nothing of a file's bytes; and the files' names. */
function formOf(output: Settings['output'], fanout: FanoutSettings): unknown {
  const { provenance, debugInfo, unbuffered, showWarnings, printQueryOnError, ...form } = output;
  const { file, batch, ...rest } = form;
  const place = file === undefined ? undefined : placeOf(file, output);
  const column = fanout.wikiColumnGiven ? fanout.wikiColumn : undefined;
  return { ...rest, column, format: place?.format, pattern: place?.pattern };
}
