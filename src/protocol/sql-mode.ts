/** What a session's sql_mode says about how its statements are read. Immutable. */
export interface SqlMode {
  /** NO_BACKSLASH_ESCAPES: a backslash within quotes is a plain byte. */
  readonly noBackslashEscapes: boolean;
  /** ANSI_QUOTES: double quotes enclose names, as backticks do. */
  readonly ansiQuotes: boolean;
}

/** The server's status flag for each part of the mode. */
const statusFlags: Readonly<Record<keyof SqlMode, number>> = {
  noBackslashEscapes: 0x0200,
  ansiQuotes: 0x8000,
};

/** The bits of the variable sql_mode when it is set to a number. */
const variableBits: Readonly<Record<keyof SqlMode, number>> = {
  noBackslashEscapes: 1 << 20,
  ansiQuotes: 1 << 2,
};

/** The names in the variable sql_mode that stand for each part; some are combinations of others. */
const variableNames: Readonly<Record<keyof SqlMode, readonly string[]>> = {
  noBackslashEscapes: ['NO_BACKSLASH_ESCAPES'],
  ansiQuotes: ['ANSI_QUOTES', 'ANSI', 'DB2', 'MAXDB', 'MSSQL', 'ORACLE', 'POSTGRESQL'],
};

/** A mode of which each part is what `has` gives. */
function modeWhere(has: (part: keyof SqlMode) => boolean): SqlMode {
  return { noBackslashEscapes: has('noBackslashEscapes'), ansiQuotes: has('ansiQuotes') };
}

/** The mode of a server that nobody has configured. */
export const defaultSqlMode: SqlMode = modeWhere(() => false);

/** All modes that a session can have, the default one first. */
export const allSqlModes: readonly SqlMode[] = [false, true].flatMap((noBackslashEscapes) =>
  [false, true].map((ansiQuotes) => ({ noBackslashEscapes, ansiQuotes })),
);

/** The mode that the status flags of an OK, EOF or greeting packet report. */
export function sqlModeOfStatus(status: number): SqlMode {
  return modeWhere((part) => (status & statusFlags[part]) !== 0);
}

/** The mode after sql_mode was set to a number. */
export function sqlModeOfNumber(value: number): SqlMode {
  return modeWhere((part) => (value & variableBits[part]) !== 0);
}

/** The mode after sql_mode was set to a list of names, such as `ANSI_QUOTES,STRICT_ALL_TABLES`. */
export function sqlModeOfNames(list: string): SqlMode {
  const names = list.toUpperCase().split(',');
  return modeWhere((part) => variableNames[part].some((name) => names.includes(name)));
}

/** The mode that has every part which one of the two has. */
export function combineSqlModes(one: SqlMode, other: SqlMode): SqlMode {
  return modeWhere((part) => one[part] || other[part]);
}

export function isSameSqlMode(one: SqlMode, other: SqlMode): boolean {
  return (Object.keys(statusFlags) as (keyof SqlMode)[]).every((part) => one[part] === other[part]);
}

/** Whether what this quote (a quote or a backtick, as a character) encloses is a name. */
export function enclosesName(quote: string, mode: SqlMode): boolean {
  return quote === '`' || (quote === '"' && mode.ansiQuotes);
}

/** Whether a backslash between these quotes escapes what follows it. */
export function escapesWithin(quote: string, mode: SqlMode): boolean {
  return !mode.noBackslashEscapes && !enclosesName(quote, mode);
}
