import { Failure } from '../../failure.js';
import { isWrittenInPlace } from '../../output/file-output.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import { naming, openNamedFile } from '../../session/named-file.js';
import { printable } from '../../text/printable.js';
import type { RunRequest } from '../plan/plan.js';
import type { Gathering } from './gathering.js';
import { openStream } from './stream-gathering.js';

/** What is there and no file, such as `/dev/null` or a pipe, has nothing beside it. */
export function isSpecial(path: string): boolean {
  return isWrittenInPlace(path);
}

/** Gathers a run's rows into what is no file, as into standard output. Rejects with Failure. */
export async function openSpecial(request: RunRequest, path: string): Promise<Gathering> {
  if (request.fanout.resume) {
    const text = `nothing to resume: ${printable(path)} is no file, and nothing was kept beside it`;
    throw new Failure('no-journal', text);
  }
  const file = openNamedFile(path);
  const stream = await openStream(request, { out: new OutputBuffer(file) });
  return {
    folder: stream.folder,
    finishedBefore: stream.finishedBefore,
    resumable: false,
    begin: (wiki) => stream.begin(wiki),
    without: (wiki, outcome, errno) => stream.without(wiki, outcome, errno),
    finish: () =>
      naming(path, async () => {
        await stream.finish();
        await file.finish();
      }),
    abandon() {
      stream.abandon();
      file.discard();
    },
  };
}
