import { isProgramFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import type { Format } from '../output/format.js';
import { OutputBuffer } from '../output/output-buffer.js';
import { OutputError, type Sink } from '../output/sink.js';
import { openDescriptor, openStandardOutput } from '../output/standard-output.js';
import type { Statement } from '../script/item.js';
import { chooseFormat } from './choose-format.js';
import { setOutputCharacterSet } from './describe-character-set.js';
import { openNamedFile, withPath } from './named-file.js';
import { loadProgramFormat } from './program-format.js';

/** The outputs of a run: one for the rows and one for the messages. */
export interface RunOutput {
  /** Receives the rows. */
  rows: OutputBuffer;
  /** Receives all other output; the same object as `rows` if both are mixed, as in the client. */
  messages: OutputBuffer;
  /** Returns the format for the results of a statement. */
  getFormat(statement: Statement, characterSet: string): Format;
  /**
   * Writes everything out at the end of the run. If the output is not complete, the file of
   * --output is not created. Rejects with an OutputError, or with a Failure if that file cannot be
   * written.
   */
  finish(isComplete: boolean): Promise<void>;
  /** Abandons the run: the file of --output is not created. Safe to call at any time. */
  discard(): void;
}

/**
 * Opens the outputs that the settings request. With --output, messages go to standard output; with
 * a format for programs on standard output, they go to standard error. Rejects with a Failure.
 *
 * `onBytes` receives all bytes as they are written to the file of --output, after compression.
 */
export async function openRunOutput(
  settings: OutputSettings,
  onBytes?: (bytes: Uint8Array) => void,
): Promise<RunOutput> {
  const { format, file: path, raw } = settings;
  const makeWriter = await loadWriter(settings);
  const file = path === undefined ? undefined : openNamedFile(path, onBytes);
  const rows = new OutputBuffer(file ?? openStandardOutput(), raw);
  const messageDescriptor = file ? 1 : isProgramFormat(format) ? 2 : undefined;
  const messages =
    messageDescriptor === undefined
      ? rows
      : new OutputBuffer(createMessageSink(messageDescriptor), raw);
  const { getFormat, finishRun } = makeWriter(rows);
  return {
    rows,
    messages,
    getFormat(statement, characterSet) {
      setOutputCharacterSet(messages, characterSet);
      // Formats for programs write UTF-8.
      if (!isProgramFormat(format)) setOutputCharacterSet(rows, characterSet);
      return getFormat(statement, characterSet);
    },
    async finish(isComplete) {
      if (messages !== rows) await messages.flush();
      if (isComplete) finishRun();
      if (file === undefined || path === undefined) return rows.flush();
      if (!isComplete) return file.discard();
      await withPath(path, async () => {
        await rows.flush();
        await file.finish();
      });
    },
    discard: () => file?.discard(),
  };
}

/** Returns the format for a statement's results. Call `finishRun` after the last result. */
interface ResultWriter {
  getFormat: RunOutput['getFormat'];
  finishRun(): void;
}

async function loadWriter(settings: OutputSettings): Promise<(rows: OutputBuffer) => ResultWriter> {
  const { format } = settings;
  if (!isProgramFormat(format)) {
    return (rows) => ({
      getFormat: (statement, characterSet) =>
        chooseFormat(format, settings, statement, characterSet, rows),
      finishRun() {},
    });
  }
  const make = await loadProgramFormat(format, settings);
  return (rows) => {
    const run = make(rows);
    return { getFormat: () => run, finishRun: () => run.finish?.() };
  };
}

/**
 * Returns a sink for messages, on standard output or standard error. It ignores that the reader has
 * closed, since that does not end the run, and all errors of standard error, which could not be
 * reported anyway.
 */
function createMessageSink(descriptor: 1 | 2): Sink {
  const sink = openDescriptor(descriptor);
  return {
    isTerminal: sink.isTerminal,
    write: (bytes) =>
      sink.write(bytes)?.catch((error) => {
        if (!(error instanceof OutputError)) throw error;
        if (descriptor === 1 && !error.closed) throw error;
      }),
  };
}
