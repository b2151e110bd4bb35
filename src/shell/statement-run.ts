import type { ResultFormat } from '../cli/result-format.js';
import { Failure } from '../failure.js';
import { OutputError } from '../output/sink.js';
import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { findDestruction } from '../script/destructive.js';
import type { Statement } from '../script/item.js';
import { showsEmptySets } from '../session/choose-format.js';
import type { Outcome } from '../session/commands/context.js';
import { localFilePolicy, startsWithWord } from '../session/local-infile-policy.js';
import { Results } from '../session/results.js';
import { writeWarnings } from '../session/warnings.js';
import { History } from '../terminal/history.js';
import { LineEditor } from '../terminal/line-editor.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ShellContext } from './context.js';
import { type Destination, openDestination } from './destination.js';
import { LiveStatus } from './live-status.js';
import type { ShellOutput } from './shell-output.js';

const selectWord = Buffer.from('select');

/**
 * Runs one statement of a conversation and shows what comes of it. `exit` as its outcome means no
 * more than that it failed, which ends a file that is being sourced.
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
  if (settings.shell.destructiveWarning && shell.depth === 0) {
    const reading = { delimiter: ';', sqlMode: connection.sqlMode };
    const what = findDestruction(Buffer.from(sql).toString(), reading)?.what;
    await out.flush();
    const answer =
      what === undefined ? 'yes' : await confirms(terminal, `This destroys ${what}. Run it?`);
    if (answer !== 'yes') {
      if (answer === 'interrupted') shell.interrupts.giveUpRest();
      shell.inform('Not run.');
      return { exit: 1 };
    }
  }
  if (settings.output.verbose >= 1) shell.echo(sql);
  const live = new LiveStatus(terminal);
  let givenUp = false;
  let destination: Destination;
  try {
    destination = await openDestination({
      statement: showsStatement(settings.output.format)
        ? asTyped(statement, shell.reader.delimiter)
        : statement,
      settings: settings.output,
      characterSet: connection.characterSet.name,
      pager: shell.pager,
      terminal,
      output,
      live,
      out,
      interrupted: () => shell.interrupts.happened,
      giveUp() {
        // What does more than read is not left half done.
        givenUp = startsWithWord(sql, selectWord);
        if (givenUp) shell.interrupts.endOnServer();
      },
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return shell.error(
      `Cannot write the result: ${error.message}. The statement was not run`,
      line,
    );
  }
  await out.flush();
  const { output: o } = settings;
  const results = new Results(
    destination.out,
    destination.format,
    {
      summaries: o.silent === 0 || o.verbose >= 2,
      timing: shell.timing,
      emptySets: showsEmptySets(o),
      quick: o.quick,
    },
    destination.summaries,
  );
  const started = performance.now();
  const handler = destination.sharesTerminal ? results : live.watch(results);
  shell.interrupts.live = live;
  // What follows in a file is given up as well.
  const ending = (outcome: Outcome): Outcome =>
    shell.interrupts.happened && shell.depth > 0 ? { exit: 1 } : outcome;
  const cannotWrite = ({ message }: Error) =>
    shell.error(`Cannot write the result: ${message}`, line);
  try {
    await connection.query(sql, handler, localFilePolicy(sql, connection));
    live.stop();
    if (shell.showWarnings && results.warnings > 0) {
      await writeWarnings(connection, destination.summaries, undefined);
    }
    await destination.end(true);
    return ending('continue');
  } catch (error) {
    live.stop();
    // What became of the KILL is said in front of the error that it leads to.
    await shell.interrupts.told();
    if (isRefusal(error)) return cannotWrite(error);
    if (!(error instanceof SqlError)) throw error;
    results.fail();
    try {
      await destination.end(false);
    } catch (failure) {
      if (!isRefusal(failure)) throw failure;
      const outcome = await cannotWrite(failure);
      if (givenUp) return outcome;
    }
    if (givenUp && !connection.lost && !shell.interrupts.happened) return ending('continue');
    const outcome = await shell.serverError(
      error,
      line,
      settings.output.printQueryOnError ? sql : undefined,
    );
    if (shell.showWarnings && !connection.lost) await writeWarnings(connection, out, error.errno);
    return ending(outcome);
  } finally {
    shell.interrupts.live = undefined;
    shell.ringAfter(performance.now() - started);
  }
}

/** What keeps a result from where it should go. */
function isRefusal(error: unknown): error is Error {
  return error instanceof OutputError || error instanceof Failure;
}

/** Whether the format shows the statement: XML does. */
function showsStatement(format: ResultFormat): boolean {
  return format.name === 'xml' || (format.name === 'html' && format.emptyAsXml);
}

/** What XML shows as the statement: in a conversation the client keeps the delimiter (observed). */
function asTyped(statement: Statement, delimiter: Uint8Array): Statement {
  if (statement.terminated !== 'delimiter') return statement;
  return { ...statement, untrimmed: Buffer.concat([statement.untrimmed, delimiter]) };
}

/** What was said to a question; `interrupted`: Ctrl-C. */
type Confirmation = 'yes' | 'no' | 'interrupted';

/** Asks a question that is answered with yes or no. Anything but `y` and `yes` is no. */
async function confirms(terminal: Terminal, question: string): Promise<Confirmation> {
  const editor = new LineEditor(terminal, History.open({ file: undefined, ignore: undefined }), {
    analyse: (text) => ({
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
