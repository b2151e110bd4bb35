import { join } from 'node:path';
import { createOptionFailure } from '../failure.js';
import { findConfigDirectory } from './config-directory.js';
import {
  defaultCredentialsDirectory,
  readFirstCredentials,
  readNamedCredentials,
} from './credentials.js';
import { findOptionFileNames, nameOptionFiles } from './name-option-files.js';
import { type FileOptions, readOptionFiles } from './option-files.js';
import { isUseOf, maskOption, type OptionUse, parseFileOption } from './option-use.js';
import { OwnValues } from './own-values.js';
import type { ShownOption, TriedFile } from './settings.js';

/*
 * Reads the option files and, if needed, the credentials file.
 */

/** The option files of the system: where Debian's client looks for them, and our own. */
export const systemOptionFiles: readonly string[] = [
  '/etc/my.cnf',
  '/etc/mysql/my.cnf',
  '/etc/analytics-mysql.cnf',
];

/** Which files to read for options and credentials; undefined: the option was not given. */
export interface LoginFilesRequest {
  /** --defaults-file */
  defaultsFile: string | undefined;
  /** --defaults-extra-file */
  extraFile: string | undefined;
  /** --no-defaults */
  noDefaults: boolean;
  /** --defaults-group-suffix */
  groupSuffix: string | undefined;
  /** --credentials: the name of a credentials file, or its path. */
  credentials: string | undefined;
  /** The user name is known: credentials are read only if `credentials` names a file. */
  hasUser: boolean;
  /** No credentials are needed: not even the file that `credentials` names is read. */
  withoutCredentials: boolean;
  /** The option files of the system, such as /etc/my.cnf. */
  systemFiles: readonly string[];
}

/** The options of the option files and the credentials file. */
export interface LoginFiles {
  /** The options in order, without those that have no effect in files. */
  uses: OptionUse[];
  /** The client's options of these as words for --print-defaults, with passwords masked. */
  shownArguments: string[];
  /** All of them as words, with passwords masked, and where each was found. */
  origins: ShownOption[];
  triedFiles: TriedFile[];
  /** Lines for stderr. */
  notes: string[];
}

/** The result of reading no files. */
export const noLoginFiles: LoginFiles = {
  uses: [],
  shownArguments: [],
  origins: [],
  triedFiles: [],
  notes: [],
};

/**
 * Reads the option files, and a credentials file if they give no user name.
 *
 * @throws Failure like readOptionFiles and readNamedCredentials; `defaults-conflict`
 */
export function readLoginFiles(request: LoginFilesRequest, env: NodeJS.ProcessEnv): LoginFiles {
  const { defaultsFile, extraFile, noDefaults } = request;
  if (noDefaults && (defaultsFile ?? extraFile) !== undefined) {
    const text = '--no-defaults cannot be used with --defaults-file or --defaults-extra-file';
    throw createOptionFailure('defaults-conflict', text);
  }
  const groupSuffix =
    request.groupSuffix ?? env.MARIADB_GROUP_SUFFIX ?? env.MYSQL_GROUP_SUFFIX ?? '';
  const directory = findConfigDirectory(env);
  const files = parseFileOptions(
    readOptionFiles({
      defaultsFile,
      extraFile,
      noDefaults,
      groupSuffix,
      systemFiles: request.systemFiles,
      home: env.MARIADB_HOME ?? env.MYSQL_HOME,
      userHome: env.HOME,
      ownFile: directory && join(directory, 'config.cnf'),
    }),
  );
  if (request.withoutCredentials) return files;
  const credentials = request.credentials ?? new OwnValues(files.uses).value('credentials');
  const credentialsDirectory = env.ANALYTICS_MYSQL_CREDENTIALS_DIR || defaultCredentialsDirectory;
  if (credentials !== undefined) {
    try {
      const named = readNamedCredentials(credentials, credentialsDirectory, groupSuffix);
      return concatenate(files, parseFileOptions(named));
    } catch (error) {
      const isFromFile = request.credentials === undefined;
      throw isFromFile ? nameOptionFiles(error, findOptionFileNames(files.uses)) : error;
    }
  }
  const hasUser = request.hasUser || files.uses.some((use) => isUseOf(use, 'user'));
  if (noDefaults || defaultsFile !== undefined || hasUser) return files;
  return concatenate(
    files,
    parseFileOptions(readFirstCredentials(credentialsDirectory, groupSuffix)),
  );
}

/** Parses the options of files. */
function parseFileOptions({ options, triedFiles, notes }: FileOptions): LoginFiles {
  const uses: OptionUse[] = [];
  const shownArguments: string[] = [];
  const origins: ShownOption[] = [];
  for (const option of options) {
    const use = parseFileOption(option);
    const { body, file, group } = option;
    if (use.kind === 'client' && use.option.ignoredInFiles) continue;
    uses.push(use);
    const word = maskOption(use, body);
    if (use.kind !== 'own') shownArguments.push(word);
    origins.push({ origin: `${file} [${group}]`, word });
  }
  return { uses, shownArguments, origins, triedFiles, notes };
}

function concatenate(files: LoginFiles, more: LoginFiles): LoginFiles {
  return {
    uses: [...files.uses, ...more.uses],
    shownArguments: [...files.shownArguments, ...more.shownArguments],
    origins: [...files.origins, ...more.origins],
    triedFiles: [...files.triedFiles, ...more.triedFiles],
    notes: [...files.notes, ...more.notes],
  };
}
