import { statSync } from 'node:fs';
import { checkForm, formOfFileName } from '../cli/file-name.js';
import { type ClientFormat, isForPrograms, namedFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { canCompress } from '../output/compressed-sink.js';
import { isWrittenInPlace, openFileOutput } from '../output/file-output.js';
import { AppendingSink } from '../output/file-sink.js';
import type { RunFormat } from '../output/format.js';
import { factsOf } from '../output/formats.js';
import type { Sink } from '../output/sink.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import type { Redirect } from '../script/item.js';
import { type MakeFormat, openProgramFormat } from '../session/program-format.js';

/** A sink that has an end. */
export interface EndingSink extends Sink {
  end(whole: boolean): Promise<void>;
}

/** The file behind `$>` or `$>>`, and its format; `make`: of one for programs, what makes it. */
export type RedirectedFile = { sink: EndingSink; settings: OutputSettings } & (
  | { format: ClientFormat }
  | { make: MakeFormat }
);

/**
 * Opens the file that a result goes to, whose name says in what form: `$> edits.csv.gz`. Throws
 * OutputError, or a Failure where the form cannot be had.
 */
export async function openRedirected(
  { kind, to }: Redirect,
  usual: ClientFormat,
  settings: OutputSettings,
): Promise<RedirectedFile> {
  const path = Buffer.from(to).toString();
  const { format: ofName, compression } = formOfFileName(path);
  const implied = ofName === 'table' && usual.name === 'vertical' ? 'vertical' : ofName;
  const appends = kind === 'append';
  checkForm(implied, compression, settings.binaryAsHex);
  const { appends: canAppend = 'yes' } = implied === undefined ? {} : factsOf(implied);
  if (appends && (canAppend === 'no' || compression !== undefined)) {
    throw new Failure('cannot-append', 'such a file cannot be added to: use $>');
  }
  if (compression !== undefined && !canCompress(compression)) {
    throw new Failure('no-zstd', 'this Node has no zstd (22.15 has): use .gz');
  }
  const format = implied === undefined ? usual : namedFormat(implied);
  const open = () => (appends ? appending(path) : whole(path));
  if (!isForPrograms(format)) return { sink: open(), settings, format };
  const isAddedTo = appends && canAppend === 'without a second header';
  const named: OutputSettings = {
    ...settings,
    // What is added to a file needs no second header.
    columnNames: settings.columnNames && !(isAddedTo && hasContent(path)),
    silent: 1,
  };
  const make = await openProgramFormat(format, named);
  return { sink: open(), settings: named, make };
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function appending(path: string): EndingSink {
  if (isWrittenInPlace(path)) return whole(path);
  const sink = new AppendingSink(path);
  return { write: (bytes) => sink.write(bytes), end: async () => sink.close() };
}

function whole(path: string): EndingSink {
  const file = openFileOutput(path, formOfFileName(path).compression);
  return {
    write: (bytes) => file.write(bytes),
    end: async (all) => (all ? file.finish() : file.discard()),
  };
}

/**
 * Lets a format refuse a result without leaving the connection amid its rows: they are passed over,
 * and `refusal` says why.
 */
export class RefusableFormat implements RunFormat {
  refusal: Failure | undefined;
  readonly #format: RunFormat;

  constructor(format: RunFormat) {
    this.#format = format;
  }

  begin(...columns: Parameters<RunFormat['begin']>): void {
    this.#try(() => this.#format.begin(...columns));
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (this.refusal === undefined) this.#try(() => this.#format.row(bytes, start, end));
  }

  /** The rest of a result that was refused comes row by row. */
  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    let taken: RowsTaken | undefined;
    this.#try(() => {
      taken = this.#format.takeRows(...chunk);
    });
    return taken;
  }

  end(whole: boolean): void {
    this.#try(() => this.#format.end(whole));
  }

  finish(): void {
    this.#try(() => this.#format.finish?.());
  }

  #try(act: () => void): void {
    if (this.refusal !== undefined) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.refusal = error;
    }
  }
}
