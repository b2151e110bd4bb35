import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/** The default time between two runs. */
const defaultSeconds = 2;

/**
 * `\watch [seconds]`: runs the pending statement, else the last one, repeatedly, until Ctrl-C or an
 * error.
 */
export async function watchStatement(
  { args, pending, line }: ShellCommand,
  context: ShellContext,
): Promise<Outcome> {
  const text = Buffer.from(args[0] ?? []).toString();
  const seconds = text === '' ? defaultSeconds : Number(text);
  if (!(seconds >= 0.1 && seconds <= 86_400)) {
    return context.warn(`\\watch: expected seconds from 0.1 to 86400 but found '${text}'`, line);
  }
  const sql = Uint8Array.from(pending.length > 0 ? pending : (context.lastStatement ?? []));
  if (sql.length === 0) return context.warn('\\watch: no statement to run', line);
  context.reader.clear();
  const { pager } = context;
  // A pager would wait for the user after each run.
  context.pager = undefined;
  try {
    for (;;) {
      context.out.appendText(`${new Date().toLocaleString('sv')} (every ${seconds} s)\n`);
      const outcome = await context.runSql(sql, line);
      if (outcome !== 'continue') return outcome;
      await context.out.flush();
      if ((await context.interrupts.pause(seconds * 1000)) === 'interrupted') return 'continue';
    }
  } finally {
    context.pager = pager;
  }
}
