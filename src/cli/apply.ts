import { Failure, linesOf } from '../failure.js';
import { type Applied, nothingApplied } from './applied.js';
import { type ClientUse, isOf, type OptionUse } from './option-use.js';
import { type ClientOption, normalName } from './options.js';
import { PlaceChoice, placeOptions } from './place.js';
import type { InputSettings } from './settings.js';
import { readBoolean, readNumber, textOf } from './values.js';

/** The longest delimiter of the client, in bytes; longer ones are cut. */
const delimiterLength = 15;

/**
 * Applies the client's options one after the other, later over earlier: option files first, then
 * the command line. As the client, it goes on behind a mistake and tells them all; the exit status
 * is the last one's.
 *
 * @param interactive both stdin and stdout are terminals; else the client starts out as after -B
 * @param handingOver another program will read the options: none is unknown
 * @param env for the place: MYSQL_TCP_PORT, MYSQL_UNIX_PORT
 */
export function apply(
  uses: readonly OptionUse[],
  interactive: boolean,
  handingOver: boolean,
  env: NodeJS.ProcessEnv = {},
): Applied {
  const applied = nothingApplied(interactive);
  const place = new PlaceChoice();
  const mistakes: Failure[] = [];
  for (const use of uses) {
    if (use.kind === 'own') continue;
    if (handingOver && (use.kind === 'unknown' || use.behindUnknown)) continue;
    applied.notes.push(...use.notes);
    try {
      if (use.failure) throw use.failure;
      if (use.kind === 'unknown') continue;
      if (placeOptions.has(use.option.name)) place.add(use, applied.notes);
      else if (use.option.state === 'supported') applyOne(applied, use);
      else if (!handingOver) applyNothing(use, applied);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      applied.notes.push(...linesOf(error));
      if (!isForgiven(use, error)) mistakes.push(error);
      if (endsAtOnce(error)) break;
    }
  }
  const said = uses.some((use) => isOf(use, 'auto-vertical-output'));
  if (!said) applied.format.autoVertical = !applied.output.batch;
  const [first] = mistakes;
  const last = mistakes.at(-1);
  if (first && last) applied.refusal = toldWith(applied.notes, first, last);
  applied.place = place.decide(env);
  return applied;
}

function toldWith(lines: string[], { code, message }: Failure, { exitStatus }: Failure): Failure {
  return new Failure(code, message, exitStatus, lines);
}

/** The same failure, with lines in front of its own. */
export function withNotes(
  notes: readonly string[],
  { code, message, exitStatus, lines }: Failure,
): Failure {
  return new Failure(code, message, exitStatus, [...notes, ...(lines ?? [])]);
}

/** Whether the client looks at nothing behind this mistake, not even at --help. */
export function endsAtOnce({ exitStatus }: Failure): boolean {
  return exitStatus === 1;
}

/** Seen: behind loose- a number that is none is told, and passed over. */
function isForgiven(use: OptionUse, { code }: Failure): boolean {
  return use.kind === 'client' && use.loose && (code === 'bad-number' || code === 'bad-suffix');
}

/** An option that does nothing, here as in the client: its value is checked all the same. */
function applyNothing(use: ClientUse, { notes, announcements }: Applied): void {
  const { option } = use;
  if (option.name === 'server-arg') {
    announcements.push('WARNING: --server-arg option not supported in this configuration.');
  } else if (option.name === 'enable-cleartext-plugin') {
    announcements.push("WARNING: option '--enable-cleartext-plugin' is obsolete.");
  }
  if (option.kind === 'number') readNumber(use, notes);
  if (isBoolean(option)) readBoolean(use, notes);
}

function isBoolean(option: ClientOption): boolean {
  return option.kind === 'boolean' || option.kind === 'switch';
}

type BooleanField<T> = { [K in keyof T]: T[K] extends boolean ? K : never }[keyof T];
const outputFlags: Record<string, BooleanField<Applied['output']>> = {
  'column-names': 'columnNames',
  raw: 'raw',
  'binary-as-hex': 'binaryAsHex',
  'column-type-info': 'columnTypeInfo',
  'show-warnings': 'showWarnings',
  'print-query-on-error': 'printQueryOnError',
  quick: 'quick',
  unbuffered: 'unbuffered',
};
const formatFlags: Record<string, BooleanField<Applied['format']>> = {
  table: 'table',
  vertical: 'vertical',
  html: 'html',
  xml: 'xml',
  'auto-vertical-output': 'autoVertical',
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

const shellFlags: Record<string, BooleanField<Applied['shell']>> = {
  'auto-rehash': 'rehash',
  reconnect: 'reconnect',
  'progress-reports': 'progressReports',
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

function applyOne(applied: Applied, use: ClientUse): void {
  const { connect, output, format, input, shell, notes } = applied;
  const name = normalName(use.option.name);
  const flag = isBoolean(use.option) ? readBoolean(use, notes) : undefined;
  if (isBoolean(use.option) && flag === undefined) return;
  const outputFlag = outputFlags[name];
  const formatFlag = formatFlags[name];
  const inputFlag = inputFlags[name];
  const shellFlag = shellFlags[name];
  if (outputFlag && flag !== undefined) output[outputFlag] = flag;
  if (formatFlag && flag !== undefined) format[formatFlag] = flag;
  if (inputFlag && flag !== undefined) input[inputFlag] = flag;
  if (shellFlag && flag !== undefined) shell[shellFlag] = flag;
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
      output.silentGiven = true;
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
    case 'debug-info':
      output.debugInfo = flag === true;
      break;
    case 'ignore-spaces':
      connect.ignoreSpaces = flag === true;
      break;
    case 'sigint-ignore':
      input.sigintIgnore = flag === true;
      break;
    case 'database':
      applied.database = text;
      break;
    case 'user':
      connect.user = text || undefined;
      break;
    case 'password':
      connect.password = use.off ? '' : (textOf(use) ?? { ask: true });
      break;
    case 'default-character-set':
      connect.characterSet = text?.toLowerCase() === 'auto' ? 'auto' : text;
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
    case 'no-auto-rehash':
      shell.rehash = false;
      break;
    case 'no-beep':
      shell.beep = flag !== true;
      break;
    case 'prompt':
      shell.prompt = text;
      break;
    case 'pager':
      // --pager alone asks for the usual one.
      shell.pager = use.off ? '' : (use.value ?? shell.pager);
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

function setDelimiter(input: InputSettings, use: ClientUse, notes: string[]): void {
  // Seen: switched off it is the usual one, switched on (as by --enable-delimiter) it is 1.
  const switched = use.off || use.on;
  const text = (switched && textOf(use) === '0' ? ';' : textOf(use)) ?? '';
  if (text === '') {
    // The client waits for ever here.
    throw new Failure('bad-delimiter', 'the delimiter must not be empty');
  }
  if (text.includes('\\')) {
    // As in the client: said, and the delimiter before it stays.
    notes.push('ERROR: DELIMITER cannot contain a backslash character');
    return;
  }
  const bytes = Buffer.from(text);
  input.delimiter =
    bytes.length > delimiterLength ? bytes.subarray(0, delimiterLength).toString() : text;
}
