import { createHash } from 'node:crypto';
import { dataValues } from '../../provenance/data-options.js';
import { layoutOf } from '../plan/output-layout.js';
import type { RunRequest } from '../plan/plan.js';

/**
 * Returns the SHA-256, in hexadecimal, of all that a run's rows depend on, so that --resume continues
 * the same run only: the statements (without delimiters and the text between them) and the options
 * that change rows. With `query-and-form` also of what the bytes and the names of a wiki's own file
 * depend on. Wikis, hosts, limits and retries are not part of it.
 */
export function fingerprintOf(
  { settings, plan, characterSet }: RunRequest,
  what: 'query' | 'query-and-form',
): string {
  const { output } = settings;
  const withForm = what === 'query-and-form';
  const content = {
    statements: plan.statements.map(({ sql }) => Buffer.from(sql).toString('base64')),
    options: dataValues({ settings, characterSet }, withForm ? 'rows and form' : 'rows'),
    pattern: withForm && output.file !== undefined && layoutOf(output.file, output).pattern,
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
