import { type AuthPlugin, authPlugins } from 'mysql2';
import { clientErrors, SqlError } from '../protocol/sql-error.js';
import { toExactBytes } from '../text/exact-bytes.js';
import { answerCachingSha2, answerSha256, unexpectedPacketError } from './sha2-authentication.js';

/**
 * Asks the user a question and returns the answer, a text of toExactText(). `hidden`: the terminal
 * does not show the input.
 */
export type AskQuestion = (question: string, hidden: boolean) => Promise<string>;

/** What the plugins know about the connection and its user. */
export interface AuthenticationContext {
  /** The connection is encrypted. */
  hasTls: boolean;
  /** The connection uses a socket file. */
  isLocal: boolean;
  /** The user allows a password in clear text on any connection. */
  enableCleartextPlugin: boolean;
  /** undefined: the answer is empty. */
  ask: AskQuestion | undefined;
}

/**
 * Debian's directory of the client's plugins, which have the same names as those of this program.
 */
const pluginDirectory = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/libmariadb3/plugin`;

const ed25519ScrambleLength = 32;
const nativeScrambleLength = 20;
/**
 * The type of a `dialog` question with hidden input: the first byte of a packet without its lowest
 * bit.
 */
const hiddenQuestionType = 4;

/**
 * Returns the authentication plugins that mysql2 does not have or implements differently, by the
 * names that servers use for them.
 */
export function createAuthenticationPlugins(
  password: Buffer,
  { hasTls, isLocal, enableCleartextPlugin, ask }: AuthenticationContext,
): Record<string, AuthPlugin> {
  const isPrivate = hasTls || isLocal;
  const withNul = Buffer.concat([password, Buffer.of(0)]);
  const requirePrivate = (plugin: string, form = 'unencrypted') => {
    if (!isPrivate && !enableCleartextPlugin) throw revealingError(plugin, form);
  };
  // Who answers in place of the server has a key, too.
  const checkKeyUse = (plugin: string) => () =>
    requirePrivate(plugin, 'encrypted with a key of unknown origin');
  return {
    client_ed25519: () => async (scramble: Buffer) => {
      if (scramble.length !== ed25519ScrambleLength) throw badHandshakeError();
      const { signScramble } = await import('./ed25519.js');
      return Buffer.from(signScramble(password, scramble));
    },
    // mysql2 would respond to a scramble of any length.
    mysql_native_password: (context) => (scramble: Buffer) => {
      if (scramble.length < nativeScrambleLength) throw badHandshakeError();
      return authPlugins.mysql_native_password({})(context)(scramble);
    },
    // PAM with one question. The password is the answer if the input is hidden and a password is
    // set. The user may type a password as the answer to any question.
    dialog: () =>
      answerOnce(async (question) => {
        requirePrivate('dialog');
        const hidden = ((question[0] ?? hiddenQuestionType) & ~1) === hiddenQuestionType;
        const usesPassword = question.length === 0 || (hidden && password.length > 0);
        const text = question.toString('utf8', 1).replace(/\0[\s\S]*$/, '');
        const answer = (await (usesPassword ? undefined : ask?.(text, hidden))) ?? '';
        return usesPassword ? withNul : Buffer.concat([toExactBytes(answer), Buffer.of(0)]);
      }),
    mysql_clear_password: () =>
      answerOnce(() => {
        // Without a password there is nothing to protect.
        if (password.length > 0) requirePrivate('mysql_clear_password');
        return withNul;
      }),
    sha256_password: () =>
      password.length === 0
        ? () => Buffer.alloc(0)
        : answerSha256(password, hasTls, checkKeyUse('sha256_password')),
    caching_sha2_password: () =>
      password.length === 0
        ? answerOnce(() => Buffer.alloc(0))
        : answerCachingSha2(password, isPrivate, checkKeyUse('caching_sha2_password')),
  };
}

function badHandshakeError(): SqlError {
  const text = 'Error in server handshake';
  return new SqlError(clientErrors.badHandshake, 'HY000', text, 'connect');
}

function revealingError(plugin: string, form: string): SqlError {
  const text =
    `Authentication plugin '${plugin}' would send the password ${form}: ` +
    'use TLS or a socket file, or --enable-cleartext-plugin to send it anyway';
  return new SqlError(clientErrors.plugin, 'HY000', text, 'connect');
}

/** Returns a function that answers one packet of the server and throws at the next. */
function answerOnce<Answer>(answer: (packet: Buffer) => Answer): (packet: Buffer) => Answer {
  let hasAnswered = false;
  return (packet) => {
    if (hasAnswered) throw unexpectedPacketError();
    hasAnswered = true;
    return answer(packet);
  };
}

/** Returns the client's error for an authentication plugin that does not exist. */
export function unknownPluginError(name: string): SqlError {
  const why = name.includes('/')
    ? 'invalid plugin name'
    : `${pluginDirectory}/${name}.so: cannot open shared object file: No such file or directory`;
  const text = `Plugin ${name} could not be loaded: ${why}`;
  return new SqlError(1045, '28000', text, 'connect');
}
