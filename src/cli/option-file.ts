/** One line of an option file that says something. */
export type FileLine =
  | { kind: 'group'; name: string }
  | { kind: 'option'; name: string; value: string | undefined }
  | { kind: 'include' | 'includedir'; path: string }
  | { kind: 'error'; text: string };

/** The client reads a line in pieces of at most this many bytes, each of which is a line to it. */
const pieceLength = 4094;
const blanks = ' \t\n\v\f\r';
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
 * Reads the text of one option file by the grammar of mariadb 10.11.19. Comments are whole lines
 * that begin with `#` or `;`, and all that follows a `#` outside quotes in an option's line. Quotes
 * round a whole value are taken off, then backslash escapes are read. Lines that begin with `!` and
 * are no include are skipped. A byte order mark is not skipped: it is an option without a group, an
 * error to the client too.
 *
 * @param bytes the file as it is
 * @param path for the texts of errors, which end the reading: nothing comes after one
 */
export function* optionFileLines(
  bytes: Buffer,
  path: string,
): Generator<FileLine & { at: number }> {
  let inGroup = false;
  let at = 0;
  for (const piece of pieces(bytes.toString('latin1'))) {
    at++;
    const line = readLine(piece, path, at, inGroup);
    if (!line) continue;
    yield { ...line, at };
    if (line.kind === 'error') return;
    if (line.kind === 'group') inGroup = true;
  }
}

function* pieces(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = Math.min(newline < 0 ? text.length : newline + 1, start + pieceLength);
    const piece = text.slice(start, end);
    const nul = piece.indexOf('\0');
    yield trim(nul < 0 ? piece : piece.slice(0, nul));
    start = end;
  }
}

function readLine(line: string, path: string, at: number, inGroup: boolean): FileLine | undefined {
  const first = line.charAt(0);
  if (first === '' || first === '#' || first === ';') return undefined;
  if (first === '!') return readDirective(line, path, at);
  if (first === '[') {
    const end = line.indexOf(']');
    if (end >= 0) return { kind: 'group', name: decode(trimEnd(line.slice(1, end))) };
    return error(`Wrong group definition in config file: ${path} at line ${at}`);
  }
  if (!inGroup) {
    return error(`Found option without preceding group in config file: ${path} at line: ${at}`);
  }
  const text = withoutComment(line);
  const equals = text.indexOf('=');
  if (equals < 0) return { kind: 'option', name: decode(trimEnd(text)), value: undefined };
  const name = decode(trimEnd(text.slice(0, equals)));
  return { kind: 'option', name, value: decode(unescaped(unquote(trim(text.slice(equals + 1))))) };
}

function readDirective(line: string, path: string, at: number): FileLine | undefined {
  const found = /^![ \t\v\f\r]*(include|includedir)(?![^ \t\v\f\r])(.*)$/s.exec(line);
  if (!found) return undefined;
  const kind = found[1] === 'include' ? 'include' : 'includedir';
  const target = decode(trim(found[2] ?? ''));
  if (target !== '') return { kind, path: target };
  return error(`Wrong '!${kind}' directive in config file: ${path} at line ${at}`);
}

function error(text: string): FileLine {
  return { kind: 'error', text: `error: ${text}` };
}

function withoutComment(line: string): string {
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

function unescaped(value: string): string {
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

/** Lines are taken apart as bytes, then read as UTF-8. */
function decode(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
