import { createOptionFailure } from '../failure.js';
import { joinWithOr } from '../text/join-with-or.js';
import type { OptionUse, OwnUse } from './option-use.js';
import { type OwnNumberName, type OwnOptionName, ownOptions } from './own-options.js';

/** The given values of the options that the client does not have. */
export class OwnValues {
  readonly #uses: readonly OwnUse[];

  /** @param uses all uses in order, a later one wins; uses of client options are ignored */
  constructor(uses: readonly OptionUse[]) {
    this.#uses = uses.filter((use) => use.kind === 'own');
  }

  /** Tests whether the option was given. */
  has(name: OwnOptionName): boolean {
    return this.#uses.some(({ option }) => option.name === name);
  }

  /**
   * Returns the value of an option, or the last one if the option was repeated.
   *
   * @throws Failure `bad-choice` for a value that is not one of the option's choices
   */
  value(name: OwnOptionName): string | undefined {
    const use = this.#uses.findLast(({ option }) => option.name === name);
    if (use?.option.kind === 'value' && use.option.choices?.includes(use.value) === false) {
      const known = joinWithOr(use.option.choices);
      throw createOptionFailure(
        'bad-choice',
        `unknown value '${use.value}' for --${name}; use ${known}`,
        name,
      );
    }
    return use?.value;
  }

  /** Returns all values of an option, in the order of the uses. */
  values(name: OwnOptionName): string[] {
    return this.#uses.filter(({ option }) => option.name === name).map(({ value }) => value);
  }

  /**
   * Returns the value of a numeric option, or its default.
   *
   * @throws Failure `bad-number`
   */
  number(name: OwnNumberName, initial?: number): number {
    const text = this.value(name);
    const isNumber = text !== undefined && /^(\d{1,9}(\.\d{0,6})?|\.\d{1,6})$/.test(text);
    const given = text === undefined ? undefined : isNumber ? Number(text) : Number.NaN;
    return checkNumber(name, given ?? initial, `--${name} '${text}'`);
  }
}

/**
 * Checks and returns the value of an own option that takes a number.
 *
 * @param given undefined: the default is returned
 * @param shown the option and the value as the user gave them, for the message
 * @throws Failure `bad-number` for a value outside the option's limits
 */
export function checkNumber(name: OwnNumberName, given: number | undefined, shown: string): number {
  const option = ownOptions.find((candidate) => candidate.name === name);
  if (option?.kind !== 'number') throw new TypeError(`--${name} is not a number`);
  const { min, max, unit } = option.limits;
  if (given === undefined) return Number.parseFloat(option.initial);
  const fits = given >= min && given <= max;
  if (fits && (unit === 'number of seconds' || Number.isInteger(given))) return given;
  throw createOptionFailure('bad-number', `${shown} is not a ${unit} from ${min} to ${max}`, name);
}
