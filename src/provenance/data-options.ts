import { clientOptions } from '../cli/client-options.js';
import type { DataContext, DataEffect, OptionFacts } from '../cli/option.js';
import { ownOptions } from '../cli/own-options.js';
import { toExactBytes } from '../text/exact-bytes.js';
import { type DataOptions, toStatementText } from './document.js';

const allOptions: readonly OptionFacts[] = [...ownOptions, ...clientOptions];

/*
 * Reads the values of the options that the data of a run depends on, for FILE.meta.json and
 * --resume.
 */

/** The data effects of all options by key; several options may share one effect. */
const effects = new Map<string, DataEffect>(
  allOptions.flatMap(({ data = [] }) => data.map((effect) => [effect.key, effect])),
);

/**
 * Returns the values of the options that the data depends on, by the keys of their effects.
 *
 * @param changes `rows`: only the options that the rows depend on, not those that change only the
 *   format of a file
 */
export function readDataValues(
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

/** Returns the same values for FILE.meta.json, without the statements that contain a password. */
export function readDataOptions(context: DataContext): DataOptions {
  const { initCommands } = context.settings.connect;
  return {
    ...readDataValues(context, 'rows and form'),
    initCommands: initCommands.map((command) => toStatementText(toExactBytes(command))),
  };
}
