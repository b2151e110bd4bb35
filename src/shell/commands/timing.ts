import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/** `\timing [on|off]`: switches the times in summaries on or off; without an argument, toggles. */
export function setTiming(
  { args, line }: ShellCommand,
  context: ShellContext,
): Outcome | Promise<Outcome> {
  const word = Buffer.from(args[0] ?? [])
    .toString()
    .toLowerCase();
  if (!['', 'on', 'off'].includes(word)) {
    return context.warn(`\\timing: expected on or off but found '${word}'`, line);
  }
  context.timing = word === '' ? !context.timing : word === 'on';
  context.printNotice(`Timing is ${context.timing ? 'on' : 'off'}.`);
  return 'continue';
}
