import { type AuthPlugin, authPlugins } from 'mysql2';
import { clientErrors, SqlError } from '../protocol/sql-error.js';

/** Puts a question to the user; `hidden`: what is typed is not to be seen. */
export type AskQuestion = (question: string, hidden: boolean) => Promise<string>;

/** Where Debian keeps the client's plugins, of which ours have the names. */
const pluginDirectory = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/libmariadb3/plugin`;

const ed25519Scramble = 32;
/** The kind of dialog's question that stands in a packet's first byte, its lowest bit aside. */
const hiddenQuestion = 4;

/**
 * The ways to log in that mysql2 does not have, or does otherwise, by the names by which servers
 * ask for them.
 */
export function authenticationPlugins(
  password: string,
  ask: AskQuestion | undefined,
): Record<string, AuthPlugin> {
  return {
    client_ed25519: () => async (scramble: Buffer) => {
      if (scramble.length !== ed25519Scramble) {
        const text = 'Error in server handshake';
        throw new SqlError(clientErrors.badHandshake, 'HY000', text, 'connect');
      }
      const { signScramble } = await import('./ed25519.js');
      return Buffer.from(signScramble(Buffer.from(password), scramble));
    },
    // PAM's, of one question: the password answers it, if it is hidden and there is one.
    dialog: () => async (question: Buffer) => {
      const hidden = ((question[0] ?? hiddenQuestion) & ~1) === hiddenQuestion;
      const known = question.length === 0 || (hidden && password !== '');
      const text = question.toString('utf8', 1).replace(/\0[\s\S]*$/, '');
      const answer = known ? password : ((await ask?.(text, hidden)) ?? '');
      return Buffer.from(`${answer}\0`);
    },
    // For mysql2 no password is the word `undefined`.
    mysql_clear_password: () => () => Buffer.from(`${password}\0`),
    sha256_password: (context) =>
      password === '' ? () => Buffer.alloc(0) : authPlugins.sha256_password()(context),
    caching_sha2_password: (context) =>
      password === '' ? nothingOnce() : authPlugins.caching_sha2_password()(context),
  };
}

/** Without a password there is nothing to go on with, whatever the server still wants. */
function nothingOnce(): () => Buffer {
  let answered = false;
  return () => {
    if (answered) throw new Error('there is no password');
    answered = true;
    return Buffer.alloc(0);
  };
}

/** What the client says when the server asks for a way to log in that there is not. */
export function unknownPlugin(name: string): SqlError {
  const why = name.includes('/')
    ? 'invalid plugin name'
    : `${pluginDirectory}/${name}.so: cannot open shared object file: No such file or directory`;
  const text = `Plugin ${name} could not be loaded: ${why}`;
  return new SqlError(1045, '28000', text, 'connect');
}
