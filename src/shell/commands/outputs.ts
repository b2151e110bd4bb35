import type { ClientCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { clientPrompt } from '../../session/commands/outputs.js';
import type { ShellContext, ShellPager } from '../context.js';

/** The pager for those who have not said which: $PAGER, else one that ends when the output fits. */
export function usualPager(): ShellPager {
  return { command: process.env.PAGER || 'less -RXFS', named: false };
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

/** `pager [command]`: results go through it; without one, through $PAGER or the usual one. */
export function pager({ args }: ClientCommand, context: ShellContext): Outcome {
  const wanted = text(args[0]);
  context.pager = wanted === '' ? context.usualPager : { command: wanted, named: true };
  context.inform(`PAGER set to '${context.pager.command}'`);
  return 'continue';
}

/** `nopager` */
export function disablePager(_command: ClientCommand, context: ShellContext): Outcome {
  context.pager = undefined;
  context.inform('PAGER set to stdout');
  return 'continue';
}

/** `tee file` */
export async function setTee({ args }: ClientCommand, context: ShellContext): Promise<Outcome> {
  const file = text(args[0]);
  if (file === '' && context.destinations.tee === '') {
    context.inform('No previous outfile available, you must give a filename!');
    return 'continue';
  }
  await context.setTee(file === '' ? context.destinations.tee : file);
  return 'continue';
}

/** `notee` */
export async function disableTee(_command: ClientCommand, context: ShellContext): Promise<Outcome> {
  await context.setTee(undefined);
  context.inform('Outfile disabled.');
  return 'continue';
}

/** `prompt [text]` */
export function setPrompt({ args }: ClientCommand, context: ShellContext): Outcome {
  const wanted = text(args[0]);
  if (wanted === '') {
    context.promptFormat = process.env.MYSQL_PS1 ?? clientPrompt;
    context.inform(`Returning to default PROMPT of ${context.promptFormat}`);
  } else {
    context.promptFormat = wanted;
    context.inform(`PROMPT set to '${wanted}'`);
  }
  return 'continue';
}
