import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clientArguments,
  type RunOptions,
  type RunResult,
  runClient,
  runMariadb,
  runOurs,
} from '../farm/run.js';
import { asUser, toComparable } from './compare.js';

const sourceDatabase = 'parity_source';
const copyDatabase = 'parity_copy';

/** Everything that a dump can contain besides tables and rows. */
const sourceSql = `
create or replace database ${sourceDatabase} character set latin1;
use ${sourceDatabase}
create table t (id int auto_increment primary key, a varchar(50) character set utf8mb4, b blob,
  g int generated always as (length(a) * 2) stored, check (b <> "x"), key (a(5)));
create table log (what text);
insert into t (a, b) values ('é; -- ''"\\\\', x'00090a0d1a22275c7fff'), ('漢🦉\\n//', null), ('', '');
create view v as select a, ';' as semicolon from t where id > 1;
create sequence s start with 5;
delimiter //
create trigger t_in after insert on t for each row begin
  insert into log values (concat('in; ', new.a)); -- a comment; with 'quotes
end//
create trigger t_out before delete on t for each row insert into log values ("out //")//
create procedure p(in x int, out y text character set utf8mb4)
begin declare continue handler for sqlexception begin end; /* ; */
  while x > 0 do set x = x - 1; end while; set y = 'é;'; end//
create function f(x int) returns int deterministic
begin # another; comment
  return x + 1; end//
create event e on schedule every 1 year disable do begin delete from log; select ';'; end//
delimiter ;
`;

function admin(): string[] {
  return [...clientArguments('s2').slice(0, 5), ...asUser('admin')];
}

function dump(database: string, options: string[]): Buffer {
  const args = [...admin(), '--skip-dump-date', '--skip-comments', ...options, database];
  const { stdout, stderr, status } = spawnSync('mariadb-dump', args, { maxBuffer: 1 << 28 });
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

beforeAll(async () => {
  const created = await runClient('s2', [...asUser('admin'), '--default-character-set=utf8mb4'], {
    input: sourceSql,
  });
  expect(created).toMatchObject({ stderr: '', code: 0 });
});

afterAll(async () => {
  const drop = [sourceDatabase, copyDatabase]
    .map((name) => `drop database if exists ${name};`)
    .join('');
  await runClient('s2', [...asUser('admin'), '-e', drop]);
});

/** Loads a dump into a new database; returns the result of the run and a second dump from there. */
async function loadAndDump(
  run: (args: string[], options: RunOptions) => Promise<RunResult>,
  text: Buffer,
  database: string,
  dumpOptions: string[],
  loadOptions: string[],
) {
  const characterSet = database === sourceDatabase ? 'latin1' : 'binary';
  const create = `create or replace database ${copyDatabase} character set ${characterSet}`;
  await runClient('s2', [...asUser('admin'), '-e', create]);
  const result = await run([...admin(), copyDatabase, ...loadOptions], { input: text });
  const secondDump = dump(copyDatabase, dumpOptions).toString('latin1');
  return { ...toComparable(result), secondDump };
}

const programOptions = ['--routines', '--triggers', '--events'];

/** The expected second dump, made after loading the first; some options lose information. */
type SecondDump = 'identical to the first' | 'the same as with the client';

describe('a dump', () => {
  it.each<[database: string, dumpOptions: string[], loadOptions: string[], expected: SecondDump]>([
    ['itwiki', [], ['--default-character-set=utf8mb4'], 'identical to the first'],
    [
      'itwiki',
      ['--default-character-set=latin1'],
      ['--default-character-set=latin1'],
      'identical to the first',
    ],
    ['itwiki', ['--default-character-set=binary'], [], 'the same as with the client'],
    ['itwiki', ['--hex-blob', '--skip-opt'], ['-C'], 'the same as with the client'],
    ['itwiki', ['--complete-insert', '--skip-quick'], ['--binary-mode'], 'identical to the first'],
    ['itwiki', ['--insert-ignore', '--tz-utc=0'], ['--comments', '-f'], 'identical to the first'],
    ['itwiki', ['--replace', '--compact'], ['-f'], 'the same as with the client'],
    [sourceDatabase, programOptions, [], 'identical to the first'],
    [
      sourceDatabase,
      [...programOptions, '--hex-blob', '--skip-extended-insert'],
      ['-f'],
      'identical to the first',
    ],
    [
      sourceDatabase,
      [...programOptions, '--compact'],
      ['--comments', '-f'],
      'the same as with the client',
    ],
    [
      sourceDatabase,
      [...programOptions, '--single-transaction'],
      ['--binary-mode', '--skip-ssl'],
      'identical to the first',
    ],
    [
      sourceDatabase,
      [...programOptions, '--default-character-set=latin1'],
      ['--default-character-set=latin1'],
      'the same as with the client',
    ],
  ])(
    'of %s with %j, loaded with %j: a second dump is %s',
    async (database, dumpOptions, loadOptions, expected) => {
      const text = dump(database, dumpOptions);
      const ours = await loadAndDump(runOurs, text, database, dumpOptions, loadOptions);
      expect(text.length).toBeGreaterThan(2000);
      if (expected === 'identical to the first') {
        const silentSuccess = { stdout: '', stderr: '', code: 0, signal: null };
        expect(ours).toEqual({ ...silentSuccess, secondDump: text.toString('latin1') });
      } else {
        expect(ours).toEqual(
          await loadAndDump(runMariadb, text, database, dumpOptions, loadOptions),
        );
      }
    },
  );
});
