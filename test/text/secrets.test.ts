import { expect, it } from 'vitest';
import { hasSecret } from '../../src/text/secrets.js';

const withPassword: string[] = [
  "create user a identified by 'x';",
  "CREATE OR REPLACE USER a IDENTIFIED VIA mysql_native_password USING 'x'",
  "create user if not exists a identified with sha256_password as 'x'",
  'create user a;',
  "alter user a@'%' account lock;",
  "grant all on *.* to a identified by 'x'",
  "grant all on *.* to a\nidentified\n  by 'x'",
  "grant all on *.* to a identified/**/by 'x'",
  "grant all on *.* to a identified -- why\nby 'x'",
  "grant all on *.* to a identified # why\nby 'x'",
  "grant all on *.* to a /*!50000 identified by 'x' */",
  "set password = password('x')",
  "SET PASSWORD FOR a = 'x'",
  "set password='x'",
  "select password('x');",
  "select PASSWORD ('x')",
  "select old_password('x')",
  "change master to master_host='h', master_password='x'",
  "CHANGE MASTER TO MASTER_PASSWORD = 'x'",
  "change replication source to source_password='x'",
  "create server s foreign data wrapper mysql options (user 'u', password 'x')",
  "create server s foreign data wrapper mysql options (user 'u', PASSWORD'x')",
  "start slave user='u' password='x'",
  "set @password := 'x'",
  'update u set `password` = "x"',
  "select 1; set password = 'x'; select 2",
  'system mysql --password=x',
];

const withoutPassword: string[] = [
  'select 1',
  'select user_password from user',
  "select page_title from page where page_title = 'Password'",
  'select * from passwords',
  "select * from page where page_title = 'Unidentified by'",
  'select identified from things',
  'select * from user',
  'drop user a',
  'show create table user',
  "select password_reset('x')",
];

it.each(withPassword)('finds a password in: %s', (text) => {
  expect(hasSecret(text)).toBe(true);
});

it.each(withoutPassword)('finds no password in: %s', (text) => {
  expect(hasSecret(text)).toBe(false);
});
