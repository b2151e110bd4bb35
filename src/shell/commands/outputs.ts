import { expandHome } from '../../files/expand-home.js';
import type { ClientCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { defaultPrompt } from '../../session/commands/outputs.js';
import type { ShellContext, ShellPager } from '../context.js';
import { readTypedName } from '../typed-path.js';

/** A command that runs less and nothing else. */
const lessPattern = /^(?:[\w./-]*\/)?less(?: [\w\s+=./-]*)?$/;

/**
 * Returns the default pager: $PAGER, else a less that ends by itself if the output fits the screen. A
 * less does not end for a wide table, which it scrolls sideways, and cuts no lines of a text.
 */
export function getDefaultPager(): ShellPager {
  const command = process.env.PAGER || 'less -RXFS';
  const pager = { command, isUserChoice: false };
  if (!lessPattern.test(command)) return pager;
  return { ...pager, commands: { 'wide table': `${command} -S -+F`, text: `${command} -+S` } };
}

const decodeArgument = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

/** `pager [command]`: sets the program that displays results; without one, the default pager. */
export function setPager(command: ClientCommand, context: ShellContext): Outcome {
  const argument = decodeArgument(command.args[0]);
  const pager = argument === '' ? context.defaultPager : { command: argument, isUserChoice: true };
  if (pager === undefined) return disablePager(command, context);
  context.pager = pager;
  context.printNotice(`PAGER set to '${pager.command}'`);
  return 'continue';
}

/** `nopager`: prints results to the terminal directly. */
export function disablePager(_command: ClientCommand, context: ShellContext): Outcome {
  context.pager = undefined;
  context.printNotice('PAGER set to stdout');
  return 'continue';
}

/** `tee [file]`: copies the output to a file; without a file, to the current one. */
export async function setTee({ args }: ClientCommand, context: ShellContext): Promise<Outcome> {
  const name = readTypedName(args[0] ?? new Uint8Array());
  const file = expandHome(decodeArgument(name));
  if (file === '' && context.destinations.tee === '') {
    context.printNotice('No previous outfile available, you must give a filename!');
    return 'continue';
  }
  await context.setTee(file === '' ? context.destinations.tee : file);
  return 'continue';
}

/** `notee`: stops copying the output to a file. */
export async function disableTee(_command: ClientCommand, context: ShellContext): Promise<Outcome> {
  await context.setTee(undefined);
  context.printNotice('Outfile disabled.');
  return 'continue';
}

/** `prompt [text]`: sets the prompt; without a text, the default one. */
export function setPrompt({ args }: ClientCommand, context: ShellContext): Outcome {
  const argument = decodeArgument(args[0]);
  if (argument === '') {
    context.promptFormat = process.env.MYSQL_PS1 ?? defaultPrompt;
    context.printNotice(`Returning to default PROMPT of ${context.promptFormat}`);
  } else {
    context.promptFormat = argument;
    context.printNotice(`PROMPT set to '${argument}'`);
  }
  return 'continue';
}
