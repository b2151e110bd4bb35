import type { Target } from '../target/target.js';
import { formatOption, isUseOf, type OptionUse, type Origin } from './option-use.js';
import type { ExternalClient, Settings } from './settings.js';

/*
 * Builds the command that --client runs: another mysql program with its options.
 */

/** The command that starts another mysql program in place of this one (--client). */
export interface ExternalCommand {
  command: string;
  args: string[];
  /**
   * The text of an option file that the program gets as file descriptor 3 (anonymous-file.ts). It
   * holds the options of the option files and the credentials, and the password, so that `ps` does
   * not show it.
   */
  optionFileText: string;
}

/** The mariadb client splits longer lines of an option file; see option-file.ts. */
const maxLineLength = 4094;

/**
 * Returns the command that starts a real mysql or mariadb program. The order of the arguments is:
 * the option file, the resolved host and port, the user's options (a later one wins), the database.
 *
 * Observed (10.11.19): the client reads `--defaults-file=/dev/fd/3` from a pipe and from an
 * anonymous file, but not from a socket; the pipes that Node creates are sockets.
 */
export function buildExternalCommand(
  client: ExternalClient,
  settings: Pick<Settings, 'connect' | 'target'>,
  target: Target,
): ExternalCommand {
  const { password } = settings.connect;
  const lines: string[] = [];
  const tooLong: string[] = [];
  for (const word of client.fileOptions) {
    const line = formatOptionLine(word.slice(2));
    if (Buffer.byteLength(line) < maxLineLength) lines.push(line);
    else tooLong.push(word);
  }
  if (typeof password === 'string') lines.push(formatOptionLine(`password=${password}`));
  const asksForPassword = password !== undefined && typeof password !== 'string';

  const database = target.database ?? settings.target.wiki;
  return {
    command: client.program,
    args: [
      '--defaults-file=/dev/fd/3',
      ...tooLong,
      ...formatEndpoint(target),
      ...client.lineOptions,
      ...(asksForPassword ? ['-p'] : []),
      ...(database === undefined ? [] : database.startsWith('-') ? ['--', database] : [database]),
    ],
    optionFileText: ['[client]', ...lines, ''].join('\n'),
  };
}

function formatEndpoint({ address }: Target): string[] {
  // A host in the environment would override a socket, but it does not override -h localhost.
  if (address.kind === 'socket') return ['-h', 'localhost', '-S', address.path];
  const [{ host, port }] = address.endpoints;
  return ['-h', host, '-P', String(port)];
}

/**
 * Selects the options to pass to another client, each as one word. Passwords are left out, and so
 * are the letters after an unknown letter, because they may be its value.
 */
export function createExternalClient(program: string, uses: readonly OptionUse[]): ExternalClient {
  const formatUses = (origin: Origin) =>
    uses.flatMap((use) => {
      if (use.kind === 'own' || use.origin !== origin || isUseOf(use, 'password')) return [];
      return use.kind === 'client' && use.afterUnknown ? [] : [formatOption(use)];
    });
  return { program, fileOptions: formatUses('file'), lineOptions: formatUses('command line') };
}

/** Formats an option as a line of an option file, `name` or `name="value"`, with escapes. */
function formatOptionLine(body: string): string {
  const equals = body.indexOf('=');
  if (equals < 0) return body;
  const value = body
    .slice(equals + 1)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `${body.slice(0, equals)}="${value}"`;
}
