import { runClient } from '../farm/run.js';

/** A result set: column names, and cells with one latin1 character per byte, null for NULL. */
export interface Grid {
  names: string[];
  rows: (string | null)[][];
}

const unescaped: Record<string, string> = { '0': '\0', t: '\t', n: '\n', '\\': '\\' };

/**
 * Returns a result set as printed by the mariadb client. The text `NULL` is read as NULL: no cell
 * of the tables used in these tests contains that text.
 */
export async function serverGrid(sql: string): Promise<Grid> {
  const args = ['itwiki', '--default-character-set=utf8mb4', '-B', '-e', sql];
  const { stdout } = await runClient('s2', args);
  const lines = stdout.toString('latin1').split('\n').slice(0, -1);
  const [names = [], ...rows] = lines.map((line) => line.split('\t'));
  const parseCell = (text: string) =>
    text === 'NULL' ? null : text.replace(/\\(.)/g, (_, code) => unescaped[code] ?? '?');
  return { names, rows: rows.map((row) => row.map(parseCell)) };
}

/** Reads CSV strictly (RFC 4180); an unquoted empty value is null. Throws for invalid CSV. */
export function readCsv(bytes: Buffer): Grid {
  const text = bytes.toString('latin1');
  const lines: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (let at = 0; at < text.length; ) {
    const [whole, quoted, plain] = /("(?:[^"]|"")*")|([^",\r\n]*)/y.exec(text.slice(at)) ?? [];
    row.push(quoted ? quoted.slice(1, -1).replaceAll('""', '"') : plain || null);
    at += whole?.length ?? 0;
    const next = text[at++];
    if (next === ',') continue;
    if (next !== '\n') throw new Error(`${JSON.stringify(next)} after a value`);
    lines.push(row);
    row = [];
  }
  const [names = [], ...rows] = lines;
  return { names: names.map(String), rows };
}

/** Parses JSON; each number becomes a string of `#` and its text, so that no digit is lost. */
export function readJson(bytes: Buffer): unknown {
  const text = bytes.toString();
  JSON.parse(text);
  const marked = text.replace(
    /("(?:[^"\\]|\\.)*")|-?\d[\d.eE+-]*/g,
    (token, string) => string ?? `"#${token}"`,
  );
  return JSON.parse(marked);
}

/** Returns the number in the bytes of a BIT cell, in decimal. */
export function bitNumber(cell: string): string {
  return BigInt(`0x${Buffer.from(cell, 'latin1').toString('hex')}`).toString();
}
