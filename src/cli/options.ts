import { factsOf, outputFormats } from '../output/formats.js';

/**
 * What follows the name of one of the client's options, as seen on mariadb 10.11.19:
 * - `bare`: never a value, and no --skip- either (`--batch=1` is an error)
 * - `boolean`: on, off, or `=0|1|on|off|true|false`; another value is ignored with a warning
 * - `switch`: like boolean, but another value turns it off, with a warning
 * - `number`: a whole number that may end in K, M, G, T, P or E
 * - `string`: a value, joined or as the next argument
 * - `optional`: a value only if joined
 */
export type OptionKind = 'bare' | 'boolean' | 'switch' | 'number' | 'string' | 'optional';

/**
 * - `supported`: does what the client does
 * - `inert`: the client prints the same bytes with and without it
 */
export type OptionState = 'supported' | 'inert';

/** Limits of a number; values outside are moved to the nearest limit, with a warning. */
export interface NumberRange {
  min: bigint;
  max: bigint;
  /** values are rounded down to a multiple of it */
  block: bigint;
}

/** One option of the mariadb client. */
export interface ClientOption {
  /** As the client spells it in its messages. */
  name: string;
  letter: string | undefined;
  kind: OptionKind;
  state: OptionState;
  /** The client's default; undefined: none. For booleans `on` or `off`. */
  initial: string | undefined;
  help: string;
  range: NumberRange | undefined;
}

type More = { initial?: string; range?: [min: bigint, max: bigint, block?: bigint] };
type Row = (
  name: string,
  letter: string,
  kind: OptionKind,
  help: string,
  more?: More,
) => ClientOption;

function rowsThatAre(state: OptionState): Row {
  return (name, letter, kind, help, more = {}) => ({
    name,
    letter: letter === '' ? undefined : letter,
    kind,
    state,
    initial: more.initial ?? (kind === 'boolean' || kind === 'switch' ? 'off' : undefined),
    help,
    range: more.range && { min: more.range[0], max: more.range[1], block: more.range[2] ?? 1n },
  });
}

const yes = rowsThatAre('supported');
const inert = rowsThatAre('inert');
const on = { initial: 'on' };
const any64: More['range'] = [0n, 2n ** 64n - 1n];

/**
 * All options of mariadb 10.11.19, as its --help lists them. The order matters to one message
 * only: an ambiguous prefix names the first and the last option that it fits, and the client's
 * own table is alphabetical but for a few.
 */
export const clientOptions: readonly ClientOption[] = [
  yes('help', '?', 'bare', 'Show this help.'),
  yes('abort-source-on-error', '', 'boolean', 'End a sourced file at its first error.'),
  yes(
    'auto-rehash',
    '',
    'boolean',
    'Read names of tables and columns for completion in the shell.',
    on,
  ),
  yes('no-auto-rehash', 'A', 'bare', 'Do not read names for completion.'),
  yes('auto-vertical-output', '', 'boolean', 'Vertical output when a table is too wide.'),
  yes('batch', 'B', 'bare', 'Tab-separated output, nothing interactive.'),
  yes('binary-as-hex', '', 'boolean', 'Print binary columns in hexadecimal.'),
  yes('binary-mode', '', 'boolean', 'Keep \\r\\n and NUL, and no client commands but delimiter.'),
  // The client's own character sets are compiled in: a folder that does not exist is no error.
  inert('character-sets-dir', '', 'string', 'Folder of character set files.'),
  yes('column-names', '', 'boolean', 'Begin a result with its column names.', on),
  yes('skip-column-names', 'N', 'bare', 'No column names.'),
  yes('column-type-info', '', 'boolean', 'Print what the server says of each column.'),
  yes('comments', 'c', 'boolean', 'Send comments to the server.'),
  yes('compress', 'C', 'boolean', 'Compress what goes over the connection.'),
  yes('connect-expired-password', '', 'boolean', 'Log in though the password has expired.'),
  yes('connect_timeout', '', 'number', 'Seconds to wait for a connection; 0: no limit.', {
    initial: '0',
    range: [0n, 43200n],
  }),
  yes('database', 'D', 'string', 'Wiki or database; the one named alone comes first.'),
  // An error in itself: option-use.ts.
  inert('debug', '#', 'optional', 'Not in this build of the client.'),
  inert('debug-check', '', 'boolean', 'Check memory and open files at the end.'),
  yes('debug-info', 'T', 'boolean', 'Print resource use at the end.'),
  // Seen: whatever it names, the server asks for the account's own.
  inert('default-auth', '', 'string', 'Authentication plugin to begin with.'),
  yes('default-character-set', '', 'string', 'Character set of the connection.'),
  yes('delimiter', '', 'string', 'What ends a statement.', { initial: ';' }),
  inert('enable-cleartext-plugin', '', 'bare', 'Obsolete.'),
  yes('execute', 'e', 'string', 'Run these statements and quit; may be given again.'),
  yes('force', 'f', 'boolean', 'Go on after an error; to be given behind -e.'),
  yes('host', 'h', 'string', 'Connect to this host; no section is looked up.'),
  yes('html', 'H', 'boolean', 'HTML output.'),
  yes('ignore-spaces', 'i', 'boolean', 'Allow blanks behind the name of a function.'),
  yes('init-command', '', 'string', 'A statement to run right after connecting.'),
  yes('i-am-a-dummy', '', 'boolean', 'Another name of --safe-updates.'),
  yes('line-numbers', '', 'boolean', 'Say in which line a failing statement began.', on),
  // Seen: messages keep their line numbers; only --line-numbers=0 drops them.
  inert('skip-line-numbers', 'L', 'bare', 'Does nothing in the client.'),
  yes('local-infile', '', 'switch', 'Let LOAD DATA LOCAL read files here.'),
  yes('max-allowed-packet', '', 'number', 'Longest packet to send or receive, in bytes.', {
    initial: '16777216',
    range: [4096n, 2147483648n, 4096n],
  }),
  yes('max-join-size', '', 'number', 'Limit of a join under --safe-updates.', { range: any64 }),
  yes('named-commands', 'G', 'boolean', 'Client commands by name anywhere in the input.'),
  inert('net-buffer-length', '', 'number', 'Size of a buffer of the client.', {
    range: [1024n, 536870912n, 1024n],
  }),
  yes('no-beep', 'b', 'boolean', 'No sound at an error, in the shell.'),
  yes('one-database', 'o', 'bare', 'Skip statements while another database is in use.'),
  yes('pager', '', 'optional', 'Program that shows results in the shell; --skip-pager: none.'),
  yes('password', 'p', 'optional', 'Password; without a value it is asked for.'),
  inert('plugin-dir', '', 'string', 'Folder of client plugins: ours are built in.'),
  yes('port', 'P', 'number', 'Connect to this port.', { range: [0n, 2n ** 32n - 1n] }),
  yes('print-query-on-error', '', 'boolean', 'Print a failing statement.', on),
  yes('progress-reports', '', 'boolean', 'Show how far a long statement is, in the shell.', on),
  yes('prompt', '', 'string', 'Prompt of the shell.'),
  yes('protocol', '', 'string', 'tcp or socket.'),
  yes('quick', 'q', 'boolean', 'Print rows as they come.'),
  yes('quick-max-column-width', '', 'number', 'Widest column of -q -t.', { range: any64 }),
  yes('raw', 'r', 'boolean', 'No escapes in tab-separated output.'),
  yes('reconnect', '', 'boolean', 'Connect again when the connection is lost, in the shell.', on),
  yes('safe-updates', 'U', 'boolean', 'Only UPDATE and DELETE that use a key.'),
  yes('sandbox', '', 'boolean', 'No commands that reach the file system.'),
  inert('secure-auth', '', 'boolean', 'Refuse servers older than 4.1.1.'),
  yes('select-limit', '', 'number', 'Limit of SELECT under --safe-updates.', {
    range: [1n, 2n ** 64n - 1n],
  }),
  inert('server-arg', '', 'string', 'For an embedded server.'),
  yes('show-warnings', '', 'boolean', 'Print the warnings of each statement.'),
  yes('sigint-ignore', '', 'boolean', 'Ignore Ctrl-C.'),
  yes('silent', 's', 'bare', 'Print less; twice: no column names.'),
  yes('socket', 'S', 'string', 'Connect through this socket; no section is looked up.'),
  yes('ssl', '', 'switch', 'TLS, where the server has it.', on),
  yes('ssl-ca', '', 'string', 'File of trusted certificate authorities; turns TLS on.'),
  yes('ssl-capath', '', 'string', 'Folder of trusted certificate authorities; turns TLS on.'),
  yes('ssl-cert', '', 'string', 'File of our certificate; turns TLS on.'),
  yes('ssl-cipher', '', 'string', 'Ciphers to allow; turns TLS on.'),
  yes('ssl-key', '', 'string', 'File of our private key; turns TLS on.'),
  yes('ssl-crl', '', 'string', 'File of revoked certificates; turns TLS on.'),
  yes('ssl-crlpath', '', 'string', 'Folder of revoked certificates; turns TLS on.'),
  yes('tls-version', '', 'string', 'TLS versions to allow.'),
  yes('ssl-verify-server-cert', '', 'switch', "Check the server's certificate and name."),
  yes('table', 't', 'boolean', 'Output as a table.'),
  yes('tee', '', 'string', 'Append a copy of the output to a file.'),
  yes('unbuffered', 'n', 'boolean', 'Flush the output after each statement.'),
  yes('user', 'u', 'string', 'Name to log in with.'),
  yes('verbose', 'v', 'bare', 'Print more; up to three times.'),
  yes('version', 'V', 'bare', 'Show the version.'),
  yes('vertical', 'E', 'boolean', 'One line for each column.'),
  // Seen: a connection that fails is given up at once with and without it.
  inert('wait', 'w', 'bare', 'Try again when the server is away.'),
  yes('xml', 'X', 'boolean', 'XML output.'),
];

/** One option of the wrapper. */
export interface WrapperOption {
  name: string;
  /** `flag`: no value; `value`: the last one counts; `list`: each one counts. */
  kind: 'flag' | 'value' | 'list';
  /** What the value is called in the help; undefined for flags. */
  placeholder: string | undefined;
  help: string;
}

/** `a, b or c` */
function listed(words: readonly string[], and: 'and' | 'or'): string {
  return `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}

/** `.tsv .csv …`, each once. */
function extensionsInWords(): string {
  const all = outputFormats.map((name) => `.${factsOf(name).extensions[0]}`);
  return [...new Set(all)].join(' ');
}

/** The wrapper's own options. help and version are the client's and the wrapper's alike. */
export const wrapperOptions: readonly WrapperOption[] = [
  own('use-x1', 'flag', undefined, 'Use section x1, whatever the database.'),
  own('section', 'value', 'NAME', 'Connect to this section (s1 … s8, x1, staging).'),
  own(
    'print-target',
    'flag',
    undefined,
    'Print host:port and exit; with --wikis where each wiki is.',
  ),
  own(
    'format',
    'value',
    'NAME',
    `Form of the results, over -t -E -H -X and \\G: ${listed(outputFormats, 'or')}. Of --print-target: text, json or jdbc.`,
  ),
  own(
    'output',
    'value',
    'FILE',
    `Write the results there, whole or not at all. Its name implies the format (${extensionsInWords()}) unless --format says it; ` +
      '.gz and .zst behind it ' +
      'compress; - is standard output. With --wikis also a folder (DIR/) or a pattern with ' +
      '{wiki}, for a file a wiki.',
  ),
  own(
    'timestamps',
    'value',
    'iso',
    "Write MediaWiki's timestamps of 14 digits as 2026-08-01T12:34:56Z.",
  ),
  own(
    'binary-as-text',
    'flag',
    undefined,
    'Write binary columns, which hold UTF-8, as strings of Parquet.',
  ),
  own('provenance', 'flag', undefined, 'Write FILE.meta.json beside the file of --output.'),
  own(
    'wikis',
    'value',
    'EXPR',
    'Run it on many wikis: lists of mediawiki-config (all, wikipedia, s2 …), wikis, globs and ' +
      "@FILE, joined by + - & between blanks, or by commas: 'wikipedia - closed,private'.",
  ),
  own('except', 'value', 'EXPR', 'Without these wikis.'),
  own('dry-run', 'flag', undefined, 'Say what --wikis would run, and where; connect to nothing.'),
  own('plan', 'value', 'json', 'Print the same as data; connect to nothing.'),
  own('per-section', 'value', 'N', 'Connections to each section at a time, up to 16 (1).'),
  own('skip-read-only', 'flag', undefined, 'Let the statements of --wikis write.'),
  own(
    'max-statement-time',
    'value',
    'SECONDS',
    'Let the server end a statement of --wikis that takes longer (3600; 0: never).',
  ),
  own('throttle', 'value', 'SECONDS', 'Rest so long behind each wiki, on each connection (0).'),
  own('wiki-column', 'value', 'NAME', "Name of the first column (wiki; '': no such column)."),
  own('unordered', 'flag', undefined, 'Write rows as wikis are done, not in the order of wikis.'),
  own('union-columns', 'flag', undefined, 'NULL where a wiki lacks a column that others have.'),
  own('fail-fast', 'flag', undefined, 'Stop at the first wiki that fails.'),
  own('resume', 'flag', undefined, 'Go on with a run into --output that did not end.'),
  own('retries', 'value', 'N', 'Try again so often after a passing fault, up to 100 (3).'),
  own('mw-config-path', 'value', 'PATH', 'Checkout of mediawiki-config.'),
  own('nameserver', 'list', 'ADDR[:PORT]', 'Ask this name server; may be given again.'),
  own('domain', 'value', 'NAME', 'Domain of the SRV records and the hosts.'),
  own('credentials', 'value', 'NAME', 'Credentials file, by name or by path.'),
  own('client', 'value', 'PROGRAM', 'Hand over to this mysql or mariadb program.'),
  own(
    'skip-destructive-warning',
    'flag',
    undefined,
    'Do not ask before DROP and its like, in the shell.',
  ),
  own(
    'long-query-bell',
    'value',
    'SECONDS',
    'Ring when a statement took as long, in the shell (10; 0: never).',
  ),
  own('defaults-file', 'value', 'FILE', 'Read options from this file only.'),
  own('defaults-extra-file', 'value', 'FILE', 'Read this option file too, before ~/.my.cnf.'),
  own('defaults-group-suffix', 'value', 'SUFFIX', 'Also read groups that end in this.'),
  own('no-defaults', 'flag', undefined, 'Read no option files.'),
  own('print-defaults', 'flag', undefined, 'Print the options found, passwords hidden, and exit.'),
];

function own(
  name: string,
  kind: WrapperOption['kind'],
  placeholder: string | undefined,
  help: string,
): WrapperOption {
  return { name, kind, placeholder, help };
}

/** The one form in which names are compared: `_` is `-`, and case does not count. */
export function normalName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
