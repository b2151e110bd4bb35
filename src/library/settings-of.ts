import { applyClientOptions, withNotes } from '../cli/apply-client-options.js';
import { readLoginFiles, sharedOptionFiles } from '../cli/login-files.js';
import type { ConnectSettings, Settings, TlsSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import type { Login } from '../replica/log-in.js';
import type { LoginOptions, TargetOptions } from './options.js';
import { targetRequestOf } from './target.js';

/** What of the settings queries need. */
export type QuerySettings = Pick<
  Settings,
  'target' | 'connect' | 'input' | 'triedFiles' | 'warnings'
>;

/**
 * The settings of a query: option files, credentials and environment are read as the command line
 * reads them, and what `options` say goes over them.
 *
 * @throws Failure as the command line does, and `bad-number`
 */
export function settingsOf(
  wiki: string | undefined,
  options: TargetOptions & LoginOptions,
): QuerySettings {
  const request = {
    only: options.defaultsFile,
    extra: options.defaultsExtraFile,
    none: options.noDefaults ?? false,
    groupSuffix: options.defaultsGroupSuffix,
    credentials: options.credentials,
    hasUser: options.user !== undefined,
    withoutCredentials: false,
    shared: sharedOptionFiles,
  };
  const files = readLoginFiles(request, process.env);
  const applied = applyClientOptions(files.uses, false, false);
  if (applied.refusal !== undefined) throw withNotes(files.notes, applied.refusal);
  return {
    target: targetRequestOf(wiki, options),
    connect: connectOf(applied.connect, options),
    input: applied.input,
    triedFiles: files.triedFiles,
    warnings: [...files.notes, ...applied.notes],
  };
}

/** As --connect-timeout is limited. */
const longestTimeout = 43_200;

function connectOf(ofFiles: ConnectSettings, options: LoginOptions): ConnectSettings {
  const { connectTimeout = ofFiles.connectTimeout, initCommands } = options;
  if (!(connectTimeout >= 0 && connectTimeout <= longestTimeout)) {
    const text = `connectTimeout ${connectTimeout}: not a number of seconds from 0 to ${longestTimeout}`;
    throw new Failure('bad-number', text);
  }
  return {
    ...ofFiles,
    user: (options.user ?? ofFiles.user) || undefined,
    password: options.password ?? ofFiles.password ?? process.env.MYSQL_PWD,
    connectTimeout,
    compress: options.compress ?? ofFiles.compress,
    initCommands: [...(initCommands ?? ofFiles.initCommands)],
    tls: tlsOf(ofFiles.tls, options.tls),
  };
}

function tlsOf(ofFiles: TlsSettings, options: LoginOptions['tls']): TlsSettings {
  if (options === undefined) return ofFiles;
  if (options === false) return { ...ofFiles, enabled: false };
  return {
    ...ofFiles,
    enabled: true,
    ca: options.ca ?? ofFiles.ca,
    cert: options.cert ?? ofFiles.cert,
    key: options.key ?? ofFiles.key,
    verifyServerCert: options.verifyServerCert ?? ofFiles.verifyServerCert,
  };
}

/**
 * Who logs in by these settings. Rows are read as UTF-8, whatever character set option files name.
 *
 * @throws Failure `no-password` where the password would have to be typed
 */
export function loginOf({ connect }: QuerySettings): Login {
  const { password } = connect;
  if (typeof password === 'object') {
    throw new Failure(
      'no-password',
      'an option file has `password` without a value, which asks for it on a terminal: give `password`, or other credentials',
    );
  }
  return { ...connect, password, characterSet: 'utf8mb4', localInfile: false };
}
