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
import { asUser, shown } from './compare.js';

const source = 'parity_source';
const copy = 'parity_copy';

/** All that a dump can hold besides tables and rows. */
const programSql = `
create or replace database ${source} character set latin1;
use ${source}
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
  const made = await runClient('s2', [...asUser('admin'), '--default-character-set=utf8mb4'], {
    input: programSql,
  });
  expect(made).toMatchObject({ stderr: '', code: 0 });
});

afterAll(async () => {
  const drop = [source, copy].map((name) => `drop database if exists ${name};`).join('');
  await runClient('s2', [...asUser('admin'), '-e', drop]);
});

/** Loads a dump into a new database and dumps that. */
async function loaded(
  run: (args: string[], options: RunOptions) => Promise<RunResult>,
  text: Buffer,
  database: string,
  dumped: string[],
  options: string[],
) {
  const set = database === source ? 'latin1' : 'binary';
  const create = `create or replace database ${copy} character set ${set}`;
  await runClient('s2', [...asUser('admin'), '-e', create]);
  const result = await run([...admin(), copy, ...options], { input: text });
  return { ...shown(result), again: dump(copy, dumped).toString('latin1') };
}

const programs = ['--routines', '--triggers', '--events'];

/** What a dump says that is loaded and dumped again; some options lose something on the way. */
type Again = 'the same' | 'what the client makes of it';

describe('a dump', () => {
  it.each<[database: string, dumped: string[], options: string[], again: Again]>([
    ['itwiki', [], ['--default-character-set=utf8mb4'], 'the same'],
    ['itwiki', ['--default-character-set=latin1'], ['--default-character-set=latin1'], 'the same'],
    ['itwiki', ['--default-character-set=binary'], [], 'what the client makes of it'],
    ['itwiki', ['--hex-blob', '--skip-opt'], ['-C'], 'what the client makes of it'],
    ['itwiki', ['--complete-insert', '--skip-quick'], ['--binary-mode'], 'the same'],
    ['itwiki', ['--insert-ignore', '--tz-utc=0'], ['--comments', '-f'], 'the same'],
    ['itwiki', ['--replace', '--compact'], ['-f'], 'what the client makes of it'],
    [source, programs, [], 'the same'],
    [source, [...programs, '--hex-blob', '--skip-extended-insert'], ['-f'], 'the same'],
    [source, [...programs, '--compact'], ['--comments', '-f'], 'what the client makes of it'],
    [source, [...programs, '--single-transaction'], ['--binary-mode', '--skip-ssl'], 'the same'],
    [
      source,
      [...programs, '--default-character-set=latin1'],
      ['--default-character-set=latin1'],
      'what the client makes of it',
    ],
  ])(
    'of %s with %j, read with %j, dumped again is %s',
    async (database, dumped, options, again) => {
      const text = dump(database, dumped);
      const ours = await loaded(runOurs, text, database, dumped, options);
      expect(text.length).toBeGreaterThan(2000);
      if (again === 'the same') {
        const nothingSaid = { stdout: '', stderr: '', code: 0, signal: null };
        expect(ours).toEqual({ ...nothingSaid, again: text.toString('latin1') });
      } else {
        expect(ours).toEqual(await loaded(runMariadb, text, database, dumped, options));
      }
    },
  );
});
