import { Failure } from '../failure.js';
import type { FanoutSettings } from './settings.js';

/** The numbers among the settings of --wikis. */
export type FanoutNumber = 'perSection' | 'maxStatementTime' | 'throttle' | 'retries';

interface Limits {
  /** What holds where nothing else is said. */
  initial: number;
  least: number;
  most: number;
  /** Seconds may have decimals, as in the server's own setting. */
  unit: 'whole number' | 'number of seconds';
}

const limits: Readonly<Record<FanoutNumber, Limits>> = {
  perSection: { initial: 1, least: 1, most: 16, unit: 'whole number' },
  // As MariaDB 10.11 limits max_statement_time.
  maxStatementTime: { initial: 3600, least: 0, most: 31_536_000, unit: 'number of seconds' },
  throttle: { initial: 0, least: 0, most: 3600, unit: 'number of seconds' },
  retries: { initial: 3, least: 0, most: 100, unit: 'whole number' },
};

/**
 * One of the numbers of --wikis, checked. undefined: what holds where nothing else is said. `shown`:
 * how the user gave it, for the message. Throws Failure `bad-number`.
 */
export function fanoutNumber(
  name: FanoutNumber,
  given: number | undefined,
  shown = `${name} ${given}`,
): FanoutSettings[FanoutNumber] {
  const { initial, least, most, unit } = limits[name];
  if (given === undefined) return initial;
  const fits = given >= least && given <= most;
  if (fits && (unit === 'number of seconds' || Number.isInteger(given))) return given;
  throw new Failure('bad-number', `${shown}: not a ${unit} from ${least} to ${most}`);
}
