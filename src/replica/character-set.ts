import { clientErrors, ReplicaError } from './replica-error.js';

/**
 * The default collation's number of each character set (MariaDB 10.11,
 * `information_schema.collations` where is_default) that a client may speak. The handshake names a
 * set by this number.
 */
const defaultCollations: Record<string, number> = {
  armscii8: 32,
  ascii: 11,
  big5: 1,
  binary: 63,
  cp1250: 26,
  cp1251: 51,
  cp1256: 57,
  cp1257: 59,
  cp850: 4,
  cp852: 40,
  cp866: 36,
  cp932: 95,
  dec8: 3,
  eucjpms: 97,
  euckr: 19,
  gb2312: 24,
  gbk: 28,
  geostd8: 92,
  greek: 25,
  hebrew: 16,
  hp8: 6,
  keybcs2: 37,
  koi8r: 7,
  koi8u: 22,
  latin1: 8,
  latin2: 9,
  latin5: 30,
  latin7: 41,
  macce: 38,
  macroman: 39,
  sjis: 13,
  swe7: 10,
  tis620: 18,
  ujis: 12,
  utf8: 33,
  utf8mb3: 33,
  utf8mb4: 45,
};

/** Sets that the server refuses to speak with a client. */
const refused = new Set(['ucs2', 'utf16', 'utf16le', 'utf32']);

/** The client's set for each answer of `locale charmap`, under `auto`; latin1 for others. */
const byCodeset: Record<string, string> = {
  'UTF-8': 'utf8mb3',
  'ISO-8859-1': 'latin1',
  'ISO-8859-2': 'latin2',
  'ISO-8859-7': 'greek',
  'ISO-8859-8': 'hebrew',
  'ISO-8859-9': 'latin5',
  'ISO-8859-13': 'latin7',
  'EUC-JP': 'ujis',
  'EUC-KR': 'euckr',
  'KOI8-R': 'koi8r',
  'KOI8-U': 'koi8u',
  'TIS-620': 'tis620',
  BIG5: 'big5',
  CP1251: 'cp1251',
  GB2312: 'gb2312',
  GBK: 'gbk',
};

/** The character map of the locale C, which is also the system's stand-in for a missing locale. */
const cCharmap = 'ANSI_X3.4-1968';

/** A character set of the connection. */
export interface CharacterSet {
  name: string;
  collation: number;
}

/**
 * The character set of a connection: --default-character-set, else utf8mb4 where the locale is C,
 * POSIX or unset or its character map is UTF-8, else the locale's set.
 *
 * Observed (10.11.19): without the option, as with `auto`, a UTF-8 locale gives utf8mb3, and C,
 * POSIX, an unset locale and one that is not installed give latin1. The server then replaces each
 * character beyond that set by a question mark, without a warning, so only `auto` does the same.
 *
 * Throws ReplicaError 2019 for a name that is no character set, 1231 for one that no client may
 * speak: the server would say so, but in that set.
 */
export async function chooseCharacterSet(
  name: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<CharacterSet> {
  if (name === 'auto') return byName(byCodeset[await charmapOf(env)] ?? 'latin1');
  if (name !== undefined) return byName(name);
  const charmap = await charmapOf(env);
  return byName(
    charmap === cCharmap || charmap === 'UTF-8' ? 'utf8mb4' : (byCodeset[charmap] ?? 'latin1'),
  );
}

/** Whether `name` is a set whose characters take two bytes or more, which no client may speak. */
export function isWide(name: string): boolean {
  return refused.has(name.toLowerCase());
}

/** The set of that name, in any case; undefined if there is none that a client may speak. */
export function findCharacterSet(name: string): CharacterSet | undefined {
  const lowered = name.toLowerCase();
  const collation = defaultCollations[lowered];
  if (collation === undefined) return undefined;
  return { name: lowered === 'utf8' ? 'utf8mb3' : lowered, collation };
}

function byName(name: string): CharacterSet {
  if (isWide(name)) {
    const text = `Variable 'character_set_client' can't be set to the value of '${name}'`;
    throw new ReplicaError(1231, '42000', text, 'connect');
  }
  const collation = defaultCollations[name.toLowerCase()];
  if (collation === undefined) {
    throw new ReplicaError(
      clientErrors.noCharacterSet,
      '00000',
      `Can't initialize character set ${name} (path: compiled_in)`,
      'connect',
    );
  }
  return { name: name.toLowerCase(), collation };
}

/** The locale's character map; a locale that is not installed has that of C, which stands in for it. */
async function charmapOf(env: NodeJS.ProcessEnv): Promise<string> {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'C';
  if (locale === 'C' || locale === 'POSIX') return cCharmap;
  if (/^C\.utf-?8$/i.test(locale)) return 'UTF-8';
  // Whether another locale counts depends on whether it is installed: only the system knows.
  return localeCharmap(env);
}

function localeCharmap(env: NodeJS.ProcessEnv): Promise<string> {
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    execFile('locale', ['charmap'], { env, timeout: 2000 }, (error, stdout) =>
      resolve(error ? '' : stdout.trim()),
    );
  });
}
