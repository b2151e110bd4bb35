import { Failure } from '../failure.js';
import type { ClientSettings } from './client-settings.js';
import {
  columnNamesEffect,
  formatEffect,
  maxJoinSizeEffect,
  selectLimitEffect,
} from './data-effects.js';
import { readProtocol } from './endpoint-override.js';
import { helpTopics } from './help-topics.js';
import type { ClientOption, NamePrefix } from './option.js';
import type { TlsSettings } from './settings.js';

/*
 * The table of the options of the mariadb client.
 */

/** The maximum length of a delimiter in the client, in bytes; longer ones are truncated. */
const delimiterLength = 15;
const any64 = { min: 0n, max: 2n ** 64n - 1n };

/**
 * All options that mariadb 10.11.19 lists in its --help, with help texts of this program. The order
 * matters for one message only: the error for an ambiguous prefix names the first and the last
 * option with that prefix. The client's table is alphabetical with a few exceptions.
 */
export const clientOptions: readonly ClientOption[] = [
  {
    name: 'help',
    letter: '?',
    kind: 'bare',
    // Only the parser of the command line knows the argument: it takes the next word if it is a topic.
    argument: 'TOPIC',
    values: helpTopics,
    topic: 'general',
    common: true,
    help: 'Show the most useful options, or a topic: all, wikis, formats, connecting, shell or client.',
  },
  {
    name: 'abort-source-on-error',
    kind: 'boolean',
    topic: 'statements',
    help: 'End a sourced file at its first error.',
    initial: 'off',
    apply: ({ input }, on) => {
      input.abortSourceOnError = on;
    },
  },
  {
    name: 'auto-rehash',
    kind: 'boolean',
    topic: 'shell',
    help: 'Read the names of tables and columns for completion.',
    initial: 'on',
    apply: ({ shell }, on) => {
      shell.rehash = on;
    },
  },
  {
    name: 'no-auto-rehash',
    letter: 'A',
    kind: 'bare',
    topic: 'shell',
    help: 'Do not read names for completion.',
    apply: ({ shell }) => {
      shell.rehash = false;
    },
  },
  {
    name: 'auto-vertical-output',
    kind: 'boolean',
    topic: 'results',
    help: 'Vertical output if a table is too wide.',
    initial: 'off',
    apply: ({ format }, on) => {
      format.autoVertical = on;
    },
  },
  {
    name: 'batch',
    letter: 'B',
    kind: 'bare',
    topic: 'results',
    help: 'Tab-separated output, not interactive.',
    apply: ({ output }) => {
      output.batch = true;
      output.silent = Math.max(output.silent, 1);
    },
  },
  {
    name: 'binary-as-hex',
    kind: 'boolean',
    topic: 'results',
    help: 'Print binary columns in hexadecimal.',
    initial: 'off',
    data: [
      { changes: 'form', key: 'binaryAsHex', value: ({ settings }) => settings.output.binaryAsHex },
    ],
    apply: ({ output }, on) => {
      output.binaryAsHex = on;
    },
  },
  {
    name: 'binary-mode',
    kind: 'boolean',
    topic: 'statements',
    help: 'Keep \\r\\n and NUL; no client commands except delimiter.',
    initial: 'off',
    apply: ({ input }, on) => {
      input.binaryMode = on;
    },
  },
  {
    // The client has its character sets compiled in: a missing directory is not an error.
    name: 'character-sets-dir',
    kind: 'string',
    argument: 'DIR',
    values: 'directories',
    topic: 'login',
    help: 'Directory of character set files.',
    inert: true,
  },
  {
    name: 'column-names',
    kind: 'boolean',
    topic: 'results',
    help: 'Print the column names before the rows.',
    initial: 'on',
    data: [columnNamesEffect],
    apply: ({ output }, on) => {
      output.columnNames = on;
    },
  },
  {
    name: 'skip-column-names',
    letter: 'N',
    kind: 'bare',
    topic: 'results',
    common: true,
    help: 'Do not print column names.',
    data: [columnNamesEffect],
    apply: ({ output }) => {
      output.columnNames = false;
    },
  },
  {
    name: 'column-type-info',
    kind: 'boolean',
    topic: 'results',
    help: 'Print the metadata of each column.',
    initial: 'off',
    insteadWithWikis: 'query one wiki',
    data: [
      {
        changes: 'form',
        key: 'columnTypeInfo',
        value: ({ settings }) => settings.output.columnTypeInfo,
      },
    ],
    apply: ({ output }, on) => {
      output.columnTypeInfo = on;
    },
  },
  {
    name: 'comments',
    letter: 'c',
    kind: 'boolean',
    topic: 'statements',
    help: 'Send comments to the server.',
    initial: 'off',
    apply: ({ input }, on) => {
      input.comments = on;
    },
  },
  {
    name: 'compress',
    letter: 'C',
    kind: 'boolean',
    topic: 'login',
    help: 'Compress the connection.',
    initial: 'off',
    apply: ({ connect }, on) => {
      connect.compress = on;
    },
  },
  {
    name: 'connect-expired-password',
    kind: 'boolean',
    topic: 'login',
    help: 'Log in even if the password has expired.',
    initial: 'off',
    apply: ({ connect }, on) => {
      connect.expiredPassword = on;
    },
  },
  {
    name: 'connect_timeout',
    kind: 'number',
    argument: 'SECONDS',
    topic: 'login',
    help: 'Seconds to wait for a connection; 0: no limit.',
    initial: '0, with --wikis 30',
    range: { min: 0n, max: 43200n },
    apply: ({ connect }, value) => {
      connect.connectTimeout = value;
    },
  },
  {
    name: 'database',
    letter: 'D',
    kind: 'string',
    argument: 'NAME',
    values: 'databases',
    topic: 'connecting',
    help: 'Wiki or database; the argument DATABASE takes precedence.',
    insteadWithWikis: 'name the wikis in --wikis only',
    apply: (settings, value) => {
      settings.database = value;
    },
  },
  {
    // Using this option is an error: see option-use.ts.
    name: 'debug',
    letter: '#',
    kind: 'optional',
    argument: 'OPTIONS',
    topic: 'general',
    help: 'Not in this build of the client.',
    inert: true,
  },
  {
    name: 'debug-check',
    kind: 'boolean',
    topic: 'general',
    help: 'Check memory and open files at the end.',
    initial: 'off',
    inert: true,
  },
  {
    name: 'debug-info',
    letter: 'T',
    kind: 'boolean',
    topic: 'results',
    help: 'Print resource use at the end.',
    initial: 'off',
    apply: ({ output }, on) => {
      output.debugInfo = on;
    },
  },
  {
    // Observed: the server requests the account's own plugin, whichever the option names.
    name: 'default-auth',
    kind: 'string',
    argument: 'PLUGIN',
    topic: 'login',
    help: 'First authentication plugin to try.',
    inert: true,
  },
  {
    name: 'default-character-set',
    kind: 'string',
    argument: 'NAME',
    values: ['utf8mb4', 'latin1', 'binary', 'auto'],
    topic: 'login',
    help: 'Character set of the connection.',
    data: [{ changes: 'rows', key: 'characterSet', value: ({ characterSet }) => characterSet }],
    apply: ({ connect }, value) => {
      connect.characterSet = value.toLowerCase() === 'auto' ? 'auto' : value;
    },
  },
  {
    name: 'delimiter',
    kind: 'string',
    argument: 'TEXT',
    topic: 'statements',
    help: 'Delimiter between statements.',
    initial: ';',
    apply: setDelimiter,
  },
  {
    name: 'enable-cleartext-plugin',
    kind: 'bare',
    topic: 'login',
    help: 'Let servers ask for the password itself even without TLS.',
    apply: ({ announcements, connect }) => {
      connect.enableCleartextPlugin = true;
      announcements.push("WARNING: option '--enable-cleartext-plugin' is obsolete.");
    },
  },
  {
    name: 'execute',
    letter: 'e',
    kind: 'string',
    argument: 'SQL',
    topic: 'statements',
    common: true,
    help: 'Run these statements and exit; may be repeated.',
    apply: ({ input, output }, value) => {
      // Observed: the first -e, and only the first, cancels an earlier --force.
      if (!input.execute) input.force = false;
      input.execute = [...(input.execute ?? []), value];
      output.batch = true;
    },
  },
  {
    name: 'force',
    letter: 'f',
    kind: 'boolean',
    topic: 'statements',
    common: true,
    help: 'Continue after an error; must follow -e.',
    initial: 'off',
    insteadWithWikis: 'the other wikis continue anyway',
    apply: ({ input }, on) => {
      input.force = on;
      // Observed: --abort-source-on-error has an effect only after --force.
      input.abortSourceOnError = false;
    },
  },
  {
    name: 'host',
    letter: 'h',
    kind: 'string',
    argument: 'HOST',
    topic: 'connecting',
    help: 'Connect to this host, without looking up a section.',
    ignoredInFiles: true,
    apply: ({ endpoint }, value) => {
      endpoint.host = value === '' ? undefined : value;
    },
  },
  {
    name: 'html',
    letter: 'H',
    kind: 'boolean',
    topic: 'results',
    help: 'HTML output.',
    initial: 'off',
    data: [formatEffect],
    apply: ({ format }, on) => {
      format.html = on;
    },
  },
  {
    name: 'ignore-spaces',
    letter: 'i',
    kind: 'boolean',
    topic: 'statements',
    help: 'Allow spaces after function names.',
    initial: 'off',
    data: [
      {
        changes: 'rows',
        key: 'ignoreSpaces',
        value: ({ settings }) => settings.connect.ignoreSpaces,
      },
    ],
    apply: ({ connect }, on) => {
      connect.ignoreSpaces = on;
    },
  },
  {
    name: 'init-command',
    kind: 'string',
    argument: 'SQL',
    topic: 'login',
    help: 'Statement to run right after connecting.',
    data: [
      {
        changes: 'rows',
        key: 'initCommands',
        value: ({ settings }) => settings.connect.initCommands,
      },
    ],
    apply: ({ connect }, value) => {
      // Observed: a second --init-command replaces the first.
      connect.initCommands = [value];
    },
  },
  {
    name: 'i-am-a-dummy',
    kind: 'boolean',
    topic: 'statements',
    help: 'Same as --safe-updates.',
    initial: 'off',
    data: [selectLimitEffect, maxJoinSizeEffect],
    apply: ({ connect }, on) => {
      connect.safeUpdates.on = on;
    },
  },
  {
    name: 'line-numbers',
    kind: 'boolean',
    topic: 'statements',
    help: 'Print the line number of a failed statement.',
    initial: 'on',
    apply: ({ input }, on) => {
      input.lineNumbers = on;
    },
  },
  {
    // Observed: messages keep their line numbers; only --line-numbers=0 removes them.
    name: 'skip-line-numbers',
    letter: 'L',
    kind: 'bare',
    topic: 'statements',
    help: 'Does nothing in the client.',
    inert: true,
  },
  {
    name: 'local-infile',
    kind: 'switch',
    topic: 'statements',
    help: 'Allow LOAD DATA LOCAL to read local files.',
    initial: 'off',
    apply: ({ connect }, on) => {
      connect.localInfile = on ? 'any' : 'none';
    },
  },
  {
    name: 'max-allowed-packet',
    kind: 'number',
    argument: 'BYTES',
    topic: 'login',
    help: 'Maximum packet size to send or receive, in bytes.',
    initial: '16777216',
    range: { min: 4096n, max: 2147483648n, block: 4096n },
    apply: ({ connect }, value) => {
      connect.maxAllowedPacket = value;
    },
  },
  {
    name: 'max-join-size',
    kind: 'number',
    argument: 'N',
    topic: 'statements',
    help: 'Limit of row combinations of a join under --safe-updates.',
    range: any64,
    data: [maxJoinSizeEffect],
    apply: ({ connect }, value) => {
      connect.safeUpdates.maxJoinSize = value;
    },
  },
  {
    name: 'named-commands',
    letter: 'G',
    kind: 'boolean',
    topic: 'statements',
    help: 'Allow client commands by name anywhere in the input.',
    initial: 'off',
    apply: ({ input }, on) => {
      input.namedCommands = on;
    },
  },
  {
    name: 'net-buffer-length',
    kind: 'number',
    argument: 'BYTES',
    topic: 'login',
    help: 'Size of a buffer of the client.',
    range: { min: 1024n, max: 536870912n, block: 1024n },
    inert: true,
  },
  {
    name: 'no-beep',
    letter: 'b',
    kind: 'boolean',
    topic: 'shell',
    help: 'Do not ring the bell at an error.',
    initial: 'off',
    apply: ({ shell }, on) => {
      shell.beep = !on;
    },
  },
  {
    name: 'one-database',
    letter: 'o',
    kind: 'bare',
    topic: 'statements',
    help: 'Skip statements while another database is in use.',
    insteadWithWikis: 'name the wikis in --wikis only',
    apply: ({ input }) => {
      input.oneDatabase = true;
    },
  },
  {
    name: 'pager',
    kind: 'optional',
    argument: 'COMMAND',
    values: 'programs',
    topic: 'shell',
    help: 'Program that shows results; --skip-pager: none.',
    apply: ({ shell }, value, { off }) => {
      // --pager without a value means the default pager.
      shell.pager = off ? '' : (value ?? shell.pager);
    },
  },
  {
    name: 'password',
    letter: 'p',
    kind: 'optional',
    argument: 'PASSWORD',
    topic: 'login',
    help: 'Password; without a value, prompt for it.',
    secret: true,
    apply: ({ connect }, value, { off }) => {
      connect.password = off ? '' : (value ?? { ask: true });
    },
  },
  {
    name: 'plugin-dir',
    kind: 'string',
    argument: 'DIR',
    values: 'directories',
    topic: 'login',
    help: 'Directory of client plugins; they are built in.',
    inert: true,
  },
  {
    name: 'port',
    letter: 'P',
    kind: 'number',
    argument: 'PORT',
    topic: 'connecting',
    help: 'Connect to this port.',
    range: { min: 0n, max: 2n ** 32n - 1n },
    ignoredInFiles: true,
    apply: ({ endpoint }, value) => {
      // Observed: only the lowest 16 bits of a larger number are used.
      endpoint.port = value % 65536 || undefined;
      endpoint.protocol = 'tcp';
    },
  },
  {
    name: 'print-query-on-error',
    kind: 'boolean',
    topic: 'statements',
    help: 'Print a failed statement.',
    initial: 'on',
    apply: ({ output }, on) => {
      output.printQueryOnError = on;
    },
  },
  {
    name: 'progress-reports',
    kind: 'boolean',
    topic: 'shell',
    help: 'Show the progress of a long statement.',
    initial: 'on',
    apply: ({ shell }, on) => {
      shell.progressReports = on;
    },
  },
  {
    name: 'prompt',
    kind: 'string',
    argument: 'TEXT',
    topic: 'shell',
    help: 'Prompt of the shell.',
    apply: ({ shell }, value) => {
      shell.prompt = value;
    },
  },
  {
    name: 'protocol',
    kind: 'string',
    argument: 'NAME',
    values: ['tcp', 'socket'],
    topic: 'connecting',
    help: 'tcp or socket.',
    ignoredInFiles: true,
    apply: ({ endpoint }, value) => {
      endpoint.protocol = readProtocol(value);
    },
  },
  {
    name: 'quick',
    letter: 'q',
    kind: 'boolean',
    topic: 'results',
    help: 'Print rows as they arrive.',
    initial: 'off',
    data: [{ changes: 'form', key: 'quick', value: ({ settings }) => settings.output.quick }],
    apply: ({ output }, on) => {
      output.quick = on;
    },
  },
  {
    name: 'quick-max-column-width',
    kind: 'number',
    argument: 'BYTES',
    topic: 'results',
    help: 'Maximum column width with -q -t, in bytes.',
    range: any64,
    data: [
      {
        changes: 'form',
        key: 'quickMaxColumnWidth',
        value: ({ settings }) => settings.output.quickMaxColumnWidth,
      },
    ],
    apply: ({ output }, value) => {
      output.quickMaxColumnWidth = value;
    },
  },
  {
    name: 'raw',
    letter: 'r',
    kind: 'boolean',
    topic: 'results',
    help: 'Do not escape tab-separated output, nor anything on a terminal.',
    initial: 'off',
    data: [{ changes: 'form', key: 'raw', value: ({ settings }) => settings.output.raw }],
    apply: ({ output }, on) => {
      output.raw = on;
    },
  },
  {
    name: 'reconnect',
    kind: 'boolean',
    topic: 'shell',
    help: 'Reconnect when the connection is lost.',
    initial: 'on',
    apply: ({ shell }, on) => {
      shell.reconnect = on;
    },
  },
  {
    name: 'safe-updates',
    letter: 'U',
    kind: 'boolean',
    topic: 'statements',
    help: 'Refuse UPDATE and DELETE that do not use a key.',
    initial: 'off',
    data: [selectLimitEffect, maxJoinSizeEffect],
    apply: ({ connect }, on) => {
      connect.safeUpdates.on = on;
    },
  },
  {
    name: 'sandbox',
    kind: 'boolean',
    topic: 'statements',
    help: 'Refuse client commands that access the file system.',
    initial: 'off',
    apply: ({ input }, on) => {
      input.sandbox = on;
    },
  },
  {
    name: 'secure-auth',
    kind: 'boolean',
    topic: 'login',
    help: 'Refuse servers older than 4.1.1.',
    initial: 'off',
    inert: true,
  },
  {
    name: 'select-limit',
    kind: 'number',
    argument: 'ROWS',
    topic: 'statements',
    help: 'Row limit of a SELECT under --safe-updates.',
    range: { min: 1n, max: 2n ** 64n - 1n },
    data: [selectLimitEffect],
    apply: ({ connect }, value) => {
      connect.safeUpdates.selectLimit = value;
    },
  },
  {
    name: 'server-arg',
    kind: 'string',
    argument: 'TEXT',
    topic: 'login',
    help: 'Argument for an embedded server.',
    inert: true,
    apply: ({ announcements }) => {
      announcements.push('WARNING: --server-arg option not supported in this configuration.');
    },
  },
  {
    name: 'show-warnings',
    kind: 'boolean',
    topic: 'results',
    help: 'Print the warnings of each statement.',
    initial: 'off',
    insteadWithWikis: 'query one wiki',
    data: [
      {
        changes: 'form',
        key: 'showWarnings',
        value: ({ settings }) => settings.output.showWarnings,
      },
    ],
    apply: ({ output }, on) => {
      output.showWarnings = on;
    },
  },
  {
    name: 'sigint-ignore',
    kind: 'boolean',
    topic: 'statements',
    help: 'Ignore Ctrl-C.',
    initial: 'off',
    apply: ({ input }, on) => {
      input.sigintIgnore = on;
    },
  },
  {
    name: 'silent',
    letter: 's',
    kind: 'bare',
    topic: 'results',
    help: 'Print less; if repeated, no column names.',
    data: [columnNamesEffect],
    apply: ({ output }) => {
      output.silent++;
      output.silentGiven = true;
    },
  },
  {
    name: 'socket',
    letter: 'S',
    kind: 'string',
    argument: 'FILE',
    values: 'files',
    topic: 'connecting',
    help: 'Connect to this socket, without looking up a section.',
    ignoredInFiles: true,
    apply: ({ endpoint }, value) => {
      endpoint.socket = value;
      // Observed: an earlier --protocol=pipe is kept.
      if (endpoint.protocol !== 'pipe') endpoint.protocol = 'socket';
    },
  },
  {
    name: 'ssl',
    kind: 'switch',
    topic: 'login',
    help: 'Use TLS if the server supports it.',
    initial: 'on',
    apply: ({ connect }, on) => {
      connect.tls.enabled = on;
    },
  },
  {
    name: 'ssl-ca',
    kind: 'string',
    argument: 'FILE',
    values: 'files',
    topic: 'login',
    help: 'File of trusted certificate authorities; requires TLS over TCP.',
    apply: setTls('ca'),
  },
  {
    name: 'ssl-capath',
    kind: 'string',
    argument: 'DIR',
    values: 'directories',
    topic: 'login',
    help: 'Directory of trusted certificate authorities; requires TLS over TCP.',
    apply: setTls('capath'),
  },
  {
    name: 'ssl-cert',
    kind: 'string',
    argument: 'FILE',
    values: 'files',
    topic: 'login',
    help: "File of the client's certificate; requires TLS over TCP.",
    apply: setTls('cert'),
  },
  {
    name: 'ssl-cipher',
    kind: 'string',
    argument: 'LIST',
    topic: 'login',
    help: 'Ciphers to allow; requires TLS over TCP.',
    apply: setTls('cipher'),
  },
  {
    name: 'ssl-key',
    kind: 'string',
    argument: 'FILE',
    values: 'files',
    topic: 'login',
    help: "File of the client's private key; requires TLS over TCP.",
    apply: setTls('key'),
  },
  {
    name: 'ssl-crl',
    kind: 'string',
    argument: 'FILE',
    values: 'files',
    topic: 'login',
    help: 'File of revoked certificates; requires TLS over TCP.',
    apply: setTls('crl'),
  },
  {
    name: 'ssl-crlpath',
    kind: 'string',
    argument: 'DIR',
    values: 'directories',
    topic: 'login',
    help: 'Directory of revoked certificates; requires TLS over TCP.',
    apply: setTls('crlpath'),
  },
  {
    name: 'tls-version',
    kind: 'string',
    argument: 'LIST',
    topic: 'login',
    help: 'TLS versions to allow.',
    apply: ({ connect }, value) => {
      connect.tls.versions = value;
    },
  },
  {
    name: 'ssl-verify-server-cert',
    kind: 'switch',
    topic: 'login',
    help: "Check the server's certificate and name.",
    initial: 'off',
    apply: ({ connect }, on) => {
      connect.tls.verifyServerCert = on;
    },
  },
  {
    name: 'table',
    letter: 't',
    kind: 'boolean',
    topic: 'results',
    help: 'Output as a table.',
    initial: 'off',
    data: [formatEffect],
    apply: ({ format }, on) => {
      format.table = on;
    },
  },
  {
    name: 'tee',
    kind: 'string',
    argument: 'FILE',
    values: 'files',
    topic: 'shell',
    help: 'Append a copy of the output to a file.',
    insteadWithWikis: 'use --output',
    apply: ({ input }, value, { off }) => {
      if (!off) input.tees.push(value);
    },
  },
  {
    name: 'unbuffered',
    letter: 'n',
    kind: 'boolean',
    topic: 'results',
    help: 'Flush the output after each statement.',
    initial: 'off',
    apply: ({ output }, on) => {
      output.unbuffered = on;
    },
  },
  {
    name: 'user',
    letter: 'u',
    kind: 'string',
    argument: 'NAME',
    topic: 'login',
    help: 'User name to log in with.',
    apply: ({ connect }, value) => {
      connect.user = value || undefined;
    },
  },
  {
    name: 'verbose',
    letter: 'v',
    kind: 'bare',
    topic: 'results',
    help: 'Print more; may be given up to three times.',
    data: [
      formatEffect,
      { changes: 'form', key: 'verbose', value: ({ settings }) => settings.output.verbose },
    ],
    apply: ({ output }) => {
      output.verbose++;
    },
  },
  {
    name: 'version',
    letter: 'V',
    kind: 'bare',
    topic: 'general',
    common: true,
    help: 'Show the version.',
  },
  {
    name: 'vertical',
    letter: 'E',
    kind: 'boolean',
    topic: 'results',
    help: 'Vertical output, one line for each column.',
    initial: 'off',
    data: [formatEffect],
    apply: ({ format }, on) => {
      format.vertical = on;
    },
  },
  {
    // Observed: with and without this option, the client does not retry a failed connection.
    name: 'wait',
    letter: 'w',
    kind: 'bare',
    topic: 'login',
    help: 'Retry if the server is not available.',
    inert: true,
  },
  {
    name: 'xml',
    letter: 'X',
    kind: 'boolean',
    topic: 'results',
    help: 'XML output.',
    initial: 'off',
    data: [formatEffect],
    apply: ({ format }, on) => {
      format.xml = on;
    },
  },
];

/** Returns the `apply` of an option that turns TLS on, even after --skip-ssl. */
function setTls(field: Exclude<keyof TlsSettings, 'enabled' | 'verifyServerCert' | 'versions'>) {
  return ({ connect }: ClientSettings, value: string): void => {
    connect.tls[field] = value;
    connect.tls.enabled = true;
  };
}

function setDelimiter(
  { input, notes }: ClientSettings,
  value: string,
  { off, on }: NamePrefix,
): void {
  // Observed: --skip-delimiter sets the default, --enable-delimiter sets `1`.
  const text = (off || on) && value === '0' ? ';' : value;
  if (text === '') {
    // The client hangs in this case.
    throw new Failure('bad-delimiter', 'the delimiter must not be empty');
  }
  if (text.includes('\\')) {
    // Like the client: warn, keep the previous delimiter.
    notes.push('ERROR: DELIMITER cannot contain a backslash character');
    return;
  }
  const bytes = Buffer.from(text);
  input.delimiter =
    bytes.length > delimiterLength ? bytes.subarray(0, delimiterLength).toString() : text;
}
