import { toExactText } from '../text/exact-bytes.js';

/*
 * Parses the text of an option file (my.cnf).
 */

/** A line of an option file, other than blank lines and comments. */
export type OptionFileLine =
  | { kind: 'group'; name: string }
  | { kind: 'option'; name: string; value: string | undefined }
  | { kind: 'include' | 'includedir'; path: string }
  | { kind: 'error'; text: string };

/** The client splits a line after this many bytes, and treats each part as a line. */
const maxLineLength = 4094;
/**
 * Bytes. Observed (10.11.19): 0xa0 is a blank, the no-break space of latin1, even as the last byte of
 * a character in UTF-8 such as `à`.
 */
const blanks = ' \t\n\v\f\r\xa0';
const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  s: ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/**
 * Parses one option file by the grammar of mariadb 10.11.19, and yields its lines. A comment is a
 * line that begins with `#` or `;`, or the rest of an option's line after a `#` outside quotes.
 * Quotes around a whole value are removed, then backslash escapes are decoded. Lines that begin
 * with `!` but are not include directives are skipped. A byte order mark is not skipped: like the
 * client, the parser reads it as an option without a group, which is an error. Nothing is yielded
 * after an error.
 *
 * Names and values are texts of toExactText(): a password need not be UTF-8.
 *
 * @param bytes the content of the file
 * @param path the path for error messages
 */
export function* parseOptionFile(
  bytes: Buffer,
  path: string,
): Generator<OptionFileLine & { lineNumber: number }> {
  let inGroup = false;
  let lineNumber = 0;
  for (const piece of splitLines(bytes.toString('latin1'))) {
    lineNumber++;
    const line = parseLine(piece, path, lineNumber, inGroup);
    if (!line) continue;
    yield { ...line, lineNumber };
    if (line.kind === 'error') return;
    if (line.kind === 'group') inGroup = true;
  }
}

function* splitLines(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = Math.min(newline < 0 ? text.length : newline + 1, start + maxLineLength);
    const piece = text.slice(start, end);
    const nul = piece.indexOf('\0');
    yield trim(nul < 0 ? piece : piece.slice(0, nul));
    start = end;
  }
}

function parseLine(
  line: string,
  path: string,
  lineNumber: number,
  inGroup: boolean,
): OptionFileLine | undefined {
  const first = line.charAt(0);
  if (first === '' || first === '#' || first === ';') return undefined;
  if (first === '!') return parseDirective(line, path, lineNumber);
  if (first === '[') {
    const end = line.indexOf(']');
    if (end >= 0) return { kind: 'group', name: decode(trimEnd(line.slice(1, end))) };
    return createError(`Wrong group definition in config file: ${path} at line ${lineNumber}`);
  }
  if (!inGroup) {
    return createError(
      `Found option without preceding group in config file: ${path} at line: ${lineNumber}`,
    );
  }
  const text = stripComment(line);
  const equals = text.indexOf('=');
  if (equals < 0) return { kind: 'option', name: decode(trimEnd(text)), value: undefined };
  const name = decode(trimEnd(text.slice(0, equals)));
  return {
    kind: 'option',
    name,
    value: decode(decodeEscapes(unquote(trim(text.slice(equals + 1))))),
  };
}

function parseDirective(
  line: string,
  path: string,
  lineNumber: number,
): OptionFileLine | undefined {
  const found = /^![ \t\v\f\r\xa0]*(include|includedir)(?![^ \t\v\f\r\xa0])(.*)$/s.exec(line);
  if (!found) return undefined;
  const kind = found[1] === 'include' ? 'include' : 'includedir';
  const target = decode(trim(found[2] ?? ''));
  if (target !== '') return { kind, path: target };
  return createError(`Wrong '!${kind}' directive in config file: ${path} at line ${lineNumber}`);
}

function createError(text: string): OptionFileLine {
  return { kind: 'error', text: `error: ${text}` };
}

function stripComment(line: string): string {
  let quote = '';
  let escaped = false;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if ((character === '"' || character === "'") && !escaped) {
      if (quote === '') quote = character;
      else if (quote === character) quote = '';
    }
    if (quote === '' && character === '#') return trimEnd(line.slice(0, index));
    escaped = quote !== '' && character === '\\' && !escaped;
  }
  return line;
}

function unquote(value: string): string {
  const first = value.charAt(0);
  const quoted = (first === '"' || first === "'") && value.length > 1 && value.endsWith(first);
  return quoted ? value.slice(1, -1) : value;
}

function decodeEscapes(value: string): string {
  return value.replace(/\\([ntrbs"'\\])/g, (_, letter: string) => escapes[letter] ?? letter);
}

function trim(text: string): string {
  let start = 0;
  while (start < text.length && blanks.includes(text.charAt(start))) start++;
  return trimEnd(text.slice(start));
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Decodes a part of a line; the line itself is parsed as bytes, in latin1. */
function decode(bytes: string): string {
  return toExactText(Buffer.from(bytes, 'latin1'));
}
