import type { Settings } from '../cli/settings.js';
import { OutputBuffer } from '../output/output-buffer.js';
import type { Interruption } from '../session/interruption.js';
import { writeError } from '../session/report.js';
import type { SessionConnection } from '../session/session-connection.js';
import { History, historyFilePath } from '../terminal/history.js';
import { Terminal } from '../terminal/terminal.js';
import { listKnownWikis } from '../wikis/section.js';
import { ReadLoop } from './read-loop.js';
import { type FindTarget, SectionRouter } from './section-router.js';
import { Shell } from './shell.js';
import { ShellOutput } from './shell-output.js';

/**
 * Runs the interactive shell over `session`, which must be connected; resolves to the exit status.
 * `findTarget` resolves a section to a target.
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
    colors: terminal.colors,
    raw: settings.output.raw,
    characterSet: () => session.characterSet,
  });
  const out = new OutputBuffer(output);
  for (const file of settings.input.tees) await output.openTee(file);
  const history = History.open({
    file: historyFilePath(env),
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
    wikis: memoize(() => listKnownWikis(settings.target.mwConfigPath)),
    interruption,
  });
  return new ReadLoop({ shell, terminal, output, history, interruption }).run();
}

/** Returns a function that calls `read` at most once, and caches the result. */
function memoize<T>(read: () => T): () => T {
  let cached: { value: T } | undefined;
  return () => {
    cached ??= { value: read() };
    return cached.value;
  };
}
