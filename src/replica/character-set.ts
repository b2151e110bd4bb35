import {
  type CharacterSet,
  characterSetOfCharmap,
  findCharacterSet,
  isServerOnly,
} from '../protocol/character-sets.js';
import { clientErrors, SqlError } from '../protocol/sql-error.js';

/** The character map of the locale C, which is also the system's stand-in for a missing locale. */
const cCharmap = 'ANSI_X3.4-1968';

/**
 * The character set of a connection: --default-character-set, else utf8mb4 where the locale is C,
 * POSIX or unset or its character map is UTF-8, else the locale's set.
 *
 * Observed (10.11.19): without the option, as with `auto`, a UTF-8 locale gives utf8mb3, and C,
 * POSIX, an unset locale and one that is not installed give latin1. The server then replaces each
 * character beyond that set by a question mark, without a warning, so only `auto` does the same.
 *
 * Throws SqlError 2019 for a name that is no character set, 1231 for one that no client may
 * speak: the server would say so, but in that set.
 */
export async function chooseCharacterSet(
  name: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<CharacterSet> {
  if (name === 'auto') return byName(characterSetOfCharmap(await charmapOf(env)) ?? 'latin1');
  if (name !== undefined) return byName(name);
  const charmap = await charmapOf(env);
  return byName(
    charmap === cCharmap || charmap === 'UTF-8'
      ? 'utf8mb4'
      : (characterSetOfCharmap(charmap) ?? 'latin1'),
  );
}

function byName(name: string): CharacterSet {
  if (isServerOnly(name)) {
    const text = `Variable 'character_set_client' can't be set to the value of '${name}'`;
    throw new SqlError(1231, '42000', text, 'connect');
  }
  const found = findCharacterSet(name);
  if (found !== undefined) return { ...found, name: name.toLowerCase() };
  throw new SqlError(
    clientErrors.noCharacterSet,
    '00000',
    `Can't initialize character set ${name} (path: compiled_in)`,
    'connect',
  );
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
