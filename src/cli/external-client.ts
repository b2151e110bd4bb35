import type { Target } from '../target/target.js';
import { isOf, type OptionUse, type Origin, toWord } from './option-use.js';
import type { ExternalClient, Settings } from './settings.js';

/** How to start another mysql program in our place. */
export interface ExternalCommand {
  command: string;
  args: string[];
  /**
   * The text of an option file that the program is to find as file descriptor 3 (unnamed-file.ts):
   * what the option files and the credentials gave, and the password, so that it never shows in
   * `ps`.
   */
  optionFileText: string;
}

/** The mariadb client reads no more of a line; see option-file.ts. */
const longestLine = 4094;

/**
 * Decides how a real mysql or mariadb program is to be started: its option file, then the place
 * that was found, then the user's own options, so that a later one of these wins, then the
 * database.
 *
 * Checked with mariadb 10.11.19: it reads `--defaults-file=/dev/fd/3` from a pipe and from a file
 * without a name, but not from a socket, which is what Node's own pipes are.
 *
 */
export function externalCommand(
  client: ExternalClient,
  settings: Pick<Settings, 'connect' | 'target'>,
  target: Target,
): ExternalCommand {
  const { password } = settings.connect;
  const lines: string[] = [];
  const tooLong: string[] = [];
  for (const word of client.fileOptions) {
    const line = optionLine(word.slice(2));
    if (Buffer.byteLength(line) < longestLine) lines.push(line);
    else tooLong.push(word);
  }
  if (typeof password === 'string') lines.push(optionLine(`password=${password}`));
  const asks = password !== undefined && typeof password !== 'string';

  const database = target.database ?? settings.target.wiki;
  return {
    command: client.program,
    args: [
      '--defaults-file=/dev/fd/3',
      ...tooLong,
      ...place(target),
      ...client.lineOptions,
      ...(asks ? ['-p'] : []),
      ...(database === undefined ? [] : database.startsWith('-') ? ['--', database] : [database]),
    ],
    optionFileText: ['[client]', ...lines, ''].join('\n'),
  };
}

function place({ address }: Target): string[] {
  // A host in the environment would win over a socket, but not over this one.
  if (address.kind === 'socket') return ['-h', 'localhost', '-S', address.path];
  const [{ host, port }] = address.endpoints;
  return ['-h', host, '-P', String(port)];
}

/**
 * What another client is to be given of the options that were used: each as one word, without
 * passwords, and without letters after one that the client does not have, which may be its value.
 */
export function externalClient(program: string, uses: readonly OptionUse[]): ExternalClient {
  const words = (origin: Origin) =>
    uses.flatMap((use) => {
      if (use.kind === 'own' || use.origin !== origin || isOf(use, 'password')) return [];
      return use.kind === 'client' && use.afterUnknown ? [] : [toWord(use)];
    });
  return { program, fileOptions: words('file'), lineOptions: words('command line') };
}

/** `name` or `name="value"` so that the client reads back the same value. */
function optionLine(body: string): string {
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
