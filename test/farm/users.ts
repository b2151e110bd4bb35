import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';

/**
 * The users of every server of the farm; one for each way to authenticate. The passwords are test
 * data.
 */
export const users = {
  /** Uses mysql_native_password; can read every wiki, and has all rights in `staging`. */
  research: { name: 'research', password: 'readonly-4-all' },
  /** Like research, but only over TLS. */
  tlsOnly: { name: 'tls_only', password: 'only-over-tls' },
  /** Like research, but only with a client certificate that the farm's authority has signed. */
  certificateOnly: { name: 'certificate_only', password: 'with-a-certificate' },
  /** Has no password. */
  noPassword: { name: 'no_password', password: '' },
  /** Has a password that must be quoted in an option file and a shell. */
  oddPassword: { name: 'odd_password', password: `it's "odd"; #1 \\ of 2 = ü` },
  /** Uses ed25519, if the server supports it: not every package contains it (`hasEd25519`). */
  ed25519: { name: 'with_ed25519', password: 'ed-25519 ü' },
  /** Has an expired password. */
  expired: { name: 'expired', password: 'was-good' },
  locked: { name: 'locked', password: 'may-not-enter' },
  /** Uses unix_socket, which requires a system user with this name; there is none. */
  unixSocket: { name: 'unix_socket_only', password: '' },
  /** Has all rights, for tests that need SUPER, KILL or CREATE. */
  admin: { name: 'admin', password: 'may-do-anything' },
} as const;

/** True if the server has the ed25519 plugin: Debian's mariadb-server-core does not contain it. */
export const hasEd25519 = existsSync('/usr/lib/mysql/plugin/auth_ed25519.so');

export type Users = typeof users;

/** Returns the hash that mysql_native_password stores: the SHA-1 of the SHA-1. */
function nativeHash(password: string): string {
  if (password === '') return '';
  const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
}

/** Returns the SQL that creates the users on a server with the given databases. */
export function usersSql(databases: string[]): string {
  const requirement: Record<string, string> = {
    tls_only: 'REQUIRE SSL',
    certificate_only: 'REQUIRE X509',
    expired: 'PASSWORD EXPIRE',
    locked: 'ACCOUNT LOCK',
  };
  const other: Record<string, string> = {
    unix_socket_only: 'unix_socket',
    ...(hasEd25519 && {
      with_ed25519: `ed25519 USING PASSWORD('${users.ed25519.password}')`,
    }),
  };
  const lines = [
    // mariadb-install-db creates users that can log in over TCP without a password.
    "DELETE FROM mysql.global_priv WHERE user = '' OR (user = 'root' AND host <> 'localhost');",
    'FLUSH PRIVILEGES;',
    ...(hasEd25519 ? ["INSTALL SONAME 'auth_ed25519';"] : []),
  ];
  for (const { name, password } of Object.values(users)) {
    const require = requirement[name] ?? '';
    const via = other[name] ?? `mysql_native_password USING '${nativeHash(password)}'`;
    lines.push(`CREATE USER ${name}@'%' IDENTIFIED VIA ${via} ${require};`);
    if (name === 'admin') {
      lines.push(`GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION;`);
      continue;
    }
    for (const database of databases) {
      const rights = database === 'staging' ? 'ALL' : 'SELECT, SHOW VIEW';
      lines.push(`GRANT ${rights} ON \`${database.replaceAll('_', '\\_')}\`.* TO ${name}@'%';`);
    }
  }
  return lines.join('\n');
}
