import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { spawnShell } from '../child-process.js';
import {
  type ClientFormat,
  interactiveFormat,
  scriptFormat,
  verticalFormat,
} from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { cellCount } from '../output/cell-count.js';
import type { Format } from '../output/format.js';
import { OutputBuffer } from '../output/output-buffer.js';
import { PagedOutput } from '../output/paged-output.js';
import { OutputError, type Sink } from '../output/sink.js';
import type { Statement } from '../script/item.js';
import { chooseFormat } from '../session/choose-format.js';
import type { SummaryOutput } from '../session/results.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ShellPager } from './context.js';
import { formatOnScreen, isHumanReadable, widthOf } from './format-on-screen.js';
import type { LiveStatus } from './live-status.js';
import {
  type EndingSink,
  openRedirected,
  type RedirectedFile,
  RefusableFormat,
} from './redirected.js';
import { ResultScreen } from './result-screen.js';
import type { ShellOutput } from './shell-output.js';

/** Where the results of one statement go. */
export interface Destination {
  out: OutputBuffer;
  format: Format;
  /** A program of the user's writes to the terminal meanwhile. */
  sharesTerminal: boolean;
  /** Takes what is told beside the rows. */
  summaries: SummaryOutput;
  /** All is written, or, if not `whole`, an error ended it. Rejects with OutputError. */
  end(whole: boolean): Promise<void>;
}

/** What a destination is chosen by. */
export interface DestinationRequest {
  statement: Statement;
  settings: OutputSettings;
  characterSet: string;
  pager: ShellPager | undefined;
  terminal: Terminal;
  output: ShellOutput;
  /** Is taken away before anything is printed. */
  live: LiveStatus;
  /** Takes what is told. */
  out: OutputBuffer;
  /** The user has seen enough: what is not on the screen yet is dropped. */
  interrupted: () => boolean;
  /** Nothing more of the result can be written: the server may stop. */
  giveUp(): void;
}

/**
 * Where a statement says that its result goes: the screen, unless `$>` or `$|` stand behind it.
 * Rejects with OutputError, or with a Failure for a form that cannot be had.
 */
export async function openDestination(request: DestinationRequest): Promise<Destination> {
  const { settings, statement, terminal } = request;
  const { redirect } = statement;
  const format = interactiveFormat(settings.format);
  if (redirect === undefined) {
    return onScreen(request, statement.vertical ? verticalFormat(format) : format);
  }
  const script = scriptFormat(format);
  if (redirect.kind === 'pipe') {
    const sink = throughProgram(Buffer.from(redirect.to).toString(), terminal);
    return toSink(request, { sink, settings, format: script });
  }
  return toSink(request, await openRedirected(redirect, script, settings));
}

function onScreen(request: DestinationRequest, asked: ClientFormat): Destination {
  const { terminal, output, out, settings, pager, live } = request;
  const paged = new PagedOutput({
    command: pager?.command,
    always: pager?.named ?? false,
    rows: terminal.rows,
    columns: terminal.columns,
    cells: cellCount(request.characterSet, widthOf),
    direct: live.sink(until(request.interrupted, { write: (bytes) => output.show(bytes) })),
    before() {
      live.stop();
      terminal.release();
    },
    after() {
      terminal.take();
      terminal.beginRow();
    },
    onQuit: () => request.giveUp(),
  });
  const made = isHumanReadable(asked);
  const screen = new ResultScreen({
    write(bytes) {
      output.copy(bytes);
      return paged.write(made ? bytes : output.safe(bytes));
    },
  });
  const { statement, characterSet } = request;
  const format = formatOnScreen(asked, settings, statement, characterSet, screen.out, terminal);
  return {
    out: screen.out,
    sharesTerminal: false,
    format: screen.behindSummaries(format),
    summaries: screen,
    async end() {
      await screen.out.flush();
      await paged.end();
      for (const summary of screen.takeSummaries()) out.append(summary);
    },
  };
}

/** A sink whose pieces are written one after another, until `interrupted`. */
function until(interrupted: () => boolean, sink: Sink): Sink {
  let last: Promise<void> = Promise.resolve();
  return {
    write(bytes) {
      last = last.then(() => (interrupted() ? undefined : sink.write(bytes)));
      return last;
    },
  };
}

/**
 * What leaves the conversation is written as a script would write it, byte for byte. Where that
 * fails the rest is dropped, and the end tells: the connection goes on to hold one result at a time.
 */
function toSink(request: DestinationRequest, file: RedirectedFile): Destination {
  const { statement, characterSet } = request;
  const { sink, settings } = file;
  let failure: OutputError | undefined;
  const out = new OutputBuffer({
    async write(bytes) {
      if (failure !== undefined) return;
      try {
        await sink.write(bytes);
      } catch (error) {
        if (!(error instanceof OutputError)) throw error;
        if (failure === undefined) request.giveUp();
        failure ??= error;
      }
    },
  });
  const format =
    'make' in file
      ? new RefusableFormat(file.make(out))
      : chooseFormat(file.format, settings, statement, characterSet, out);
  const refusable = format instanceof RefusableFormat ? format : undefined;
  return {
    out,
    format,
    sharesTerminal: statement.redirect?.kind === 'pipe',
    summaries: request.out,
    async end(whole) {
      if (whole) refusable?.finish();
      await out.flush();
      await sink.end(whole && failure === undefined && refusable?.refusal === undefined);
      // A program that has read enough is no fault.
      if (failure?.closed === false) throw failure;
      if (refusable?.refusal !== undefined) throw refusable.refusal;
    },
  };
}

function throughProgram(command: string, terminal: Terminal): EndingSink {
  terminal.release();
  const child = spawnShell(command, {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const input = child.stdin as Writable;
  const closed = once(child, 'close').catch(() => {});
  let failure: OutputError | undefined;
  input.on('error', ({ code = 'EPIPE' }: NodeJS.ErrnoException) => {
    failure ??= new OutputError(code);
  });
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        input.write(bytes, (error) =>
          error ? reject(failure ?? new OutputError('EPIPE')) : resolve(),
        );
      }),
    async end() {
      input.end();
      await closed;
      terminal.take();
      terminal.beginRow();
    },
  };
}
