import { statSync } from 'node:fs';
import { checkFormat, parseFileName } from '../cli/file-name.js';
import {
  type ClientFormat,
  createFormat,
  isProgramFormat,
  type ResultFormat,
} from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { canCompress } from '../output/compressed-sink.js';
import { isWrittenInPlace, openFileOutput } from '../output/file-output.js';
import { AppendingSink } from '../output/file-sink.js';
import type { RunFormat } from '../output/format.js';
import { formatPropertiesOf, outputFormats } from '../output/formats.js';
import type { Sink } from '../output/sink.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import type { Redirect } from '../script/item.js';
import { loadProgramFormat, type MakeFormat } from '../session/program-format.js';
import { printable } from '../text/printable.js';
import { toPath } from './typed-path.js';

/** A sink that must be ended. */
export interface ClosableSink extends Sink {
  end(isComplete: boolean): Promise<void>;
}

/** A format of the client, or the factory of a format for programs. */
export type LoadedFormat = { format: ClientFormat } | { make: MakeFormat };

/** The file of `$>` or `$>>`, and its format. */
export type RedirectedFile = { sink: ClosableSink; settings: OutputSettings } & LoadedFormat;

/** Loads the code of a format if necessary. */
export async function loadFormat(
  format: ResultFormat,
  settings: OutputSettings,
): Promise<LoadedFormat> {
  if (!isProgramFormat(format)) return { format };
  return { make: await loadProgramFormat(format, settings) };
}

/**
 * Opens the file of a redirect such as `$> edits.csv.gz`. The extension decides the format and the
 * compression. Rejects with an OutputError, or with a Failure if the format cannot be used.
 */
export async function openRedirectedFile(
  { kind, target }: Redirect,
  sessionFormat: ResultFormat,
  settings: OutputSettings,
): Promise<RedirectedFile> {
  const path = toPath(target);
  const { format: formatOfName, compression } = parseFileName(path);
  if (formatOfName === undefined) checkExtension(path);
  const implied =
    formatOfName === 'table' && sessionFormat.name === 'vertical' ? 'vertical' : formatOfName;
  const isAppend = kind === 'append';
  const format = implied === undefined ? sessionFormat : createFormat(implied);
  checkFormat(format.name, compression, settings.binaryAsHex);
  const { appendMode } = formatPropertiesOf(format.name);
  if (isAppend && (appendMode === 'no' || compression !== undefined)) {
    throw new Failure(
      'cannot-append',
      'a file of this kind cannot be appended to; use $> to replace it',
    );
  }
  if (compression !== undefined && !canCompress(compression)) {
    throw new Failure(
      'no-zstd',
      `Node.js ${process.versions.node} has no zstd; use Node.js 22.15, or .gz`,
    );
  }
  const open = () => (isAppend ? openAppendedFile(path) : openReplacedFile(path));
  if (!isProgramFormat(format)) return { sink: open(), settings, format };
  const hasHeaderOnce = isAppend && appendMode === 'without a second header';
  const fileSettings: OutputSettings = {
    ...settings,
    // Rows that are appended to a file need no second header.
    columnNames: settings.columnNames && !(hasHeaderOnce && hasContent(path)),
    silent: 1,
  };
  const make = await loadProgramFormat(format, fileSettings);
  return { sink: open(), settings: fileSettings, make };
}

/** Throws a Failure if the name has an extension that implies no format: `x.cvs`. */
function checkExtension(path: string): void {
  const [, extension] = /[^/](\.[^./]+)$/.exec(path.replace(/\.(?:gz|zst)$/i, '')) ?? [];
  if (extension === undefined || isWrittenInPlace(path)) return;
  const known = outputFormats.map((name) => `.${formatPropertiesOf(name).extensions[0]}`);
  const list = [...new Set(known)].join(' ');
  throw new Failure(
    'bad-format',
    `'${printable(extension)}' implies no format; use ${list}, or a name without an extension`,
  );
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function openAppendedFile(path: string): ClosableSink {
  if (isWrittenInPlace(path)) return openReplacedFile(path);
  const sink = new AppendingSink(path);
  return { write: (bytes) => sink.write(bytes), end: async () => sink.close() };
}

function openReplacedFile(path: string): ClosableSink {
  const file = openFileOutput(path, parseFileName(path).compression);
  return {
    isTerminal: file.isTerminal,
    write: (bytes) => file.write(bytes),
    end: async (isComplete) => (isComplete ? file.finish() : file.discard()),
  };
}

/**
 * Catches the Failure of a format that cannot write a result and keeps it in `failure`. The rest of
 * the rows is read and dropped, so that the connection stays usable.
 */
export class DeferredFailureFormat implements RunFormat {
  failure: Failure | undefined;
  readonly #format: RunFormat;

  constructor(format: RunFormat) {
    this.#format = format;
  }

  begin(...columns: Parameters<RunFormat['begin']>): void {
    this.#try(() => this.#format.begin(...columns));
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (this.failure === undefined) this.#try(() => this.#format.row(bytes, start, end));
  }

  /** Returns undefined after a failure, so that the remaining rows arrive one by one. */
  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    let taken: RowsTaken | undefined;
    this.#try(() => {
      taken = this.#format.takeRows(...chunk);
    });
    return taken;
  }

  end(isComplete: boolean): void {
    this.#try(() => this.#format.end(isComplete));
  }

  finish(): void {
    this.#try(() => this.#format.finish?.());
  }

  #try(act: () => void): void {
    if (this.failure !== undefined) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.failure = error;
    }
  }
}
