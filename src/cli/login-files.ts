import { Failure } from '../failure.js';
import {
  defaultCredentialsDirectory,
  readFirstCredentials,
  readNamedCredentials,
} from './credentials.js';
import { type FileOptions, readOptionFiles } from './option-files.js';
import { isOf, type OptionUse, parseFileOption, shownBody } from './option-use.js';
import type { TriedFile } from './settings.js';

/** The option files that everybody shares, as Debian's client looks for them. */
export const sharedOptionFiles: readonly string[] = ['/etc/my.cnf', '/etc/mysql/my.cnf'];

/** Which files are read for options and credentials; what is undefined was not said. */
export interface LoginFilesRequest {
  /** --defaults-file */
  only: string | undefined;
  /** --defaults-extra-file */
  extra: string | undefined;
  /** --no-defaults */
  none: boolean;
  /** --defaults-group-suffix */
  groupSuffix: string | undefined;
  /** --credentials: the name of a credentials file, or its path. */
  credentials: string | undefined;
  /** The user's name is known: no credentials are looked for unless `credentials` names them. */
  hasUser: boolean;
  /** No credentials are needed, not even those that `credentials` names. */
  withoutCredentials: boolean;
  /** The option files that everybody shares. */
  shared: readonly string[];
}

/** What the option files and the credentials file gave. */
export interface LoginFiles {
  /** In order, without those that do not count in files. */
  uses: OptionUse[];
  /** The same as words for --print-defaults, passwords masked. */
  shown: string[];
  triedFiles: TriedFile[];
  /** Lines for stderr. */
  notes: string[];
}

/** What no files give. */
export const noFiles: LoginFiles = { uses: [], shown: [], triedFiles: [], notes: [] };

/**
 * Reads the option files, and the credentials file where no user's name is known.
 *
 * @throws Failure as readOptionFiles and chosenCredentials do, and `defaults-conflict`
 */
export function readLoginFiles(request: LoginFilesRequest, env: NodeJS.ProcessEnv): LoginFiles {
  const { only, extra, none, credentials } = request;
  if (none && (only ?? extra) !== undefined) {
    const text = '--no-defaults and --defaults-file or --defaults-extra-file exclude each other';
    throw new Failure('defaults-conflict', text);
  }
  const groupSuffix =
    request.groupSuffix ?? env.MARIADB_GROUP_SUFFIX ?? env.MYSQL_GROUP_SUFFIX ?? '';
  const files = read(
    readOptionFiles({
      only,
      extra,
      none,
      groupSuffix,
      global: request.shared,
      home: env.MARIADB_HOME ?? env.MYSQL_HOME,
      userHome: env.HOME,
    }),
  );
  if (request.withoutCredentials) return files;
  const directory = env.ANALYTICS_MYSQL_CREDENTIALS_DIR || defaultCredentialsDirectory;
  if (credentials !== undefined) {
    return joined(files, read(readNamedCredentials(credentials, directory, groupSuffix)));
  }
  const hasUser = request.hasUser || files.uses.some((use) => isOf(use, 'user'));
  if (none || only !== undefined || hasUser) return files;
  return joined(files, read(readFirstCredentials(directory, groupSuffix)));
}

/** Takes the options of files apart, each once. */
function read({ options, triedFiles: lookedAt, notes }: FileOptions): LoginFiles {
  const uses: OptionUse[] = [];
  const shown: string[] = [];
  for (const { body } of options) {
    const use = parseFileOption(body);
    if (use.kind === 'client' && use.option.ignoredInFiles) continue;
    uses.push(use);
    if (use.kind !== 'own') shown.push(shownBody(use, body));
  }
  return { uses, shown, triedFiles: lookedAt, notes };
}

function joined(files: LoginFiles, more: LoginFiles): LoginFiles {
  return {
    uses: [...files.uses, ...more.uses],
    shown: [...files.shown, ...more.shown],
    triedFiles: [...files.triedFiles, ...more.triedFiles],
    notes: [...files.notes, ...more.notes],
  };
}
