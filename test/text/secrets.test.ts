import { expect, it } from 'vitest';
import { hasSecret, maskQuoted } from '../../src/text/secrets.js';

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
  'system mysql -px',
  'system mysqldump -u root -h db1 -psecret enwiki > dump.sql',
  '  system mysql -Bpx',
  'select 1;system mariadb -px',
  'select 1\nSYSTEM mysql -px',
  '\\! mysql -px',
  'select 1 \\! mysql -px',
  'pager mysql -px',
  '\\P mysql -px',
  'system MYSQL_PWD=x mysql',
  'system curl -u anna:x https://example.org/',
  'system curl --user anna:x https://example.org/',
  'system curl https://anna:x@example.org/',
  'system sshpass -p x ssh db1',
  'system wget --password x https://example.org/',
  "create table t (a int) engine=federated connection='mysql://user:x@host:3306/db/t'",
  "create table t (a int) engine=federated CONNECTION = 'mysql://user:x@host/db/t'",
  "create table t (a int) engine=connect table_type=odbc connection='DSN=x;UID=y;PWD=z'",
  "create table t (a int) engine=connect table_type=mysql option_list='password=x,user=y'",
  'create table t (a int) engine=spider comment=\'host "h", password "x"\'',
  "install soname 'x'; select ed25519_password('x')",
  "set global wsrep_sst_auth='user:x'",
  "update mysql.user set authentication_string='*X' where user='a'",
  "update u set new_password='x'",
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
  'system ls -l',
  'system mkdir -p directory',
  'system mysql -p',
  'pager less -S',
  "select 'https://example.org/a:b@c'",
  "select 'a:b@example.org'",
  'select 1 -product from page',
  "create table t (a int) engine=federated connection='mysql://user@host/db/t'",
];

it.each(withPassword)('finds a password in: %s', (text) => {
  expect(hasSecret(text)).toBe(true);
});

it('reads long texts in linear time', () => {
  const repeated = ['://a:', 'system -', '\\! ', '; pager ', 'xpassword', 'pwd ', '/* ', ' -u a'];
  expect(repeated.filter((part) => hasSecret(part.repeat(200_000)))).toEqual([]);
});

it.each(withoutPassword)('finds no password in: %s', (text) => {
  expect(hasSecret(text)).toBe(false);
});

it.each([
  ["Table 'itwiki.nope' doesn't exist", "Table '*****' doesn't exist"],
  ["Can't create table `a`.`b`", "Can't create table `a`.`b`"],
  ["near 'set password = 'x'' at line 1", "near '*****' at line 1"],
  ["near 'it's a password('x')' at line 1", "near '*****' at line 1"],
  ["denied to user 'a'@'%' for table", "denied to user '*****' for table"],
  ["near 'password(", "near '*****'"],
  ["near 'a' identified by 'sec", "near '*****'"],
])('masks what a message quotes: %s', (message, masked) => {
  expect(maskQuoted(message)).toBe(masked);
});
