import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of the scripts that the benchmark loads from standard input. */
export interface BenchScripts {
  /** 50 MB of INSERT statements of 1 MB each, as mariadb-dump writes them. */
  dump: string;
  /** One INSERT statement of 15 MB. */
  insert: string;
  /** Many statements that cost the server almost nothing. */
  short: string;
}

const megabyte = 1_000_000;

/** Writes the scripts to `directory`. They replace their tables in the current database. */
export function writeScripts(directory: string, shortStatements: number): BenchScripts {
  return {
    dump: writeDump(join(directory, 'dump.sql'), 50),
    insert: write(join(directory, 'insert.sql'), insertLines()),
    short: write(join(directory, 'short.sql'), ['set @a=1;\n'.repeat(shortStatements)]),
  };
}

/** Writes INSERT statements of 1 MB each, as mariadb-dump does. Returns `path`. */
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
