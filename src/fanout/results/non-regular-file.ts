import { Failure } from '../../failure.js';
import { isWrittenInPlace } from '../../output/file-output.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import { openNamedFile, withPath } from '../../session/named-file.js';
import { printable } from '../../text/printable.js';
import type { RunRequest } from '../plan/plan.js';
import type { ResultCollector } from './result-collector.js';
import { openStreamCollector } from './stream-collector.js';

/** What is there and no file, such as `/dev/null` or a pipe, has nothing beside it. */
export function isNonRegularFile(path: string): boolean {
  return isWrittenInPlace(path);
}

/** Gathers a run's rows into what is no file, as into standard output. Rejects with Failure. */
export async function openNonRegularFile(
  request: RunRequest,
  path: string,
): Promise<ResultCollector> {
  if (request.fanout.resume) {
    const text = `nothing to resume: ${printable(path)} is no file, and nothing was kept beside it`;
    throw new Failure('no-journal', text);
  }
  const file = openNamedFile(path);
  const stream = await openStreamCollector(request, { out: new OutputBuffer(file) });
  return {
    directory: stream.directory,
    alreadyDone: stream.alreadyDone,
    resumable: false,
    begin: (wiki) => stream.begin(wiki),
    markWithoutResult: (wiki, outcome, errno) => stream.markWithoutResult(wiki, outcome, errno),
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
