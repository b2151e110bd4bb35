import { type AuthPlugin, authPlugins } from 'mysql2';
import { clientErrors, SqlError } from '../protocol/sql-error.js';

/**
 * Asks the user a question and returns the answer. `hidden`: the terminal does not show the input.
 */
export type AskQuestion = (question: string, hidden: boolean) => Promise<string>;

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
  password: string,
  ask: AskQuestion | undefined,
): Record<string, AuthPlugin> {
  return {
    client_ed25519: () => async (scramble: Buffer) => {
      if (scramble.length !== ed25519ScrambleLength) throw badHandshakeError();
      const { signScramble } = await import('./ed25519.js');
      return Buffer.from(signScramble(Buffer.from(password), scramble));
    },
    // mysql2 would respond to a scramble of any length.
    mysql_native_password: (context) => (scramble: Buffer) => {
      if (scramble.length < nativeScrambleLength) throw badHandshakeError();
      return authPlugins.mysql_native_password({})(context)(scramble);
    },
    // PAM with one question. The password is the answer if the input is hidden and a password is
    // set.
    dialog: () => async (question: Buffer) => {
      const hidden = ((question[0] ?? hiddenQuestionType) & ~1) === hiddenQuestionType;
      const usesPassword = question.length === 0 || (hidden && password !== '');
      const text = question.toString('utf8', 1).replace(/\0[\s\S]*$/, '');
      const answer = usesPassword ? password : ((await ask?.(text, hidden)) ?? '');
      return Buffer.from(`${answer}\0`);
    },
    // Without a password, mysql2 would send the word `undefined`.
    mysql_clear_password: () => () => Buffer.from(`${password}\0`),
    sha256_password: (context) =>
      password === '' ? () => Buffer.alloc(0) : authPlugins.sha256_password()(context),
    caching_sha2_password: (context) =>
      password === '' ? respondEmptyOnce() : authPlugins.caching_sha2_password()(context),
  };
}

function badHandshakeError(): SqlError {
  const text = 'Error in server handshake';
  return new SqlError(clientErrors.badHandshake, 'HY000', text, 'connect');
}

/**
 * Returns a plugin that sends an empty response once. Without a password there is nothing else to
 * send.
 */
function respondEmptyOnce(): () => Buffer {
  let responded = false;
  return () => {
    if (responded) throw new Error('there is no password');
    responded = true;
    return Buffer.alloc(0);
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
