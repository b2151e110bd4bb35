import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/** `\timing [on|off]`: whether summaries tell the time; without a word, the other way round. */
export function timing(
  { args, line }: ShellCommand,
  context: ShellContext,
): Outcome | Promise<Outcome> {
  const word = Buffer.from(args[0] ?? [])
    .toString()
    .toLowerCase();
  if (!['', 'on', 'off'].includes(word)) return context.warn('\\timing takes on or off', line);
  context.timing = word === '' ? !context.timing : word === 'on';
  context.inform(`Timing is ${context.timing ? 'on' : 'off'}.`);
  return 'continue';
}
