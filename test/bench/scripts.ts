import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Scripts to be loaded from standard input, and the paths that they were written to. */
export interface BenchScripts {
  /** 50 MB of INSERTs of 1 MB, as mariadb-dump writes them. */
  dump: string;
  /** One INSERT of 15 MB. */
  insert: string;
  /** Many statements that the server does nothing for. */
  short: string;
}

const megabyte = 1_000_000;

/** Writes the scripts into `directory`. They make their tables anew in the current database. */
export function writeScripts(directory: string, shortStatements: number): BenchScripts {
  return {
    dump: writeDump(join(directory, 'dump.sql'), 50),
    insert: write(join(directory, 'insert.sql'), insertLines()),
    short: write(join(directory, 'short.sql'), ['set @a=1;\n'.repeat(shortStatements)]),
  };
}

/** Writes INSERTs of 1 MB, as mariadb-dump does. Gives the path. */
export function writeDump(path: string, megabytes: number): string {
  return write(path, dumpLines(megabytes));
}

function* dumpLines(megabytes: number): Iterable<string> {
  yield 'create or replace table loaded (id int primary key, a varchar(200), b varbinary(99));\n';
  let id = 0;
  for (let statement = 0; statement < megabytes; statement++) {
    const rows: string[] = [];
    for (let length = 0; length < megabyte; length += rows.at(-1)?.length ?? 0) {
      id++;
      rows.push(`(${id},'it\\'s row ${id}\\n${'é漢 x'.repeat(id % 25)}','\\0\\\\abc${id}')`);
    }
    yield `insert into loaded values ${rows.join(',')};\n`;
  }
}

function* insertLines(): Iterable<string> {
  yield 'create or replace table loaded (id int primary key, a mediumtext);\n';
  yield `insert into loaded values (1,'${"it\\'s\\n; longer ".repeat(megabyte)}');\n`;
}

function write(path: string, lines: Iterable<string>): string {
  const descriptor = openSync(path, 'w');
  for (const line of lines) writeSync(descriptor, line);
  closeSync(descriptor);
  return path;
}
