/** The parts of a session's sql_mode that change how its statements are parsed. Immutable. */
export interface SqlMode {
  /** NO_BACKSLASH_ESCAPES: a backslash inside quotes is an ordinary character. */
  readonly noBackslashEscapes: boolean;
  /** ANSI_QUOTES: double quotes enclose identifiers, like backticks. */
  readonly ansiQuotes: boolean;
}

/** The server's status bit for each flag of the mode. */
const statusFlags: Readonly<Record<keyof SqlMode, number>> = {
  noBackslashEscapes: 0x0200,
  ansiQuotes: 0x8000,
};

/** The bit of each flag in the variable sql_mode when it is set to a number. */
const variableBits: Readonly<Record<keyof SqlMode, number>> = {
  noBackslashEscapes: 1 << 20,
  ansiQuotes: 1 << 2,
};

/** The names in the variable sql_mode that set each flag; some are combinations of others. */
const variableNames: Readonly<Record<keyof SqlMode, readonly string[]>> = {
  noBackslashEscapes: ['NO_BACKSLASH_ESCAPES'],
  ansiQuotes: ['ANSI_QUOTES', 'ANSI', 'DB2', 'MAXDB', 'MSSQL', 'ORACLE', 'POSTGRESQL'],
};

/** Returns a mode in which each flag has the value that `isSet` returns for it. */
function modeWhere(isSet: (flag: keyof SqlMode) => boolean): SqlMode {
  return { noBackslashEscapes: isSet('noBackslashEscapes'), ansiQuotes: isSet('ansiQuotes') };
}

/** The mode of a server with the default configuration. */
export const defaultSqlMode: SqlMode = modeWhere(() => false);

/** All modes that a session can have, the default mode first. */
export const allSqlModes: readonly SqlMode[] = [false, true].flatMap((noBackslashEscapes) =>
  [false, true].map((ansiQuotes) => ({ noBackslashEscapes, ansiQuotes })),
);

/** Returns the mode that the status flags of an OK, EOF or greeting packet report. */
export function sqlModeFromStatus(status: number): SqlMode {
  return modeWhere((flag) => (status & statusFlags[flag]) !== 0);
}

/** Returns the mode after sql_mode is set to a number. */
export function sqlModeFromNumber(value: number): SqlMode {
  return modeWhere((flag) => (value & variableBits[flag]) !== 0);
}

/**
 * Returns the mode after sql_mode is set to a list of names such as
 * `ANSI_QUOTES,STRICT_ALL_TABLES`.
 */
export function sqlModeFromNames(list: string): SqlMode {
  const names = list.toUpperCase().split(',');
  return modeWhere((flag) => variableNames[flag].some((name) => names.includes(name)));
}

/** Returns a mode with every flag that is set in at least one of the two modes. */
export function combineSqlModes(one: SqlMode, other: SqlMode): SqlMode {
  return modeWhere((flag) => one[flag] || other[flag]);
}

export function isSameSqlMode(one: SqlMode, other: SqlMode): boolean {
  return (Object.keys(statusFlags) as (keyof SqlMode)[]).every((flag) => one[flag] === other[flag]);
}

/** Tells whether this quote character (a quote or a backtick) encloses an identifier. */
export function isNameQuote(quote: string, mode: SqlMode): boolean {
  return quote === '`' || (quote === '"' && mode.ansiQuotes);
}

/** Tells whether a backslash between these quotes escapes the next character. */
export function allowsBackslashEscapes(quote: string, mode: SqlMode): boolean {
  return !mode.noBackslashEscapes && !isNameQuote(quote, mode);
}
