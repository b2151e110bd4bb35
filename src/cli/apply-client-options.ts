import { Failure, linesOf } from '../failure.js';
import { type ClientSettings, clientDefaults } from './client-settings.js';
import { type ClientUse, isOf, type OptionUse } from './option-use.js';
import { readBoolean, readNumber, textOf } from './option-values.js';

/**
 * Applies the client's options one after the other, so that a later one wins. Like the client,
 * continues after an error and reports all of them; the last one sets the exit status.
 *
 * @param uses of option files first, then of the command line
 * @param interactive standard input and standard output are terminals; else the client starts as
 *   with -B
 * @param handingOver another program will read the options: none is unknown
 */
export function applyClientOptions(
  uses: readonly OptionUse[],
  interactive: boolean,
  handingOver: boolean,
): ClientSettings {
  const settings = clientDefaults(interactive);
  const { notes } = settings;
  const mistakes: Failure[] = [];
  for (const use of uses) {
    if (use.kind === 'own') continue;
    if (handingOver && (use.kind === 'unknown' || use.afterUnknown)) continue;
    notes.push(...use.notes);
    try {
      if (use.failure) throw use.failure;
      if (use.kind === 'client' && !(handingOver && use.option.inert)) applyOne(use, settings);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      notes.push(...linesOf(error));
      if (!isForgiven(use, error)) mistakes.push(error);
      if (endsAtOnce(error)) break;
    }
  }
  const isGiven = uses.some((use) => isOf(use, 'auto-vertical-output'));
  if (!isGiven) settings.format.autoVertical = !settings.output.batch;
  const [first] = mistakes;
  const last = mistakes.at(-1);
  if (first && last) {
    settings.refusal = new Failure(first.code, first.message, last.exitStatus, notes);
  }
  return settings;
}

/** Sets what one use of an option stands for. Throws Failure for a wrong value. */
function applyOne(use: ClientUse, settings: ClientSettings): void {
  const { option, value } = use;
  switch (option.kind) {
    case 'bare':
      option.apply?.(settings);
      break;
    case 'boolean':
    case 'switch': {
      const on = readBoolean(use, settings.notes);
      if (on !== undefined) option.apply?.(settings, on);
      break;
    }
    case 'number': {
      // Read, and so checked, also where nothing is set.
      const number = readNumber(use, option.range, settings.notes);
      option.apply?.(settings, number);
      break;
    }
    case 'string':
      option.apply?.(settings, textOf(use) ?? '', use);
      break;
    case 'optional':
      option.apply?.(settings, value, use);
  }
}

/** Returns the same failure with lines before its own. */
export function withNotes(
  notes: readonly string[],
  { code, message, exitStatus, lines }: Failure,
): Failure {
  return new Failure(code, message, exitStatus, [...notes, ...(lines ?? [])]);
}

/** Whether the client stops reading at this mistake, and ignores even a --help that follows it. */
export function endsAtOnce({ exitStatus }: Failure): boolean {
  return exitStatus === 1;
}

/** Observed: with --loose-, an invalid number is reported and ignored. */
function isForgiven(use: OptionUse, { code }: Failure): boolean {
  return use.kind === 'client' && use.loose && (code === 'bad-number' || code === 'bad-suffix');
}
