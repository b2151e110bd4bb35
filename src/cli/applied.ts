import type { Failure } from '../failure.js';
import type { EndpointOverride } from './place.js';
import type { FormatOptions } from './result-format.js';
import type {
  ConnectSettings,
  InputSettings,
  OutputChoice,
  OutputSettings,
  ShellSettings,
} from './settings.js';

/** What the client's options add up to. */
export interface Applied {
  database: string | undefined;
  place: EndpointOverride;
  connect: ConnectSettings;
  output: Omit<OutputSettings, keyof OutputChoice>;
  /** The options that ask for a format; see clientFormat. */
  format: Omit<FormatOptions, 'silent' | 'verbose'>;
  input: InputSettings;
  shell: Omit<ShellSettings, 'destructiveWarning' | 'longQueryBell'>;
  /** Lines for stderr, in the order of the options. */
  notes: string[];
  /** The same for stdout. */
  announcements: string[];
  /** What is wrong with the options, the lines for stderr with it. */
  refusal: Failure | undefined;
}

/**
 * What holds before any option is applied: the client's defaults.
 *
 * @param interactive both stdin and stdout are terminals
 */
export function nothingApplied(interactive: boolean): Applied {
  return {
    database: undefined,
    place: { address: undefined, port: undefined },
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
        crl: undefined,
        crlpath: undefined,
        cipher: undefined,
        versions: undefined,
      },
      connectTimeout: 0,
      initCommands: [],
      compress: false,
      expiredPassword: false,
      maxAllowedPacket: 16 * 1024 * 1024,
      localInfile: true,
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
      databaseNamedAlone: false,
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
    refusal: undefined,
  };
}
