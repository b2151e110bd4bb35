import { Failure } from '../failure.js';
import type { NumberRange } from './option.js';
import type { ClientUse } from './option-use.js';

const unit: Record<string, bigint> = { k: 1n, m: 2n, g: 3n, t: 4n, p: 5n, e: 6n };

/**
 * A number as the client reads it: blanks, digits, and one letter K, M, G, T, P or E, behind which
 * nothing is looked at; no digits are 0. Outside the option's limits it is moved to the limit, with
 * a line in `notes`. Texts and exit codes are those of mariadb 10.11.19.
 *
 * @throws Failure `bad-number` (13), `bad-suffix` (9)
 */
export function readNumber(
  use: ClientUse,
  range: NumberRange | undefined,
  notes: string[],
): number {
  const { option } = use;
  const text = textOf(use) ?? '';
  const digits = /^\s*\+?(\d*)/.exec(text);
  if (/^\s*-/.test(text)) {
    throw bad('bad-number', `Incorrect unsigned value: '${text}' for ${option.name}`, use, 13);
  }
  let value = BigInt(digits?.[1] || '0');
  const tooLong = `Integer value out of range for uint64: '${text}' for ${option.name}`;
  if (value >= 2n ** 64n) throw bad('bad-number', tooLong, use, 13);
  const suffix = text.charAt(digits?.[0].length ?? 0);
  if (suffix !== '') {
    const power = unit[suffix.toLowerCase()];
    if (power === undefined) {
      const legal = 'Legal suffix characters are: K, M, G, T, P, E';
      const where = `for variable '${option.name}' (value '${text}')`;
      throw bad('bad-suffix', `Unknown suffix '${suffix}' used ${where}. ${legal}`, use, 9);
    }
    // Seen: what does not fit into 64 bits is cut off.
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

function bad(
  code: string,
  text: string,
  { option, value }: ClientUse,
  exitStatus: number,
): Failure {
  const setting = `Error while setting value '${value ?? ''}' to '${option.name}'`;
  return new Failure(code, text, exitStatus, [text, `analytics-mysql: ${setting}`]);
}

/**
 * A boolean as the client reads it. undefined: the value means nothing and leaves the option as it
 * is. Behind skip- a value counts the other way round: `--disable-table=0` is on; there and behind
 * enable- any value but 0 is 1.
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
 * A string as the client reads it: behind skip- it is '0', behind enable- '1', and the other of the
 * two where the value was '0'.
 */
export function textOf({ value, off, on }: ClientUse): string | undefined {
  if (!off && !on) return value;
  return (value === '0') === off ? '1' : '0';
}
