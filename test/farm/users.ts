import { createHash } from 'node:crypto';

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
  /** All rights, for tests that need SUPER, KILL or CREATE. */
  admin: { name: 'admin', password: 'may-do-anything' },
} as const;

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
  };
  const lines = [
    // What mariadb-install-db leaves behind for everybody: logins without a password over TCP.
    "DELETE FROM mysql.global_priv WHERE user = '' OR (user = 'root' AND host <> 'localhost');",
    'FLUSH PRIVILEGES;',
  ];
  for (const { name, password } of Object.values(users)) {
    const require = requirement[name] ?? '';
    const via = `mysql_native_password USING '${nativeHash(password)}'`;
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
