import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/** Seconds between two runs, if the user does not say. */
const usual = 2;

/**
 * `\watch [seconds]`: runs the statement so far, else the last one, again and again, until Ctrl-C
 * or an error that ends the conversation.
 */
export async function watch(
  { args, pending, line }: ShellCommand,
  context: ShellContext,
): Promise<Outcome> {
  const text = Buffer.from(args[0] ?? []).toString();
  const seconds = text === '' ? usual : Number(text);
  if (!(seconds >= 0.1 && seconds <= 86_400)) {
    return context.warn('\\watch takes seconds, from 0.1 to 86400', line);
  }
  const sql = Uint8Array.from(pending.length > 0 ? pending : (context.lastStatement ?? []));
  if (sql.length === 0) return context.warn('\\watch: there is no statement to run again', line);
  context.reader.clear();
  const { pager } = context;
  // It would wait for a reader each time.
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
