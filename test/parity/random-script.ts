/** A generated script and the options to run it with. */
export interface RandomScript {
  args: string[];
  /** Whether the script is passed with -e; otherwise it is passed on standard input. */
  asArgument: boolean;
  text: Buffer;
}

type Random = () => number;

/** Returns a generator of numbers from 0 to 1 that depend only on the seed (mulberry32). */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Complete statements, so that not every script fails at once. */
const statements = [
  'select 1',
  "select 'a' as b, NULL, -1.50",
  'select page_id, page_title from page order by page_id limit 3',
  'select 1 from page where 0',
  'select nothing',
  'selekt 1',
  "select 'it''s; one' as `a;b`",
  'select "a\\tb\\\\", \'c\nd\'',
  'select @a, @a := 5',
  'set @a = "x;y"',
  'select cast("a" as int) + 1',
  "set sql_mode='NO_BACKSLASH_ESCAPES'",
  "set sql_mode='ANSI_QUOTES'",
  "set sql_mode=''",
  'set sql_mode=ANSI',
  "set session sql_mode='ORACLE,STRICT_ALL_TABLES'",
  "set @@sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')",
  'set sql_mode=default',
  'select "a" "b\\", \'c\\\'',
  'do 1',
  'use simplewiki',
  'use itwiki',
  'use nosuchwiki',
  'use',
  'select database()',
  "select 'é日本😀', unhex('ff00')",
  'select 1; select 2',
  'select 1; select nothing; select 3',
  'begin not atomic select 1; select 2; end',
  'show tables like "pag%"',
  'insert into page select * from page',
  'kill 0',
  'select /*! 1 */ + /*M! 2 */ /* c; */',
  'select 1 -- c;\n+ 1',
  'select 1 # c;\n+ 1',
];

/** Fragments that matter to splitting: delimiters, commands, quotes, comments, line ends. */
const pieces = [
  ';',
  ';',
  ';\n',
  ';\n',
  '\n',
  '\n\n',
  ' ',
  '\t',
  '\r\n',
  ';\r\n',
  '\r',
  '//',
  '//\n',
  '$$',
  '\ndelimiter //\n',
  '\ndelimiter ;\n',
  '\nDELIMITER $$',
  '\n  delimiter ; \n',
  'delimiter',
  '\ndelimiter "//"\n',
  '\ndelimiter ;;\n',
  '\\d //\n',
  '\\d;\n',
  '\\g',
  '\\G',
  '\\g\n',
  '\\G;',
  '\\c',
  '\\c\n',
  '\nclear\n',
  '\ngo\n',
  '\nego\n',
  '\nGO;\n',
  '\nrehash\n',
  '\\#\n',
  '\\C latin1\n',
  '\\C utf8mb4 ;\n',
  '\\C gbk;',
  '\ncharset utf8\n',
  // The forms that mysqlbinlog writes.
  '\nDELIMITER /*!*/;\n',
  '/*!*/;\n',
  '\nDELIMITER ;\n',
  '/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=1*//*!*/;\n',
  '/*!\\C utf8mb4 *//*!*/;\n',
  "\nBINLOG '\nAAAA\n'/*!*/;\n",
  '# at 4\n#261127 12:00:00 server id 1  end_log_pos 256\n',
  'ROLLBACK /* added by mysqlbinlog */;\n',
  '\\y',
  "'",
  "'",
  '"',
  '`',
  "\\'",
  '\\"',
  '\\`',
  '\\\\',
  "''",
  '""',
  'a',
  'é',
  '😀',
  '-- c\n',
  '--\n',
  '--',
  '-- ',
  '--x',
  '#',
  '# d\n',
  '/*',
  '*/',
  '/* c */',
  '/*!',
  '/*! 1 */',
  '/*!99999 x */',
  '/*M! 1 */',
  '/*M!999999\\- x */',
  '/*+ x */',
  '/**/',
  '*',
  '/',
  '(',
  ')',
  ', 2',
  '+ 1',
];

/** Fragments that end a script or break the rest of it; chosen rarely. */
const rarePieces = [
  '\0',
  '\nquit\n',
  '\nexit;\n',
  '\nquit',
  '\\q',
  '\ufeff',
  '\nexit\n',
  '\ndelimiter\n',
];

const options = [
  ['-t'],
  ['-E'],
  ['-N'],
  ['-s'],
  ['-ss'],
  ['-r'],
  ['-B'],
  ['-v'],
  ['-vv'],
  ['-q'],
  ['-n'],
  ['-H'],
  ['-X'],
  ['--binary-as-hex'],
  ['--column-type-info'],
  ['--show-warnings'],
  ['--skip-print-query-on-error'],
  ['-vvv'],
  ['-f'],
  ['-f'],
  ['-f'],
  ['--comments'],
  ['--skip-comments'],
  ['--binary-mode'],
  ['--binary-mode'],
  ['--named-commands'],
  ['--delimiter=//'],
  ['--delimiter=a'],
  ['--line-numbers=0'],
  ['--default-character-set=latin1'],
  ['--default-character-set=utf8mb4'],
  ['--default-character-set=sjis'],
  ['--default-character-set=gbk'],
  ['--init-command=set @a = 3'],
];

/** Short commands that act outside the script, such as `\!`; other tests cover them. */
const excludedCommands = /\\[hpPtTsR!.urxnWwe?]/;

/** Returns the script for a seed; the same seed gives the same script. */
export function randomScript(seed: number): RandomScript {
  const random = createRandom(seed);
  for (;;) {
    const args: string[] = [];
    while (random() < 0.5) args.push(...pick(random, options));
    const asArgument = random() < 0.2;
    let text = '';
    const length = 1 + Math.floor(random() * 14);
    for (let i = 0; i < length; i++) {
      const kind = random();
      if (kind < 0.4) text += pick(random, statements) + (random() < 0.7 ? ';\n' : '');
      else text += pick(random, kind < 0.97 ? pieces : rarePieces);
    }
    if (excludedCommands.test(text) || (asArgument && text.includes('\0'))) continue;
    return { args, asArgument, text: Buffer.from(text) };
  }
}

/** Returns a shell command that runs the script with `program`. */
export function toShellCommand({ args, asArgument, text }: RandomScript, program: string): string {
  let escaped = '';
  for (const byte of text) {
    const isPlain = byte >= 0x20 && byte < 0x7f && !`\\'%`.includes(String.fromCharCode(byte));
    escaped += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  const words = args.map((word) => (/[ @]/.test(word) ? `'${word}'` : word)).join(' ');
  // $(…) strips trailing newlines; the x after them prevents that.
  return asArgument
    ? `s=$(printf '${escaped}x'); ${program} ${words} itwiki -e "\${s%x}"`
    : `printf '${escaped}' | ${program} ${words} itwiki`;
}
