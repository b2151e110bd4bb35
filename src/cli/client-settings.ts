import type { Failure } from '../failure.js';
import type { EndpointOptions } from './endpoint-override.js';
import type { FormatOptions } from './result-format.js';
import type {
  ConnectSettings,
  InputSettings,
  OutputOptions,
  OutputSettings,
  ShellSettings,
} from './settings.js';

/** The settings that the client's options make. */
export interface ClientSettings {
  database: string | undefined;
  /** The options that choose a server; see chooseEndpoint. */
  endpoint: EndpointOptions;
  connect: ConnectSettings;
  output: Omit<OutputSettings, keyof OutputOptions>;
  /** The options that choose a format; see chooseClientFormat. */
  format: Omit<FormatOptions, 'silent' | 'verbose'>;
  input: InputSettings;
  shell: Omit<ShellSettings, 'destructiveWarning' | 'longQueryBell' | 'vi'>;
  /** Lines for standard error, in the order of the options. */
  notes: string[];
  /** Lines for standard output, in the order of the options. */
  announcements: string[];
  /** The error in the options, with the lines for standard error; undefined: there is none. */
  failure: Failure | undefined;
}

/**
 * Returns the client's defaults.
 *
 * @param interactive standard input and standard output are terminals
 */
export function createClientDefaults(interactive: boolean): ClientSettings {
  return {
    database: undefined,
    endpoint: { host: undefined, port: undefined, socket: undefined, protocol: undefined },
    connect: {
      user: undefined,
      password: undefined,
      characterSet: undefined,
      tls: {
        enabled: true,
        verifyServerCert: false,
        ca: undefined,
        capath: undefined,
        cert: undefined,
        key: undefined,
        passphrase: undefined,
        crl: undefined,
        crlpath: undefined,
        cipher: undefined,
        versions: undefined,
      },
      connectTimeout: 0,
      initCommands: [],
      maxStatementTime: 0,
      enableCleartextPlugin: false,
      compress: false,
      expiredPassword: false,
      maxAllowedPacket: 16 * 1024 * 1024,
      localInfile: 'load',
      safeUpdates: { on: false, selectLimit: 1000, maxJoinSize: 1_000_000 },
      ignoreSpaces: false,
    },
    output: {
      batch: !interactive,
      silent: interactive ? 0 : 1,
      silentGiven: false,
      verbose: 0,
      columnNames: true,
      raw: false,
      binaryAsHex: false,
      columnTypeInfo: false,
      showWarnings: false,
      printQueryOnError: true,
      quick: false,
      quickMaxColumnWidth: Number.POSITIVE_INFINITY,
      unbuffered: false,
      debugInfo: false,
    },
    format: { html: false, xml: false, vertical: false, table: false, autoVertical: false },
    input: {
      execute: undefined,
      delimiter: ';',
      force: false,
      lineNumbers: true,
      comments: false,
      binaryMode: false,
      namedCommands: false,
      sandbox: false,
      abortSourceOnError: false,
      oneDatabase: false,
      hasDatabaseArgument: false,
      tees: [],
      sigintIgnore: false,
    },
    shell: {
      prompt: undefined,
      pager: undefined,
      rehash: true,
      reconnect: true,
      beep: true,
      progressReports: true,
    },
    notes: [],
    announcements: [],
    failure: undefined,
  };
}
