import type { ResultFormat } from '../cli/result-format.js';
import { Failure } from '../failure.js';
import { OutputError } from '../output/sink.js';
import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { findDestructiveEffect } from '../script/destructive-effect.js';
import type { Statement } from '../script/item.js';
import { showsEmptySets } from '../session/choose-format.js';
import type { Outcome } from '../session/commands/context.js';
import { chooseLocalFilePolicy, startsWithWord } from '../session/local-infile-policy.js';
import { Results } from '../session/results.js';
import { writeWarnings } from '../session/warnings.js';
import { History } from '../terminal/history.js';
import { LineEditor } from '../terminal/line-editor.js';
import type { Terminal } from '../terminal/terminal.js';
import { printable } from '../text/printable.js';
import type { ShellContext } from './context.js';
import { type Destination, openDestination } from './destination.js';
import { LiveStatus } from './live-status.js';
import type { ShellOutput } from './shell-output.js';
import { toPath } from './typed-path.js';

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
  const target = describeTarget(statement);
  const live = new LiveStatus(terminal);
  let isResultCancelled = false;
  let destination: Destination;
  try {
    destination = await openDestination({
      statement: showsStatement(shell.format)
        ? withDelimiter(statement, shell.reader.delimiter)
        : statement,
      settings: { ...settings.output, format: shell.format },
      characterSet: connection.characterSet.name,
      pager: shell.pager,
      terminal,
      output,
      live,
      out,
      isInterrupted: () => shell.interrupts.isInterrupted,
      cancelResult() {
        // Only a SELECT is killed; a statement that may write is allowed to complete.
        isResultCancelled = startsWithWord(sql, selectWord);
        if (isResultCancelled) shell.interrupts.killOnServer();
      },
    });
  } catch (error) {
    if (!isOutputError(error)) throw error;
    return shell.error(`Cannot write ${target}: ${error.message}. The statement was not run`, line);
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
    },
    destination.summaries,
  );
  const startedAt = performance.now();
  const handler = destination.sharesTerminal ? results : live.observe(results);
  shell.interrupts.live = live;
  // After Ctrl-C, the rest of a sourced file is skipped.
  const applyInterrupt = (outcome: Outcome): Outcome =>
    shell.interrupts.isInterrupted && shell.sourceDepth > 0 ? { exit: 1 } : outcome;
  const reportWriteError = ({ message }: Error) =>
    shell.error(`Cannot write ${target}: ${message}`, line);
  try {
    await connection.query(sql, handler, chooseLocalFilePolicy(sql, connection));
    live.stop();
    if (shell.showWarnings && results.warnings > 0) {
      await writeWarnings(connection, destination.summaries, undefined);
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
    if (isResultCancelled && !connection.isLost && !shell.interrupts.isInterrupted)
      return applyInterrupt('continue');
    const outcome = await shell.serverError(
      error,
      line,
      settings.output.printQueryOnError ? sql : undefined,
    );
    if (shell.showWarnings && !connection.isLost) await writeWarnings(connection, out, error.errno);
    return applyInterrupt(outcome);
  } finally {
    shell.interrupts.live = undefined;
    shell.ringBellAfter(performance.now() - startedAt);
  }
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
  if (answer.kind === 'interrupted') return 'interrupted';
  return answer.kind === 'text' && /^y(es)?$/i.test(answer.text.trim()) ? 'yes' : 'no';
}
