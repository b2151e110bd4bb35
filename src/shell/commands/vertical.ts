import { type ResultFormat, toShellFormat } from '../../cli/result-format.js';
import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';

const notices = { on: 'on', off: 'off', auto: 'automatic' };

/**
 * `\x [on|off|auto]`: shows all results vertically, none, or those that are wider than the screen
 * and have few rows; without an argument, toggles between all and the initial setting.
 */
export function setVertical(
  { args, line }: ShellCommand,
  context: ShellContext,
): Outcome | Promise<Outcome> {
  const word = Buffer.from(args[0] ?? [])
    .toString()
    .toLowerCase();
  const initial = toShellFormat(context.settings.output.format);
  const isWideOnly = initial.name !== 'table' || initial.autoVertical;
  const isOn = context.format.name === 'vertical';
  const mode = word !== '' ? word : !isOn ? 'on' : isWideOnly ? 'auto' : 'off';
  if ((mode !== 'on' && mode !== 'off' && mode !== 'auto') || args.length > 1) {
    return context.warn(`\\x: expected on, off or auto but found '${word}'`, line);
  }
  context.format =
    mode === 'on' ? { name: 'vertical' } : { ...asTable(initial), autoVertical: mode === 'auto' };
  context.printNotice(`Vertical output is ${notices[mode]}.`);
  return 'continue';
}

function asTable(format: ResultFormat): Extract<ResultFormat, { name: 'table' }> {
  if (format.name === 'table') return format;
  return { name: 'table', fixed: false, autoVertical: true, isDefault: true };
}
