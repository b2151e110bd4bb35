import { isFolderOutput } from '../plan/output-place.js';
import type { RunRequest } from '../plan/run-request.js';
import { openFile } from './file-gathering.js';
import { openFolder } from './folder-gathering.js';
import type { Gathering } from './gathering.js';
import { openStream } from './stream-gathering.js';

/** Opens what --output asks for: a file for each wiki, one file, or standard output. Rejects with Failure. */
export async function openGathering(request: RunRequest): Promise<Gathering> {
  const { file } = request.settings.output;
  if (file === undefined) return openStream(request);
  return isFolderOutput(file) ? openFolder(request, file) : openFile(request, file);
}
