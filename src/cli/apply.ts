import { Failure } from '../failure.js';
import { type ClientOption, normalName } from './options.js';
import { type Place, PlaceChoice, placeOptions } from './place.js';
import type { ConnectSettings, InputSettings, OutputSettings } from './settings.js';
import { readBoolean, readNumber, textOf } from './values.js';
import { type Stray, type Use, usage } from './words.js';

/** What the client's options add up to. */
export interface Applied {
  database: string | undefined;
  place: Place;
  connect: ConnectSettings;
  output: OutputSettings;
  input: InputSettings;
  /** Lines for stderr, in the order of the options. */
  notes: string[];
}

/** The longest delimiter of the client, in bytes; longer ones are cut. */
const delimiterLength = 15;

/**
 * Applies the client's options one after the other, later over earlier: option files first, then
 * the command line.
 *
 * @param interactive both stdin and stdout are terminals; else the client starts out as after -B
 * @param handingOver another program will read the options: none is unsupported, none unknown
 * @param env for the place: MYSQL_TCP_PORT, MYSQL_UNIX_PORT
 * @throws Failure for the first option that cannot be applied
 */
export function apply(
  uses: readonly (Use | Stray)[],
  interactive: boolean,
  handingOver: boolean,
  env: NodeJS.ProcessEnv = {},
): Applied {
  const applied = initial(interactive);
  const place = new PlaceChoice();
  for (const use of uses) {
    applied.notes.push(...(handingOver && !use.option ? [] : use.notes));
    if (use.failure && !(handingOver && !use.option)) throw use.failure;
    if (!use.option) continue;
    if (placeOptions.has(use.option.name)) place.add(use, applied.notes);
    else if (use.option.state === 'supported') applyOne(applied, use);
    else if (!handingOver) applyNothing(use, applied.notes);
  }
  applied.place = place.decide(env);
  return applied;
}

function initial(interactive: boolean): Applied {
  return {
    database: undefined,
    place: { host: undefined, port: undefined, socket: undefined },
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
    },
    output: {
      batch: !interactive,
      silent: interactive ? 0 : 1,
      verbose: 0,
      columnNames: true,
      raw: false,
      table: false,
      vertical: false,
      html: false,
      xml: false,
      autoVertical: false,
      binaryAsHex: false,
      columnTypeInfo: false,
      showWarnings: false,
      printQueryOnError: true,
      quick: false,
      quickMaxColumnWidth: Number.POSITIVE_INFINITY,
      unbuffered: false,
    },
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
    },
    notes: [],
  };
}

/** An option that does nothing here: checked, refused where it asks for what we do not do. */
function applyNothing(use: Use, notes: string[]): void {
  const { option, file } = use;
  if (option.name === 'debug') {
    throw usage('disabled-option', "Option 'debug' used, but is disabled", 12, file);
  }
  if (option.kind === 'number') readNumber(use, notes);
  const asked = isBoolean(option) ? readBoolean(use, notes) : true;
  if (option.state === 'inert' || asked === undefined) return;
  if (asked === (option.initial === 'on')) return;
  const name = normalName(option.name);
  const text = `option '--${name}' is not supported yet; --client mariadb hands over to the client`;
  throw usage('unsupported-option', text, 2, file);
}

function isBoolean(option: ClientOption): boolean {
  return option.kind === 'boolean' || option.kind === 'switch';
}

type BooleanField<T> = { [K in keyof T]: T[K] extends boolean ? K : never }[keyof T];
const outputFlags: Record<string, BooleanField<OutputSettings>> = {
  'column-names': 'columnNames',
  raw: 'raw',
  table: 'table',
  vertical: 'vertical',
  html: 'html',
  xml: 'xml',
  'auto-vertical-output': 'autoVertical',
  'binary-as-hex': 'binaryAsHex',
  'column-type-info': 'columnTypeInfo',
  'show-warnings': 'showWarnings',
  'print-query-on-error': 'printQueryOnError',
  quick: 'quick',
  unbuffered: 'unbuffered',
};
const inputFlags: Record<string, BooleanField<InputSettings>> = {
  force: 'force',
  'line-numbers': 'lineNumbers',
  comments: 'comments',
  'binary-mode': 'binaryMode',
  'named-commands': 'namedCommands',
  sandbox: 'sandbox',
  'abort-source-on-error': 'abortSourceOnError',
};

/** The options that turn TLS on, even behind --skip-ssl. */
const tlsFields = {
  'ssl-ca': 'ca',
  'ssl-capath': 'capath',
  'ssl-cert': 'cert',
  'ssl-cipher': 'cipher',
  'ssl-crl': 'crl',
  'ssl-crlpath': 'crlpath',
  'ssl-key': 'key',
} as const;

function applyOne(applied: Applied, use: Use): void {
  const { connect, output, input, notes } = applied;
  const name = normalName(use.option.name);
  const flag = isBoolean(use.option) ? readBoolean(use, notes) : undefined;
  if (isBoolean(use.option) && flag === undefined) return;
  const outputFlag = outputFlags[name];
  const inputFlag = inputFlags[name];
  if (outputFlag && flag !== undefined) output[outputFlag] = flag;
  if (inputFlag && flag !== undefined) input[inputFlag] = flag;
  const text = textOf(use);
  switch (name) {
    case 'force':
      // Seen: --abort-source-on-error counts only behind it.
      input.abortSourceOnError = false;
      break;
    case 'batch':
      output.batch = true;
      output.silent = Math.max(output.silent, 1);
      break;
    case 'silent':
      output.silent++;
      break;
    case 'verbose':
      output.verbose++;
      break;
    case 'quick-max-column-width':
      output.quickMaxColumnWidth = readNumber(use, notes);
      break;
    case 'skip-column-names':
      output.columnNames = false;
      break;
    case 'execute':
      // Seen: the first -e, and only that, takes back a --force that stands before it.
      if (!input.execute) input.force = false;
      input.execute = [...(input.execute ?? []), text ?? ''];
      output.batch = true;
      break;
    case 'delimiter':
      setDelimiter(input, use, notes);
      break;
    case 'database':
      applied.database = text;
      break;
    case 'user':
      connect.user = text || undefined;
      break;
    case 'password':
      connect.password = use.off ? '' : (use.value ?? { ask: true });
      break;
    case 'default-character-set':
      connect.characterSet = text === 'auto' ? undefined : text;
      break;
    case 'connect-timeout':
      connect.connectTimeout = readNumber(use, notes);
      break;
    case 'max-allowed-packet':
      connect.maxAllowedPacket = readNumber(use, notes);
      break;
    case 'init-command':
      // Seen: a second --init-command replaces the first.
      connect.initCommands = [text ?? ''];
      break;
    case 'local-infile':
      connect.localInfile = flag === true;
      break;
    case 'safe-updates':
    case 'i-am-a-dummy':
      connect.safeUpdates.on = flag === true;
      break;
    case 'select-limit':
      connect.safeUpdates.selectLimit = readNumber(use, notes);
      break;
    case 'max-join-size':
      connect.safeUpdates.maxJoinSize = readNumber(use, notes);
      break;
    case 'one-database':
      input.oneDatabase = true;
      break;
    case 'tee':
      if (!use.off && text !== undefined) input.tees.push(text);
      break;
    case 'compress':
      connect.compress = flag === true;
      break;
    case 'connect-expired-password':
      connect.expiredPassword = flag === true;
      break;
    case 'ssl':
      connect.tls.enabled = flag === true;
      break;
    case 'ssl-verify-server-cert':
      connect.tls.verifyServerCert = flag === true;
      break;
    case 'tls-version':
      connect.tls.versions = text;
      break;
    default:
      if (!(name in tlsFields)) break;
      connect.tls[tlsFields[name as keyof typeof tlsFields]] = text;
      connect.tls.enabled = true;
  }
}

function setDelimiter(input: InputSettings, use: Use, notes: string[]): void {
  const text = use.off ? ';' : (use.value ?? '');
  if (text === '') {
    // The client waits for ever here.
    throw new Failure('bad-delimiter', 'the delimiter must not be empty');
  }
  if (text.includes('\\')) {
    // As in the client: said, and the delimiter before it stays.
    notes.push('ERROR: DELIMITER cannot contain a backslash character');
    return;
  }
  input.delimiter = Buffer.from(text).subarray(0, delimiterLength).toString();
}
