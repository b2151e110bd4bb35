import type { Settings } from '../cli/settings.js';
import { OutputBuffer } from '../output/output-buffer.js';
import type { Interruption } from '../session/interruption.js';
import { writeError } from '../session/report.js';
import type { SessionConnection } from '../session/session-connection.js';
import { History, historyFile } from '../terminal/history.js';
import { Terminal } from '../terminal/terminal.js';
import { knownWikis } from '../wikis/section.js';
import { ReadLoop } from './read-loop.js';
import { type FindTarget, SectionRouter } from './section-router.js';
import { Shell } from './shell.js';
import { ShellOutput } from './shell-output.js';

/**
 * Runs the interactive shell over `link`, which is connected; resolves to the exit status.
 * `findTarget` finds a section again, or another one.
 */
export async function runShell(
  settings: Settings,
  session: SessionConnection,
  interruption: Interruption,
  findTarget: FindTarget,
): Promise<number> {
  const { env } = process;
  const terminal = Terminal.open();
  const output = new ShellOutput({
    colours: terminal.colours,
    characterSet: () => session.characterSet,
  });
  const out = new OutputBuffer(output);
  for (const file of settings.input.tees) await output.show(Buffer.from(output.setTee(file)));
  const history = History.open({
    file: historyFile(env),
    ignore: env.MYSQL_HISTIGNORE,
    warn: (problem) => writeError(`analytics-mysql: Warning: ${problem}.\n`),
  });
  const shell = new Shell({
    settings,
    session,
    terminal,
    output,
    out,
    router: new SectionRouter(settings.target, findTarget),
    wikis: once(() => knownWikis(settings.target.mwConfigPath)),
    interruption,
  });
  return new ReadLoop({ shell, terminal, output, history, interruption }).run();
}

/** Reads something when it is first asked for, and once. */
function once<T>(read: () => T): () => T {
  let known: { value: T } | undefined;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
}
