import { Failure, formatFailure } from '../failure.js';
import { type ClientSettings, createClientDefaults } from './client-settings.js';
import { nameFileOfUse } from './name-option-files.js';
import { type ClientUse, isUseOf, type OptionUse } from './option-use.js';
import { readBoolean, readNumber, readString } from './option-values.js';

/**
 * Returns the settings that the client's options make. Options apply in order, so a later one wins.
 * Like the client, continues after an error and reports all of them; the last one sets the exit
 * status.
 *
 * @param uses the options of the option files first, then those of the command line
 * @param interactive standard input and standard output are terminals; otherwise the client starts
 *   as with -B
 * @param usesExternalClient --client was given: another program reads the options, so unknown ones
 *   are not reported
 */
export function applyClientOptions(
  uses: readonly OptionUse[],
  interactive: boolean,
  usesExternalClient: boolean,
): ClientSettings {
  const settings = createClientDefaults(interactive);
  const { notes } = settings;
  const errors: Failure[] = [];
  for (const use of uses) {
    if (use.kind === 'own') continue;
    if (usesExternalClient && (use.kind === 'unknown' || use.afterUnknown)) continue;
    notes.push(...use.notes);
    try {
      if (use.failure) throw use.failure;
      if (use.kind === 'client' && !(usesExternalClient && use.option.inert))
        applyOption(use, settings);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      const error = nameFileOfUse(thrown, use);
      notes.push(...formatFailure(error));
      if (!isIgnored(use, error)) errors.push(error);
      if (isFatal(error)) break;
    }
  }
  const setsAutoVertical = uses.some((use) => isUseOf(use, 'auto-vertical-output'));
  if (!setsAutoVertical) settings.format.autoVertical = !settings.output.batch;
  const [first] = errors;
  const last = errors.at(-1);
  if (first && last) {
    settings.failure = new Failure(first.code, first.message, last.exitStatus, notes);
  }
  return settings;
}

/** Applies one use of an option to the settings. Throws Failure for an invalid value. */
function applyOption(use: ClientUse, settings: ClientSettings): void {
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
      // Read the value even if the option has no effect, so that it is checked.
      const number = readNumber(use, option.range, settings.notes);
      option.apply?.(settings, number);
      break;
    }
    case 'string':
      option.apply?.(settings, readString(use) ?? '', use);
      break;
    case 'optional':
      option.apply?.(settings, value, use);
  }
}

/** Returns a copy of the failure that prints the notes first. */
export function prependNotes(notes: readonly string[], failure: Failure): Failure {
  const { code, message, exitStatus } = failure;
  return new Failure(code, message, exitStatus, [...notes, ...formatFailure(failure)]);
}

/** Tests whether the client stops at this error, and so ignores even a --help that follows it. */
export function isFatal({ exitStatus }: Failure): boolean {
  return exitStatus === 1;
}

/** Observed: with --loose-, an invalid number is reported and ignored. */
function isIgnored(use: OptionUse, { code }: Failure): boolean {
  return use.kind === 'client' && use.loose && (code === 'bad-number' || code === 'bad-suffix');
}
