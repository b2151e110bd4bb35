import type { ResultFormat } from '../cli/result-format.js';
import { Failure } from '../failure.js';
import { OutputError } from '../output/sink.js';
import type { ResultHandler } from '../protocol/response.js';
import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { findDestructiveEffect } from '../script/destructive-effect.js';
import type { Statement } from '../script/item.js';
import { showsEmptySets } from '../session/choose-format.js';
import type { Outcome } from '../session/commands/context.js';
import { chooseLocalFilePolicy, startsWithWord } from '../session/local-infile-policy.js';
import { Results, type SummaryOutput } from '../session/results.js';
import { writeWarnings } from '../session/warnings.js';
import { History } from '../terminal/history.js';
import { LineEditor } from '../terminal/line-editor.js';
import type { Terminal } from '../terminal/terminal.js';
import { printable } from '../text/printable.js';
import type { ShellContext } from './context.js';
import { type Destination, openDestination } from './destination.js';
import type { KeptResult } from './kept-result.js';
import { LiveStatus } from './live-status.js';
import type { ShellOutput } from './shell-output.js';
import { toPath } from './typed-path.js';

const againHint = '. Use \\again $> FILE to write the result elsewhere';
const selectWord = Buffer.from('select');

/**
 * Runs one statement in the shell and shows its results. The outcome `exit` only means that the
 * statement failed, which ends a sourced file; it does not end the shell.
 */
export async function runStatement(
  statement: Statement,
  connection: ReplicaConnection,
  shell: ShellContext,
  terminal: Terminal,
  output: ShellOutput,
): Promise<Outcome> {
  const { settings, out } = shell;
  const { sql, line } = statement;
  if (shell.sandboxed && statement.redirect !== undefined) {
    return shell.error('Not allowed in the sandbox mode', line);
  }
  if (settings.shell.destructiveWarning && shell.sourceDepth === 0) {
    const options = { delimiter: ';', sqlMode: connection.sqlMode };
    const destroyed = findDestructiveEffect(Buffer.from(sql).toString(), options)?.description;
    await out.flush();
    const answer =
      destroyed === undefined
        ? 'yes'
        : await confirm(terminal, `This destroys ${destroyed}. Run it?`);
    if (answer !== 'yes') {
      if (answer === 'interrupted') shell.interrupts.skipRest();
      shell.printNotice('The statement was not run.');
      return { exit: 1 };
    }
  }
  if (settings.output.verbose >= 1) shell.echo(sql);
  const { keeper } = shell;
  const characterSet = connection.characterSet.name;
  const { last: lastBefore } = keeper;
  const { untrimmed } = toShownStatement(statement, shell);
  return showResults({
    shell,
    terminal,
    output,
    statement,
    characterSet,
    // Only a SELECT is killed; a statement that may write is allowed to complete.
    isCancellable: startsWithWord(sql, selectWord),
    cancel: () => shell.interrupts.killOnServer(),
    async run(handler) {
      const recorder = keeper.record({ sql, untrimmed, characterSet }, handler);
      await connection.query(sql, recorder, chooseLocalFilePolicy(sql, connection));
      keeper.finish(true);
      return true;
    },
    isKept: () => keeper.last !== lastBefore && keeper.last?.problem === undefined,
    notRun: 'The statement was not run',
    async writeWarnings(summaries, errno) {
      if (!connection.isLost) await writeWarnings(connection, summaries, errno);
    },
  });
}

/** Shows the last result again, or writes it to the destination that `ending` gives. */
export async function showResultAgain(
  result: KeptResult,
  ending: Pick<Statement, 'redirect' | 'vertical' | 'line'>,
  shell: ShellContext,
  terminal: Terminal,
  output: ShellOutput,
): Promise<Outcome> {
  const { sql, untrimmed, characterSet } = result.statement;
  let isStopped = false;
  return showResults({
    shell,
    terminal,
    output,
    statement: { kind: 'statement', sql, untrimmed, terminator: 'go', ...ending },
    characterSet,
    isCancellable: true,
    cancel() {
      isStopped = true;
    },
    run: (handler) => result.replay(handler, () => isStopped || shell.interrupts.isInterrupted),
    isKept: () => true,
    notRun: 'The result is still kept',
  });
}

/** Results to show, and where they come from. */
interface ResultRequest {
  shell: ShellContext;
  terminal: Terminal;
  output: ShellOutput;
  statement: Statement;
  characterSet: string;
  /** Whether the rest may be dropped if it cannot be written, or the user quits the pager. */
  isCancellable: boolean;
  /** Stops the results. */
  cancel(): void;
  /**
   * Passes the results to a handler; resolves to false if they were stopped. Rejects with an SqlError
   * if the statement fails.
   */
  run(handler: ResultHandler): Promise<boolean>;
  /** Whether the complete results can be shown again. */
  isKept(): boolean;
  /** What a message adds if the destination cannot be opened. */
  notRun: string;
  /** Writes the warnings of the statement; `errno`: the number of the error that it ended with. */
  writeWarnings?(summaries: SummaryOutput, errno: number | undefined): Promise<void>;
}

async function showResults(request: ResultRequest): Promise<Outcome> {
  const { shell, terminal, output, statement, characterSet, isCancellable } = request;
  const { settings, out, keeper } = shell;
  const { sql, line } = statement;
  const target = describeTarget(statement);
  const live = new LiveStatus(terminal);
  let isResultCancelled = false;
  let destination: Destination;
  try {
    destination = await openDestination({
      statement: toShownStatement(statement, shell),
      settings: { ...settings.output, format: shell.format },
      characterSet,
      pager: shell.pager,
      terminal,
      output,
      live,
      out,
      isInterrupted: () => shell.interrupts.isInterrupted,
      cancelResult(isWanted) {
        // A result that could not be written can be written elsewhere if it is read to its end.
        if (isResultCancelled || !isCancellable || (isWanted && keeper.isKeeping)) return;
        isResultCancelled = true;
        request.cancel();
      },
    });
  } catch (error) {
    if (!isOutputError(error)) throw error;
    return shell.error(`Cannot write ${target}: ${error.message}. ${request.notRun}`, line);
  }
  await out.flush();
  const { output: outputSettings } = settings;
  const results = new Results(
    destination.out,
    destination.format,
    {
      summaries: outputSettings.silent === 0 || outputSettings.verbose >= 2,
      timing: shell.timing,
      emptySets: showsEmptySets(outputSettings),
      quick: outputSettings.quick,
      note: () => keeper.note,
    },
    destination.summaries,
  );
  const startedAt = performance.now();
  const handler = destination.sharesTerminal ? results : live.observe(results);
  shell.interrupts.live = live;
  // After Ctrl-C, the rest of a sourced file is skipped.
  const applyInterrupt = (outcome: Outcome): Outcome =>
    shell.interrupts.isInterrupted && shell.sourceDepth > 0 ? { exit: 1 } : outcome;
  const reportWriteError = ({ message }: Error) => {
    const hint = isComplete && request.isKept() ? againHint : '';
    return shell.error(`Cannot write ${target}: ${message}${hint}`, line);
  };
  let isComplete = false;
  try {
    isComplete = await request.run(handler);
    live.stop();
    if (!isComplete) {
      results.fail();
      await destination.end(false);
      return applyInterrupt('continue');
    }
    if (shell.showWarnings && results.warnings > 0) {
      await request.writeWarnings?.(destination.summaries, undefined);
    }
    await destination.end(true);
    return applyInterrupt('continue');
  } catch (error) {
    live.stop();
    // The outcome of the KILL must appear before the error that it causes.
    await shell.interrupts.waitForKills();
    if (isOutputError(error)) return reportWriteError(error);
    if (!(error instanceof SqlError)) throw error;
    results.fail();
    try {
      await destination.end(false);
    } catch (failure) {
      if (!isOutputError(failure)) throw failure;
      const outcome = await reportWriteError(failure);
      if (isResultCancelled) return outcome;
    }
    const isLost = shell.session.connection?.isLost ?? true;
    if (isResultCancelled && !isLost && !shell.interrupts.isInterrupted)
      return applyInterrupt('continue');
    const outcome = await shell.serverError(
      error,
      line,
      settings.output.printQueryOnError ? sql : undefined,
    );
    if (shell.showWarnings) await request.writeWarnings?.(out, error.errno);
    return applyInterrupt(outcome);
  } finally {
    keeper.finish(false);
    shell.interrupts.live = undefined;
    shell.ringBellAfter(performance.now() - startedAt);
  }
}

/** Returns the statement as the format shows it. */
function toShownStatement(statement: Statement, shell: ShellContext): Statement {
  return showsStatement(shell.format)
    ? withDelimiter(statement, shell.reader.delimiter)
    : statement;
}

/** Whether an error means that the result could not be written to its destination. */
function isOutputError(error: unknown): error is Error {
  return error instanceof OutputError || error instanceof Failure;
}

/** Returns what a result is written to, for messages. */
function describeTarget({ redirect }: Statement): string {
  if (redirect === undefined || redirect.kind === 'pipe') return 'the result';
  return `'${printable(toPath(redirect.target))}'`;
}

/** Whether the format shows the statement: XML does. */
function showsStatement(format: ResultFormat): boolean {
  return format.name === 'xml' || (format.name === 'html' && format.emptyAsXml);
}

/** Observed: in interactive mode, the statement that the client shows in XML has its delimiter. */
function withDelimiter(statement: Statement, delimiter: Uint8Array): Statement {
  if (statement.terminator !== 'delimiter') return statement;
  return { ...statement, untrimmed: Buffer.concat([statement.untrimmed, delimiter]) };
}

/** The answer to a question; `interrupted` after Ctrl-C. */
type Confirmation = 'yes' | 'no' | 'interrupted';

/** Asks a yes-or-no question. Any answer except `y` and `yes` means no. */
async function confirm(terminal: Terminal, question: string): Promise<Confirmation> {
  const editor = new LineEditor(terminal, History.open({ file: undefined, ignore: undefined }), {
    analyze: (text) => ({
      text,
      prompts: [`${question} (y/N) `],
      spans: [],
      isComplete: true,
      complete: (cursor) => ({ start: cursor, end: cursor, candidates: [] }),
    }),
  });
  const answer = await editor.read();
  if (answer.kind === 'interrupted' || terminal.takeInterrupt()) return 'interrupted';
  return answer.kind === 'text' && /^y(es)?$/i.test(answer.text.trim()) ? 'yes' : 'no';
}
