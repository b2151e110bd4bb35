import { Failure } from '../failure.js';
import type { NumberRange } from './option.js';
import type { ClientUse } from './option-use.js';

/*
 * Reads the values of the client's options by the rules of the client.
 */

/** The powers of 1024 that the suffixes of numbers stand for. */
const suffixPowers: Record<string, bigint> = { k: 1n, m: 2n, g: 3n, t: 4n, p: 5n, e: 6n };

/**
 * Returns the value of a numeric option, read like the client does: blanks, digits, and one letter
 * K, M, G, T, P or E; anything after the letter is ignored, and no digits mean 0. A value outside
 * the range is moved to the nearest limit, with a warning in `notes`. Messages and exit codes are
 * those of mariadb 10.11.19.
 *
 * @throws Failure `bad-number` (13), `bad-suffix` (9)
 */
export function readNumber(
  use: ClientUse,
  range: NumberRange | undefined,
  notes: string[],
): number {
  const { option } = use;
  const text = readString(use) ?? '';
  const digits = /^\s*\+?(\d*)/.exec(text);
  if (/^\s*-/.test(text)) {
    throw createFailure(
      'bad-number',
      `Incorrect unsigned value: '${text}' for ${option.name}`,
      use,
      13,
    );
  }
  let value = BigInt(digits?.[1] || '0');
  const tooLong = `Integer value out of range for uint64: '${text}' for ${option.name}`;
  if (value >= 2n ** 64n) throw createFailure('bad-number', tooLong, use, 13);
  const suffix = text.charAt(digits?.[0].length ?? 0);
  if (suffix !== '') {
    const power = suffixPowers[suffix.toLowerCase()];
    if (power === undefined) {
      const legal = 'Legal suffix characters are: K, M, G, T, P, E';
      const where = `for variable '${option.name}' (value '${text}')`;
      throw createFailure(
        'bad-suffix',
        `Unknown suffix '${suffix}' used ${where}. ${legal}`,
        use,
        9,
      );
    }
    // Observed (10.11.19): the product is truncated to 64 bits.
    value = BigInt.asUintN(64, value * 1024n ** power);
  }
  const { min = 0n, max = 2n ** 64n - 1n, block = 1n } = range ?? {};
  const limited = value < min ? min : value > max ? max : value;
  if (limited !== value) {
    const moved = `unsigned value ${value} adjusted to ${limited}`;
    notes.push(`Warning: option '${option.name}': ${moved}`);
  }
  return Number((limited / block) * block);
}

function createFailure(
  code: string,
  text: string,
  { option, value }: ClientUse,
  exitStatus: number,
): Failure {
  const setting = `Error while setting value '${value ?? ''}' to '${option.name}'`;
  return new Failure(code, text, exitStatus, [text, `analytics-mysql: ${setting}`]);
}

/**
 * Returns the value of a boolean option, read like the client does; undefined: the value is invalid
 * and the option keeps its value. After skip- or disable- the value is inverted:
 * `--disable-table=0` turns the option on. After these and after enable-, any value except 0 means
 * 1.
 */
export function readBoolean(use: ClientUse, notes: string[]): boolean | undefined {
  const { option, value, off, on } = use;
  if (value === undefined) return !off;
  if (off || on) return (value === '0') === off;
  if (/^(1|on|true)$/i.test(value)) return true;
  if (/^(0|off|false)$/i.test(value)) return false;
  if (option.kind === 'switch') {
    const text = `boolean value '${value}' wasn't recognized. Set to OFF.`;
    notes.push(`Warning: option '${option.name}': ${text}`);
    return false;
  }
  const text = `ignoring option '--${option.name}' due to invalid value '${value}'`;
  notes.push(`Warning: analytics-mysql: ${text}`);
  return undefined;
}

/**
 * Returns the value of a string option, read like the client does: after skip- it is '0' and after
 * enable- it is '1', or the opposite if the given value is '0'.
 */
export function readString({ value, off, on }: ClientUse): string | undefined {
  if (!off && !on) return value;
  return (value === '0') === off ? '1' : '0';
}
