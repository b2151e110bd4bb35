import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { spawnShell } from '../child-process.js';
import { type ResultFormat, toScriptFormat, toVerticalFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import type { Format } from '../output/format.js';
import { formatPropertiesOf } from '../output/formats.js';
import { OutputBuffer } from '../output/output-buffer.js';
import type { ScreenShape } from '../output/screen-shape.js';
import { OutputError, type Sink } from '../output/sink.js';
import type { Statement } from '../script/item.js';
import { chooseFormat } from '../session/choose-format.js';
import { setOutputCharacterSet } from '../session/describe-character-set.js';
import type { SummaryOutput } from '../session/results.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ShellPager } from './context.js';
import { DuplicatingFormat } from './duplicating-format.js';
import type { LiveStatus } from './live-status.js';
import { openPagedScreen } from './paged-screen.js';
import {
  type ClosableSink,
  DeferredFailureFormat,
  type LoadedFormat,
  loadFormat,
  openRedirectedFile,
  type RedirectedFile,
} from './redirected-file.js';
import { ResultScreen } from './result-screen.js';
import { createScreenFormat, isHumanReadable } from './screen-format.js';
import type { ShellOutput } from './shell-output.js';

/** The destination of one statement's results. */
export interface Destination {
  out: OutputBuffer;
  format: Format;
  /** A program of the user may write to the terminal at the same time. */
  sharesTerminal: boolean;
  /** Receives the summaries that follow the rows. */
  summaries: SummaryOutput;
  /**
   * Ends the output. If it is not complete, because an error ended it, a file is not created.
   * Rejects with an OutputError, or with a Failure of the format.
   */
  end(isComplete: boolean): Promise<void>;
}

/** The information that decides the destination. */
export interface DestinationRequest {
  statement: Statement;
  settings: OutputSettings;
  characterSet: string;
  pager: ShellPager | undefined;
  terminal: Terminal;
  output: ShellOutput;
  /** The status line, which is removed before anything is printed. */
  live: LiveStatus;
  /** Receives messages. */
  out: OutputBuffer;
  /** Whether the user pressed Ctrl-C: output that is not on the screen yet is dropped then. */
  isInterrupted: () => boolean;
  /**
   * Called when the rest of the result cannot be written, so that the server can stop; may be called
   * again. `isWanted` is false if nobody reads it any more.
   */
  cancelResult(isWanted: boolean): void;
}

/**
 * Opens the destination of a statement's result: the screen, unless the statement ends in a
 * redirect such as `$> file` or `$| command`. Rejects with an OutputError, or with a Failure if the
 * format cannot be used.
 */
export async function openDestination(request: DestinationRequest): Promise<Destination> {
  const { settings, statement, terminal } = request;
  const { redirect } = statement;
  const { format } = settings;
  if (redirect === undefined) {
    const requested = statement.vertical ? toVerticalFormat(format) : format;
    checkIsText(requested);
    return createScreenDestination(request, await loadFormat(requested, settings));
  }
  const scriptFormat = toScriptFormat(format);
  if (redirect.kind === 'pipe') {
    const loaded = await loadFormat(scriptFormat, settings);
    const sink = openProgramSink(Buffer.from(redirect.target).toString(), terminal);
    return createSinkDestination(request, { sink, settings, ...loaded });
  }
  return createSinkDestination(request, await openRedirectedFile(redirect, scriptFormat, settings));
}

/** Throws a Failure for a format that cannot be read on the screen. */
function checkIsText({ name }: ResultFormat): void {
  if (!formatPropertiesOf(name).isCompressed) return;
  throw new Failure('bad-format', `${name} is not text; end the statement with $> FILE`);
}

function createScreenDestination(request: DestinationRequest, loaded: LoadedFormat): Destination {
  const { terminal, output, out, settings, pager, live } = request;
  let shape: ScreenShape = 'text';
  const paged = openPagedScreen({
    terminal,
    shape: () => shape,
    characterSet: request.characterSet,
    pager,
    directSink: live.sink(
      createInterruptibleSink(request.isInterrupted, { write: (bytes) => output.writeRaw(bytes) }),
    ),
    onStart: () => live.stop(),
    onQuit: () => request.cancelResult(false),
  });
  const { statement, characterSet } = request;
  const clientFormat = 'format' in loaded ? loaded.format : undefined;
  const isSanitized = clientFormat !== undefined && isHumanReadable(clientFormat) && !settings.raw;
  const sanitizer = isSanitized ? undefined : output.createStreamSanitizer();
  const screen = new ResultScreen(
    {
      async write(bytes) {
        if (!isSanitized) output.copyToTee(bytes);
        const safe = sanitizer?.push(bytes) ?? bytes;
        if (safe.length > 0) await paged.write(safe);
      },
    },
    (summary) => {
      if (!isSanitized) return summary;
      output.copyToTee(summary);
      return output.sanitize(summary);
    },
  );
  const screenFormat =
    'make' in loaded
      ? new DeferredFailureFormat(loaded.make(screen.out))
      : createScreenFormat(
          loaded.format,
          settings,
          statement,
          characterSet,
          screen.out,
          terminal,
          (chosen) => {
            shape = chosen;
          },
        );
  const deferred = screenFormat instanceof DeferredFailureFormat ? screenFormat : undefined;
  // The file of `tee` gets the client's bytes, which a sanitized table no longer contains.
  const teeOut = isSanitized && output.tee !== undefined ? createTeeBuffer(output) : undefined;
  const format =
    teeOut === undefined || clientFormat === undefined
      ? screenFormat
      : new DuplicatingFormat(
          screenFormat,
          chooseFormat(clientFormat, settings, statement, characterSet, teeOut),
          teeOut,
        );
  return {
    out: screen.out,
    sharesTerminal: false,
    format: screen.withSummariesBefore(format),
    summaries: screen,
    async end(isComplete) {
      if (isComplete) deferred?.finish();
      await screen.out.flush();
      const rest = sanitizer?.end();
      if (rest !== undefined && rest.length > 0) await paged.write(rest);
      await paged.end();
      if (deferred?.failure !== undefined) throw deferred.failure;
      for (const summary of screen.takeSummaries()) out.append(summary);
    },
  };
}

function createTeeBuffer(output: ShellOutput): OutputBuffer {
  return new OutputBuffer({
    write(bytes) {
      output.copyToTee(bytes);
      return undefined;
    },
  });
}

/** Returns a sink that writes its chunks in order, and drops them after `isInterrupted`. */
function createInterruptibleSink(isInterrupted: () => boolean, sink: Sink): Sink {
  let last: Promise<void> = Promise.resolve();
  return {
    write(bytes) {
      last = last.then(() => (isInterrupted() ? undefined : sink.write(bytes)));
      return last;
    },
  };
}

/**
 * Formats a redirected result exactly as batch mode would. After a write error the rest of the
 * result is read and dropped, to keep the connection usable; end() reports the error.
 */
function createSinkDestination(request: DestinationRequest, file: RedirectedFile): Destination {
  const { statement, characterSet } = request;
  const { sink, settings } = file;
  let failure: OutputError | undefined;
  const checkedSink: Sink = {
    isTerminal: sink.isTerminal,
    async write(bytes) {
      if (failure !== undefined) {
        request.cancelResult(!failure.closed);
        return;
      }
      try {
        await sink.write(bytes);
      } catch (error) {
        if (!(error instanceof OutputError)) throw error;
        failure ??= error;
        request.cancelResult(!error.closed);
      }
    },
  };
  const out = new OutputBuffer(checkedSink, settings.raw);
  if (!('make' in file)) setOutputCharacterSet(out, characterSet);
  const format =
    'make' in file
      ? new DeferredFailureFormat(file.make(out))
      : chooseFormat(file.format, settings, statement, characterSet, out);
  const deferred = format instanceof DeferredFailureFormat ? format : undefined;
  return {
    out,
    format,
    sharesTerminal: statement.redirect?.kind === 'pipe',
    summaries: request.out,
    async end(isComplete) {
      if (isComplete) deferred?.finish();
      await out.flush();
      await sink.end(isComplete && failure === undefined && deferred?.failure === undefined);
      // It is not an error if a program has closed its input early.
      if (failure?.closed === false) throw failure;
      if (deferred?.failure !== undefined) throw deferred.failure;
    },
  };
}

function openProgramSink(command: string, terminal: Terminal): ClosableSink {
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
      terminal.acquire();
      terminal.moveToRowStart();
    },
  };
}
