import { escapeRegExp } from '../text/regex-escape.js';
import { escapeByte } from '../text/unsafe-characters.js';

/** The values that a prompt can show. Those that need a query are fetched only if shown. */
export interface PromptFacts {
  /** The number of prompts so far, from 1. */
  counter: number;
  connectionId: number | undefined;
  /** `MariaDB` or `MySQL` */
  server: string;
  serverVersion: string;
  database: string | undefined;
  /** The wiki of the database, which has another name on the redacted replicas. */
  wiki: string | undefined;
  host: string;
  /** The port, or the path of the Unix socket. */
  port: string;
  /** The user according to the server: `research@10.64.1.2`. */
  user: string;
  delimiter: string;
  section: string | undefined;
  /** The replication lag, such as `0.4 s`; `?` if unknown. */
  lag: string;
  now: Date;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const padTwo = (number: number) => String(number).padStart(2, '0');
/** Formats a time like ctime(3), which pads the day with a blank. */
const formatCtime = (now: Date) =>
  `${days[now.getDay()]} ${months[now.getMonth()]} ${String(now.getDate()).padStart(2)} ` +
  `${padTwo(now.getHours())}:${padTwo(now.getMinutes())}:${padTwo(now.getSeconds())} ${now.getFullYear()}`;
const formatHour12 = (now: Date) => String(now.getHours() % 12 || 12);

/** The letters after a backslash, as in `mariadb` 10.11. Other letters stand for themselves. */
const clientEscapes: Record<string, (facts: PromptFacts) => string> = {
  N: ({ server }) => server,
  d: ({ database }) => database ?? '(none)',
  h: ({ host }) => host,
  p: ({ port }) => port,
  v: ({ serverVersion }) => serverVersion,
  U: ({ user }) => user,
  u: ({ user }) => user.slice(0, user.lastIndexOf('@')),
  l: ({ delimiter }) => delimiter,
  c: ({ counter }) => String(counter),
  D: ({ now }) => formatCtime(now),
  w: ({ now }) => days[now.getDay()] ?? '',
  o: ({ now }) => String(now.getMonth() + 1),
  O: ({ now }) => months[now.getMonth()] ?? '',
  y: ({ now }) => padTwo(now.getFullYear() % 100),
  Y: ({ now }) => String(now.getFullYear()),
  R: ({ now }) => String(now.getHours()),
  r: ({ now }) => formatHour12(now),
  m: ({ now }) => padTwo(now.getMinutes()),
  s: ({ now }) => padTwo(now.getSeconds()),
  P: ({ now }) => (now.getHours() < 12 ? 'am' : 'pm'),
  S: () => ';',
  _: () => ' ',
};

/** The escapes for control characters, which are no facts. */
const layoutEscapes: Record<string, string> = { n: '\n', t: '\t' };

/** Escapes of this program, in braces, because the client uses nearly all letters. */
const ownEscapes: Record<string, (facts: PromptFacts) => string> = {
  wiki: ({ wiki }) => wiki ?? '(none)',
  section: ({ section }) => section ?? '(none)',
  host: ({ host }) => host.split('.')[0] ?? host,
  lag: ({ lag }) => lag,
};

const escapePattern = /\\(?:\{(\w+)\}|(.))/gsu;

/**
 * Returns the prompt for a format, which may contain the client's escapes (`\d`, `\h` …) and
 * `\{wiki}`, `\{section}`, `\{host}` (without its domain) and `\{lag}`.
 */
export function formatPrompt(format: string, facts: PromptFacts): string {
  return format.replace(
    escapePattern,
    (whole, name: string | undefined, letter: string | undefined) => {
      const fact = (name !== undefined ? ownEscapes[name] : clientEscapes[letter ?? ''])?.(facts);
      if (fact !== undefined) return escapeControls(fact);
      return layoutEscapes[letter ?? ''] ?? letter ?? whole;
    },
  );
}

/** The escapes that always show the same character. */
const fixedEscapes: Readonly<Record<string, string>> = { S: ';', _: ' ', t: '\t' };
/** What the escapes show that contain blanks; the others show a word. */
const escapePatterns: Readonly<Record<string, string>> = {
  D: String.raw`\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}`,
  lag: String.raw`[\d.]+ \w+|\?`,
};

/**
 * Returns the source of a regular expression for the last line of the prompts of a format, without
 * colors. The blanks at its end are optional at the end of a line, where copied text loses them. It
 * matches nothing if the prompt may look like any word.
 */
export function getPromptPattern(format: string): string {
  const lastLine = (format.split('\\n').at(-1) ?? '').replace(/\x1b\[[\d;]*m|[\x01\x02]/g, '');
  let pattern = '';
  let literals = '';
  let end = 0;
  const addLiteral = (text: string) => {
    pattern += escapeRegExp(text);
    literals += text;
  };
  for (const match of lastLine.matchAll(escapePattern)) {
    const [whole, name, letter = ''] = match;
    addLiteral(lastLine.slice(end, match.index));
    end = match.index + whole.length;
    const isEscape = name === undefined ? letter in clientEscapes : name in ownEscapes;
    const fixed = fixedEscapes[letter] ?? (name === undefined ? letter : whole);
    if (!isEscape || letter in fixedEscapes) addLiteral(fixed);
    else pattern += `(?:${escapePatterns[name ?? letter] ?? String.raw`\S*?`})`;
  }
  addLiteral(lastLine.slice(end));
  if (literals.trim() === '') return '(?!)';
  const trimmed = pattern.trimEnd();
  return trimmed === pattern ? pattern : `${trimmed}(?:${pattern.slice(trimmed.length)}|$)`;
}

/**
 * Escapes control characters. A prompt may contain newlines and color sequences, but the server and the
 * creators of databases must not add theirs.
 */
function escapeControls(fact: string): string {
  return fact.replace(/[\0-\x1f\x7f]/g, (control) => escapeByte(control.charCodeAt(0)));
}

/** Whether a prompt shows the user's name, which needs a query. */
export function showsUser(format: string): boolean {
  return /\\[uU]/.test(format);
}

/** Whether a prompt shows the replication lag, which needs a query. */
export function showsLag(format: string): boolean {
  return format.includes('\\{lag}');
}
