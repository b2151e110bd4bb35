import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';

/**
 * Who may log in, on every server of the farm; one user for each way to authenticate. The
 * passwords are test data.
 */
export const users = {
  /** mysql_native_password; reads every wiki, does as it likes in `staging`. */
  research: { name: 'research', password: 'readonly-4-all' },
  /** As research, but only over TLS. */
  tlsOnly: { name: 'tls_only', password: 'only-over-tls' },
  /** As research, but only with a client certificate that the farm's authority has signed. */
  certificateOnly: { name: 'certificate_only', password: 'with-a-certificate' },
  /** Logs in without a password. */
  noPassword: { name: 'no_password', password: '' },
  /** A password that an option file and a shell have to quote. */
  oddPassword: { name: 'odd_password', password: `it's "odd"; #1 \\ of 2 = ü` },
  /** ed25519, where the server has it: not every package carries it (`hasEd25519`). */
  ed25519: { name: 'with_ed25519', password: 'ed-25519 ü' },
  /** Has to set a password first. */
  expired: { name: 'expired', password: 'was-good' },
  locked: { name: 'locked', password: 'may-not-enter' },
  /** By the name of the system's user alone, and there is no such user. */
  unixSocket: { name: 'unix_socket_only', password: '' },
  /** All rights, for tests that need SUPER, KILL or CREATE. */
  admin: { name: 'admin', password: 'may-do-anything' },
} as const;

/** The server's plugin for ed25519 is in Debian's mariadb-server, not in mariadb-server-core. */
export const hasEd25519 = existsSync('/usr/lib/mysql/plugin/auth_ed25519.so');

export type Users = typeof users;

/** What mysql_native_password stores: the SHA-1 of the SHA-1. */
function nativeHash(password: string): string {
  if (password === '') return '';
  const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
}

/** The SQL that makes the users on a server with the given databases. */
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
    // What mariadb-install-db leaves behind for everybody: logins without a password over TCP.
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
