import { readSettings, thisSystem } from '../cli/read-settings.js';
import type { Settings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import type { Login } from '../replica/log-in.js';
import type { LoginOptions, TargetOptions } from './options.js';

/**
 * The settings that the command line would have with these options: option files, credentials and
 * environment are read as it reads them. `more`: further words of a command line.
 *
 * @throws Failure as the command line does
 */
export function settingsOf(
  wiki: string | undefined,
  options: TargetOptions & LoginOptions,
  more: readonly string[] = [],
): Settings {
  const words = [...targetWords(options), ...loginWords(options), ...more];
  const settings = readSettings(words, process.env, { ...thisSystem, interactive: () => false });
  // Not a word of the command line: a name must not be taken for an option.
  const { target, connect } = settings;
  // Nor can a command line have several of these.
  const initCommands = [...(options.initCommands ?? connect.initCommands)];
  return {
    ...settings,
    target: { ...target, wiki },
    connect: { ...connect, initCommands },
  };
}

/**
 * Who logs in by these settings. Rows are read as UTF-8, whatever character set option files name.
 *
 * @throws Failure `no-password` where the password would have to be typed
 */
export function loginOf({ connect }: Settings): Login {
  const { password } = connect;
  if (typeof password === 'object') {
    throw new Failure(
      'no-password',
      'an option file has `password` without a value, which asks for it on a terminal: give `password`, or other credentials',
    );
  }
  return { ...connect, password, characterSet: 'utf8mb4', localInfile: false };
}

/** An option's words: `--name=value` for each value, `--name` for true. */
export function words(
  name: string,
  value: string | number | boolean | readonly string[] | undefined,
): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [`--${name}`];
  return [value].flat().map((one) => `--${name}=${one}`);
}

function targetWords(options: TargetOptions): string[] {
  return [
    ...words('mw-config-path', options.mwConfigPath),
    ...words('use-x1', options.useX1),
    ...words('section', options.section),
    ...words('nameserver', options.nameservers),
    ...words('domain', options.domain),
    ...words('host', options.host),
    ...words('port', options.port),
    ...words('socket', options.socket),
  ];
}

function loginWords(options: LoginOptions): string[] {
  return [
    ...words('credentials', options.credentials),
    ...words('defaults-file', options.defaultsFile),
    ...words('defaults-extra-file', options.defaultsExtraFile),
    ...words('defaults-group-suffix', options.defaultsGroupSuffix),
    ...words('no-defaults', options.noDefaults),
    ...words('user', options.user),
    ...words('password', options.password),
    ...words('connect-timeout', options.connectTimeout),
    ...words('compress', options.compress),
    ...tlsWords(options.tls),
  ];
}

function tlsWords(tls: LoginOptions['tls']): string[] {
  if (tls === undefined) return [];
  if (tls === false) return ['--skip-ssl'];
  return [
    '--ssl',
    ...words('ssl-ca', tls.ca),
    ...words('ssl-cert', tls.cert),
    ...words('ssl-key', tls.key),
    ...words(
      'ssl-verify-server-cert',
      tls.verifyServerCert === undefined ? undefined : Number(tls.verifyServerCert),
    ),
  ];
}
