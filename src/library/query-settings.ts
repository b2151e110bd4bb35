import { applyClientOptions, prependNotes } from '../cli/apply-client-options.js';
import { readLoginFiles, systemOptionFiles } from '../cli/login-files.js';
import { getExactVariable } from '../cli/process-bytes.js';
import type { ConnectSettings, Settings, TlsSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import type { Login } from '../replica/log-in.js';
import type { LoginOptions, TargetOptions } from './options.js';
import { targetRequestOf } from './target.js';

/** The settings that queries need. */
export type QuerySettings = Pick<
  Settings,
  'target' | 'connect' | 'input' | 'triedFiles' | 'warnings'
>;

/**
 * Returns the settings of a query. Option files, credentials and environment variables are read as on
 * the command line; `options` take precedence over them.
 *
 * @throws Failure for an invalid option file or credentials file, as the command line does, and
 *   `bad-number`
 */
export function readQuerySettings(
  wiki: string | undefined,
  options: TargetOptions & LoginOptions,
): QuerySettings {
  const request = {
    defaultsFile: options.defaultsFile,
    extraFile: options.defaultsExtraFile,
    noDefaults: options.noDefaults ?? false,
    groupSuffix: options.defaultsGroupSuffix,
    credentials: options.credentials,
    hasUser: options.user !== undefined,
    withoutCredentials: false,
    systemFiles: systemOptionFiles,
  };
  const files = readLoginFiles(request, process.env);
  const applied = applyClientOptions(files.uses, false, false);
  if (applied.failure !== undefined) throw prependNotes(files.notes, applied.failure);
  return {
    target: targetRequestOf(wiki, options),
    connect: connectOf(applied.connect, options),
    input: applied.input,
    triedFiles: files.triedFiles,
    warnings: [...files.notes, ...applied.notes],
  };
}

/** Seconds; also the limit of --connect-timeout. */
const maxConnectTimeout = 43_200;

function connectOf(fileSettings: ConnectSettings, options: LoginOptions): ConnectSettings {
  const { connectTimeout = fileSettings.connectTimeout, initCommands } = options;
  if (!(connectTimeout >= 0 && connectTimeout <= maxConnectTimeout)) {
    const text = `connectTimeout '${connectTimeout}' is not a number of seconds from 0 to ${maxConnectTimeout}`;
    throw new Failure('bad-number', text);
  }
  return {
    ...fileSettings,
    user: (options.user ?? fileSettings.user) || undefined,
    password:
      options.password ?? fileSettings.password ?? getExactVariable(process.env, 'MYSQL_PWD'),
    connectTimeout,
    compress: options.compress ?? fileSettings.compress,
    enableCleartextPlugin: options.enableCleartextPlugin ?? fileSettings.enableCleartextPlugin,
    initCommands: [...(initCommands ?? fileSettings.initCommands)],
    tls: tlsOf(fileSettings.tls, options.tls),
  };
}

function tlsOf(fileSettings: TlsSettings, options: LoginOptions['tls']): TlsSettings {
  if (options === undefined) return fileSettings;
  if (options === false) return { ...fileSettings, enabled: false };
  return {
    ...fileSettings,
    enabled: true,
    ca: options.ca ?? fileSettings.ca,
    cert: options.cert ?? fileSettings.cert,
    key: options.key ?? fileSettings.key,
    verifyServerCert: options.verifyServerCert ?? fileSettings.verifyServerCert,
  };
}

/**
 * Returns the login for these settings. Rows are read as UTF-8, even if option files name another
 * character set.
 *
 * @throws Failure `no-password` if an option file asks for the password to be typed
 */
export function loginOf({ connect }: QuerySettings): Login {
  const { password } = connect;
  if (typeof password === 'object') {
    throw new Failure(
      'no-password',
      'an option file contains `password` without a value, which asks for it on a terminal: set the `password` option, or use other credentials',
    );
  }
  return { ...connect, password, characterSet: 'utf8mb4', localInfile: 'none' };
}
