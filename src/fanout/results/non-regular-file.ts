import { createOptionFailure } from '../../failure.js';
import { isWrittenInPlace } from '../../output/file-output.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import { openNamedFile, withPath } from '../../session/named-file.js';
import { printable } from '../../text/printable.js';
import type { RunRequest } from '../plan/plan.js';
import type { ResultCollector } from './result-collector.js';
import { openStreamCollector } from './stream-collector.js';

/**
 * Returns whether `path` exists and is not a regular file, such as `/dev/null` or a pipe: it cannot be
 * replaced atomically, and has no checkpoint.
 */
export function isNonRegularFile(path: string): boolean {
  return isWrittenInPlace(path);
}

/**
 * Opens the collector for an --output that is not a regular file; it writes a stream, as to standard
 * output. Rejects with Failure.
 */
export async function openNonRegularFileCollector(
  request: RunRequest,
  path: string,
): Promise<ResultCollector> {
  const { action } = request.fanout.earlierRun;
  if (action !== 'refuse') {
    const text = `nothing to ${action}: '${printable(path)}' is not a regular file, so it has no checkpoint`;
    throw createOptionFailure('no-journal', `${text}; run it without --${action}`, action);
  }
  const file = openNamedFile(path);
  const stream = await openStreamCollector(request, {
    out: new OutputBuffer(file, request.settings.output.raw),
  });
  return {
    directory: stream.directory,
    alreadyDone: stream.alreadyDone,
    isResumable: false,
    begin: (wiki) => stream.begin(wiki),
    markWithoutResult: (...result) => stream.markWithoutResult(...result),
    finish: () =>
      withPath(path, async () => {
        await stream.finish();
        await file.finish();
      }),
    abandon() {
      stream.abandon();
      file.discard();
    },
  };
}
