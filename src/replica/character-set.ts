import {
  type CharacterSet,
  findCharacterSet,
  findCharacterSetByCharmap,
  isServerOnly,
} from '../protocol/character-sets.js';
import { clientErrors, SqlError } from '../protocol/sql-error.js';

/**
 * The character map of the locale C. The system also uses it for a locale that is not installed.
 */
const cCharmap = 'ANSI_X3.4-1968';

/**
 * Returns the character set of a connection: that of --default-character-set; else utf8mb4 if the
 * locale is C, POSIX or unset, or if its character map is UTF-8; else that of the locale.
 *
 * Observed (10.11.19): without the option, as with `auto`, a UTF-8 locale gives utf8mb3, and C,
 * POSIX, an unset locale and one that is not installed give latin1. The server then replaces each
 * character beyond that set by a question mark, without a warning, so only `auto` does the same.
 *
 * Throws SqlError 2019 if the name is not a character set, 1231 if no connection can use the
 * character set. The server would report 1231 too, but encoded in that character set.
 */
export async function chooseCharacterSet(
  name: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<CharacterSet> {
  if (name === 'auto')
    return requireCharacterSet(findCharacterSetByCharmap(await findCharmap(env)) ?? 'latin1');
  if (name !== undefined) return requireCharacterSet(name);
  const charmap = await findCharmap(env);
  return requireCharacterSet(
    charmap === cCharmap || charmap === 'UTF-8'
      ? 'utf8mb4'
      : (findCharacterSetByCharmap(charmap) ?? 'latin1'),
  );
}

function requireCharacterSet(name: string): CharacterSet {
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

/**
 * Returns the locale's character map. If the locale is not installed, that is the character map of
 * C.
 */
async function findCharmap(env: NodeJS.ProcessEnv): Promise<string> {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'C';
  if (locale === 'C' || locale === 'POSIX') return cCharmap;
  if (/^C\.utf-?8$/i.test(locale)) return 'UTF-8';
  // Any other locale counts only if it is installed, which only the system knows.
  return runLocaleCharmap(env);
}

function runLocaleCharmap(env: NodeJS.ProcessEnv): Promise<string> {
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    execFile('locale', ['charmap'], { env, timeout: 2000 }, (error, stdout) =>
      resolve(error ? '' : stdout.trim()),
    );
  });
}
