import { isForPrograms } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import type { Format } from '../output/format.js';
import { OutputBuffer } from '../output/output-buffer.js';
import { OutputError, type Sink } from '../output/sink.js';
import { openDescriptor, openStandardOutput } from '../output/standard-output.js';
import type { Statement } from '../script/item.js';
import { chooseFormat } from './choose-format.js';
import { openNamedFile, withPath } from './named-file.js';
import { openProgramFormat } from './program-format.js';

/** Where a run's output goes: its rows, and what is told beside them. */
export interface RunOutput {
  /** Takes the rows. */
  rows: OutputBuffer;
  /** Takes all else; the same as `rows` where the two stand together, as the client has them. */
  messages: OutputBuffer;
  /** The form of a statement's results. */
  formatOf(statement: Statement, characterSet: string): Format;
  /**
   * The run has ended, and all of it is written. `whole`: nothing is missing; if not, --output makes
   * no file. Rejects with OutputError, or with a Failure where that file cannot be made.
   */
  finish(whole: boolean): Promise<void>;
  /** The run is given up: --output makes no file. Safe to call at any time. */
  discard(): void;
}

/**
 * Opens the output that the settings ask for. With --output all but the rows goes to standard output;
 * with a format for programs on standard output, to standard error. Throws Failure.
 *
 * `written`: is given all bytes as they go into the file of --output.
 */
export async function openRunOutput(
  settings: OutputSettings,
  written?: (bytes: Uint8Array) => void,
): Promise<RunOutput> {
  const { format, file: path } = settings;
  const makeWriter = await openWriter(settings);
  const file = path === undefined ? undefined : openNamedFile(path, written);
  const rows = new OutputBuffer(file ?? openStandardOutput());
  const beside = file ? 1 : isForPrograms(format) ? 2 : undefined;
  const told = beside === undefined ? rows : new OutputBuffer(messageSink(beside));
  const { formatOf, finishRun } = makeWriter(rows);
  return {
    rows,
    messages: told,
    formatOf,
    async finish(whole) {
      if (told !== rows) await told.flush();
      if (whole) finishRun();
      if (file === undefined || path === undefined) return rows.flush();
      if (!whole) return file.discard();
      await withPath(path, async () => {
        await rows.flush();
        await file.finish();
      });
    },
    discard: () => file?.discard(),
  };
}

/** Gives the form of a statement's results; `finishRun`: no more are going to come. */
interface ResultWriter {
  formatOf: RunOutput['formatOf'];
  finishRun(): void;
}

async function openWriter(settings: OutputSettings): Promise<(rows: OutputBuffer) => ResultWriter> {
  const { format } = settings;
  if (!isForPrograms(format)) {
    return (rows) => ({
      formatOf: (statement, characterSet) =>
        chooseFormat(format, settings, statement, characterSet, rows),
      finishRun() {},
    });
  }
  const make = await openProgramFormat(format, settings);
  return (rows) => {
    const run = make(rows);
    return { formatOf: () => run, finishRun: () => run.finish?.() };
  };
}

/**
 * Takes messages, on standard output or standard error. That nobody reads them any more does not end
 * the run; that standard error cannot be written could not be reported anyway.
 */
function messageSink(descriptor: 1 | 2): Sink {
  const sink = openDescriptor(descriptor);
  return {
    write: (bytes) =>
      sink.write(bytes)?.catch((error) => {
        if (!(error instanceof OutputError)) throw error;
        if (descriptor === 1 && !error.closed) throw error;
      }),
  };
}
