import { runClient } from '../farm/run.js';

/** A result as the server gave it: names, and cells as bytes (latin1), null for NULL. */
export interface Grid {
  names: string[];
  rows: (string | null)[][];
}

const unescaped: Record<string, string> = { '0': '\0', t: '\t', n: '\n', '\\': '\\' };

/** Asks the real client; its NULL is the only text `NULL` that the tests' tables have. */
export async function serverGrid(sql: string): Promise<Grid> {
  const args = ['itwiki', '--default-character-set=utf8mb4', '-B', '-e', sql];
  const { stdout } = await runClient('s2', args);
  const lines = stdout.toString('latin1').split('\n').slice(0, -1);
  const [names = [], ...rows] = lines.map((line) => line.split('\t'));
  const cell = (text: string) =>
    text === 'NULL' ? null : text.replace(/\\(.)/g, (_, code) => unescaped[code] ?? '?');
  return { names, rows: rows.map((row) => row.map(cell)) };
}

/** A strict reader of RFC 4180: nothing is an unquoted empty value, which is null here. */
export function readCsv(bytes: Buffer): Grid {
  const text = bytes.toString('latin1');
  const all: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (let at = 0; at < text.length; ) {
    const [whole, quoted, plain] = /("(?:[^"]|"")*")|([^",\r\n]*)/y.exec(text.slice(at)) ?? [];
    row.push(quoted ? quoted.slice(1, -1).replaceAll('""', '"') : plain || null);
    at += whole?.length ?? 0;
    const next = text[at++];
    if (next === ',') continue;
    if (next !== '\n') throw new Error(`${JSON.stringify(next)} behind a value`);
    all.push(row);
    row = [];
  }
  const [names = [], ...rows] = all;
  return { names: names.map(String), rows };
}

/** Reads JSON with each number as the text that it is, behind a `#`. */
export function readJson(bytes: Buffer): unknown {
  const text = bytes.toString();
  JSON.parse(text);
  const marked = text.replace(
    /("(?:[^"\\]|\\.)*")|-?\d[\d.eE+-]*/g,
    (token, string) => string ?? `"#${token}"`,
  );
  return JSON.parse(marked);
}

/** The number that BIT's bytes are. */
export function bitNumber(cell: string): string {
  return BigInt(`0x${Buffer.from(cell, 'latin1').toString('hex')}`).toString();
}
