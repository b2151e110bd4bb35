import { Failure } from '../failure.js';
import type { OptionUse, OwnUse } from './option-use.js';
import { type OwnNumberName, type OwnOptionName, ownOptions } from './own-options.js';

/** The values of our own options, as they were given. */
export class OwnValues {
  readonly #uses: readonly OwnUse[];

  /** @param uses the later one wins; those of the client's options are passed over */
  constructor(uses: readonly OptionUse[]) {
    this.#uses = uses.filter((use) => use.kind === 'own');
  }

  /** Whether the option was given. */
  has(name: OwnOptionName): boolean {
    return this.#uses.some(({ option }) => option.name === name);
  }

  /**
   * Returns the value of an option, the last one if it was given several times.
   *
   * @throws Failure `bad-choice` for a value that is not one of the option's choices
   */
  value(name: OwnOptionName): string | undefined {
    const use = this.#uses.findLast(({ option }) => option.name === name);
    if (use?.option.kind === 'value' && use.option.choices?.includes(use.value) === false) {
      const known = use.option.choices.join(' or ');
      throw new Failure('bad-choice', `unknown --${name} '${use.value}'; use ${known}`);
    }
    return use?.value;
  }

  /** Returns all values of an option, in the order in which they were given. */
  values(name: OwnOptionName): string[] {
    return this.#uses.filter(({ option }) => option.name === name).map(({ value }) => value);
  }

  /** Returns the value of a number, its default if it was not given. Throws Failure `bad-number`. */
  number(name: OwnNumberName): number {
    const text = this.value(name);
    const isNumber = text !== undefined && /^(\d{1,9}(\.\d{0,6})?|\.\d{1,6})$/.test(text);
    const given = text === undefined ? undefined : isNumber ? Number(text) : Number.NaN;
    return checkedNumber(name, given, `--${name} ${text}`);
  }
}

/**
 * Checks a value of one of our own options that is a number.
 *
 * @param given undefined: the default is returned
 * @param shown how the user gave it, for the message
 * @throws Failure `bad-number` for one outside the option's limits
 */
export function checkedNumber(
  name: OwnNumberName,
  given: number | undefined,
  shown: string,
): number {
  const option = ownOptions.find((candidate) => candidate.name === name);
  if (option?.kind !== 'number') throw new TypeError(`--${name} is not a number`);
  const { least, most, unit } = option.limits;
  if (given === undefined) return Number(option.initial);
  const fits = given >= least && given <= most;
  if (fits && (unit === 'number of seconds' || Number.isInteger(given))) return given;
  throw new Failure('bad-number', `${shown}: not a ${unit} from ${least} to ${most}`);
}
