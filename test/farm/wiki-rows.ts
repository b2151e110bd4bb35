/*
 * The rows of the sample's wikis, with values that are difficult for formats, terminals and decoders.
 */

/** A value of an INSERT; strings and buffers are inserted as bytes. */
type Value = string | Buffer | number | null;

function sqlLiteral(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  const bytes = Buffer.from(value);
  return bytes.length === 0 ? "''" : `x'${bytes.toString('hex')}'`;
}

function insertStatement(table: string, rows: Value[][]): string {
  const tuples = rows.map((row) => `(${row.map(sqlLiteral).join(',')})`);
  return `INSERT INTO ${table} VALUES ${tuples.join(',\n')};`;
}

/** Titles that are difficult for some format, escape, terminal or decoder. */
export const oddTitles: (string | Buffer)[] = [
  'Main_Page',
  'tab\tinside',
  'new\nline',
  'carriage\rreturn',
  'both\r\nof them',
  'back\\slash',
  'ends with backslash\\',
  '\\',
  'nul\0inside',
  '\0',
  'literal \\t \\n \\0 \\N',
  'NULL',
  '\\N',
  "apostrophe's",
  'double "quoted"',
  'back`tick',
  'comma,semicolon;pipe|',
  '<b>&amp; ]]> "x"</b>',
  '=1+1',
  ' blank before and behind ',
  '-- no comment',
  '%s $1 $(id) `id`',
  'emoji 🦉',
  'family 👨‍👩‍👧‍👦 flag 🇮🇹 thumb 👍🏽',
  'C漢字とカナ',
  '한국어',
  'combining e\u0301 n\u0303 a\u0323\u0308',
  'ܐܪܡܝܐ العربية עברית',
  'ไทย हिन्दी',
  'right\u200fto\u200eleft, zero\u200bwidth\u200djoiner',
  '\ufeffbyte order mark',
  'soft\u00adhyphen nbsp\u00a0 nel\u0085 ls\u2028 ps\u2029',
  'control \x01 \x08 \x0b \x0c \x1a \x1b[31mred\x1b[0m \x7f',
  'largest \u{10ffff}',
  Buffer.from('caf\xe9 latin1', 'latin1'),
  Buffer.from([0xff, 0xfe, 0x41]),
  Buffer.from([0x63, 0x75, 0x74, 0xe2, 0x82]),
  Buffer.from([0x6f, 0x76, 0x65, 0x72, 0xc0, 0x80]),
  Buffer.from([0x73, 0x75, 0x72, 0x72, 0xed, 0xa0, 0x80]),
  Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1)),
  '漢'.repeat(85),
  '',
];

/** Returns a timestamp in MediaWiki's format, `YYYYMMDDhhmmss`, N minutes after a fixed day. */
function timestamp(minutes: number): string {
  const date = new Date(Date.UTC(2026, 0, 1) + minutes * 60_000);
  return date.toISOString().replaceAll(/[-:T]|\.\d+Z/g, '');
}

/** Returns a number in [0, 1) that is the same in each run (the multiplier is that of MINSTD). */
function fraction(index: number): number {
  return ((index * 48_271 * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** Returns INSERTs for wikiTables: `count` pages, the odd titles first; the same in each run. */
export function wikiRows(dbname: string, count: number): string {
  const titles: (string | Buffer)[] = oddTitles.slice(0, count);
  while (titles.length < count) titles.push(`${dbname}_article_${titles.length + 1}`);

  const pages: Value[][] = [];
  const revisions: Value[][] = [];
  const logs: Value[][] = [];
  for (const [index, title] of titles.entries()) {
    const id = index + 1;
    const updated = id % 3 === 0 ? null : timestamp(id);
    const model = id % 4 === 0 ? null : 'wikitext';
    const lang = id % 5 === 0 ? 'it' : null;
    const flags = [id % 7 === 0 ? 1 : 0, id % 2, fraction(id), timestamp(id * 2)];
    pages.push([id, id % 6, title, ...flags, updated, id * 10, id * 37, model, lang]);
    const parent = id % 2 === 0 ? null : id;
    const numbers = [0, id % 8, id % 9 === 0 ? null : id * 37, parent];
    const sha1 = fraction(id).toString(36).slice(2);
    revisions.push([id * 10, id, (id % 8) + 1, (id % 6) + 1, timestamp(id), ...numbers, sha1]);
    if (id % 10 === 0) {
      const params = 'a:1:{s:6:"4::dest";s:1:"\0";}';
      logs.push([id, 'move', 'move_redir', timestamp(id), 1, id % 6, title, id, 1, params, 0]);
    }
  }
  const names = ['Ada', 'Zoë', '田中', "O'Brien", '2001:DB8:0:0:0:0:0:1', '~2026-12345'];
  const comments = [
    '',
    '/* History */ ref',
    'tab\tnew\nline',
    'emoji 🦉',
    'a "b" \\ c',
    '漢字',
    '0',
  ];
  const large = Buffer.from('Lorem\tipsum\ndolor\\sit\0amet 🦉 ').toString().repeat(600);
  return [
    insertStatement('page', pages),
    insertStatement('revision', revisions),
    logs.length > 0 ? insertStatement('logging', logs) : '',
    insertStatement(
      'actor',
      names.map((name, index) => [index + 1, index < 4 ? index + 1 : null, name]),
    ),
    insertStatement(
      'comment',
      [...comments, Buffer.from([0x80, 0xff])].map((text, index) => {
        return [index + 1, index * 1_000_003 - 2_000_000, text, index % 3 === 0 ? null : '{}'];
      }),
    ),
    insertStatement('text', [
      [1, 'Hello', 'utf-8'],
      [2, large, 'utf-8'],
      [3, Buffer.from([0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]), 'gzip'],
      [4, '', ''],
    ]),
    insertStatement(
      'user',
      names.slice(0, 4).map((name, index) => {
        const email = index === 0 ? 'ada@example.org' : '';
        const registered = index === 1 ? null : timestamp(index);
        return [index + 1, name, email, timestamp(index), 'f', registered, index || null, 0];
      }),
    ),
    insertStatement('page_props', [
      [1, 'wikibase_item', 'Q52', null],
      [1, 'displaytitle', '<i>Main</i>', 1.5],
      [2, 'defaultsort', 'Tàb', -0.1],
    ]),
    insertStatement('site_stats', [[1, count * 1_000_000_007, null]]),
  ].join('\n');
}
