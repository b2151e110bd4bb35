/** What a prompt can show. Those that cost a question to the server are asked for only if shown. */
export interface PromptFacts {
  /** Statements so far, from 1. */
  counter: number;
  connectionId: number | undefined;
  /** `MariaDB` or `MySQL` */
  server: string;
  serverVersion: string;
  database: string | undefined;
  host: string;
  /** The port, or the path of the socket. */
  port: string;
  /** As the server names the user: `research@10.64.1.2` */
  user: string;
  delimiter: string;
  section: string | undefined;
  /** Seconds, in words; `?` where the server does not tell. */
  lag: string;
  now: Date;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const two = (number: number) => String(number).padStart(2, '0');
/** ctime(3) pads the day with a blank. */
const ctime = (now: Date) =>
  `${days[now.getDay()]} ${months[now.getMonth()]} ${String(now.getDate()).padStart(2)} ` +
  `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())} ${now.getFullYear()}`;
const hour12 = (now: Date) => String(now.getHours() % 12 || 12);

/** What stands behind a backslash, as `mariadb` 10.11 has it. Others stand for themselves. */
const escapes: Record<string, (facts: PromptFacts) => string> = {
  N: ({ server }) => server,
  d: ({ database }) => database ?? '(none)',
  h: ({ host }) => host,
  p: ({ port }) => port,
  v: ({ serverVersion }) => serverVersion,
  U: ({ user }) => user,
  u: ({ user }) => user.slice(0, user.lastIndexOf('@')),
  l: ({ delimiter }) => delimiter,
  c: ({ counter }) => String(counter),
  D: ({ now }) => ctime(now),
  w: ({ now }) => days[now.getDay()] ?? '',
  o: ({ now }) => String(now.getMonth() + 1),
  O: ({ now }) => months[now.getMonth()] ?? '',
  y: ({ now }) => two(now.getFullYear() % 100),
  Y: ({ now }) => String(now.getFullYear()),
  R: ({ now }) => String(now.getHours()),
  r: ({ now }) => hour12(now),
  m: ({ now }) => two(now.getMinutes()),
  s: ({ now }) => two(now.getSeconds()),
  P: ({ now }) => (now.getHours() < 12 ? 'am' : 'pm'),
  S: () => ';',
  _: () => ' ',
  n: () => '\n',
  t: () => '\t',
};

/** Our own, in braces: the client's letters are nearly used up. */
const named: Record<string, (facts: PromptFacts) => string> = {
  wiki: ({ database }) => database ?? '(none)',
  section: ({ section }) => section ?? '(none)',
  host: ({ host }) => host.split('.')[0] ?? host,
  lag: ({ lag }) => lag,
};

const escapePattern = /\\(?:\{(\w+)\}|(.))/gsu;

/**
 * The prompt that `format` stands for: the client's escapes (`\d`, `\h` …), and `\{wiki}`,
 * `\{section}`, `\{host}` (without its domain) and `\{lag}`.
 */
export function formatPrompt(format: string, facts: PromptFacts): string {
  return format.replace(
    escapePattern,
    (whole, name: string | undefined, letter: string | undefined) => {
      if (name !== undefined) return named[name]?.(facts) ?? whole;
      return letter === undefined ? whole : (escapes[letter]?.(facts) ?? letter);
    },
  );
}

/** Whether a prompt shows the user's name, which the server knows. */
export function showsUser(format: string): boolean {
  return /\\[uU]/.test(format);
}

/** Whether a prompt shows what only the server knows: the replication lag. */
export function showsLag(format: string): boolean {
  return format.includes('\\{lag}');
}
