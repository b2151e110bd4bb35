import { clientOptions } from '../cli/client-options.js';
import { exactBytes } from '../cli/exact-arguments.js';
import type { DataContext, DataEffect, OptionFacts } from '../cli/option.js';
import { ownOptions } from '../cli/own-options.js';
import { type DataOptions, statementText } from './document.js';

const allOptions: readonly OptionFacts[] = [...ownOptions, ...clientOptions];

/** Each once, though options may share one. */
const effects = new Map<string, DataEffect>(
  allOptions.flatMap(({ data = [] }) => data.map((effect) => [effect.key, effect])),
);

/**
 * Returns the options that the data depends on, with their values.
 *
 * @param changes `rows`: only those that the rows depend on, and not those of a file's form
 */
export function dataValues(
  context: DataContext,
  changes: 'rows' | 'rows and form',
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const effect of effects.values()) {
    if (effect.changes === 'form' && changes === 'rows') continue;
    values[effect.key] = effect.value(context);
  }
  return values;
}

/** Returns the same as it is written into FILE.meta.json: statements that hold a password are left out. */
export function dataOptions(context: DataContext): DataOptions {
  const { initCommands } = context.settings.connect;
  return {
    ...dataValues(context, 'rows and form'),
    initCommands: initCommands.map((command) => statementText(exactBytes(command))),
  };
}
