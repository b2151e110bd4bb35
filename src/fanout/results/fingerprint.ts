import { createHash } from 'node:crypto';
import { readDataValues } from '../../provenance/data-options.js';
import { layoutOf } from '../plan/output-layout.js';
import type { RunRequest } from '../plan/plan.js';

/**
 * Returns the SHA-256, in hexadecimal, of everything that determines a run's rows, so that --resume
 * continues only the same run: the statements (without delimiters and the text between them), the
 * expressions of --wikis and --except, and the options that change rows. `query-and-form` adds the
 * options that determine the bytes and names of the files, for runs that write a file for each wiki.
 *
 * The wikis that the expressions choose may differ, because lists get new wikis. Hosts, limits and
 * retries are not included.
 */
export function fingerprintOf(
  { settings, fanout, plan, characterSet }: RunRequest,
  what: 'query' | 'query-and-form',
): string {
  const { output } = settings;
  const withForm = what === 'query-and-form';
  const content = {
    statements: plan.statements.map(({ sql }) => Buffer.from(sql).toString('base64')),
    wikis: [fanout.wikis, fanout.except ?? null],
    options: readDataValues({ settings, characterSet }, withForm ? 'rows and form' : 'rows'),
    pattern: withForm && output.file !== undefined && layoutOf(output.file, output).pattern,
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
