import { checkFormat } from '../../cli/file-name.js';
import { createFormat, toShellFormat } from '../../cli/result-format.js';
import { Failure } from '../../failure.js';
import { outputFormats } from '../../output/formats.js';
import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

/** `\format [name]`: sets the format of all results that follow; without a name, the initial one. */
export function setFormat(
  { args, line }: ShellCommand,
  context: ShellContext,
): Outcome | Promise<Outcome> {
  const word = Buffer.from(args[0] ?? []).toString();
  const { format: initial, binaryAsHex } = context.settings.output;
  const name = word === '' ? initial.name : outputFormats.find((each) => each === word);
  if (name === undefined || args.length > 1) {
    const known = `${outputFormats.slice(0, -1).join(', ')} or ${outputFormats.at(-1)}`;
    return context.warn(`\\format: expected ${known} but found '${word}'`, line);
  }
  try {
    checkFormat(name, undefined, binaryAsHex);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return context.warn(error.message, line);
  }
  context.format = toShellFormat(word === '' ? initial : createFormat(name));
  context.printNotice(`The format is ${name}.`);
  return 'continue';
}
