import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/**
 * `\again [\G] [$> file]`: shows the last result again, or writes it to a file or program, without
 * asking the server.
 */
export function showAgain(
  { args, ending = { redirect: undefined, vertical: false }, line }: ShellCommand,
  context: ShellContext,
): Promise<Outcome> {
  if (args.length > 0) return context.warn('Usage: \\again [\\G] [$> file]', line);
  const { last } = context.keeper;
  if (last === undefined) return context.warn('There is no result to show again', line);
  if (last.problem !== undefined) {
    return context.warn(`The last result was not kept: ${last.problem}`, line);
  }
  if (context.sandboxed && ending.redirect !== undefined) {
    return context.error('Not allowed in the sandbox mode', line);
  }
  return context.showAgain(last, { ...ending, line });
}
