import type { ScriptCase } from '../read-script.js';

// Line ends, byte order marks, NUL and character sets.

export const linesAndBytes: ScriptCase[] = [
  ['a\r\nb;\r\n', ['1 a\nb']],
  ["'a\r\nb';\r\n", ["1 'a\nb'"]],
  ['a\rb;', ['1 a\rb']],
  ['use d\r\na;', ['1 :use [d]', '2 a']],
  ['use d\r', ['1 :use [d\r]']],
  ['use d\r\r\n', ['1 :use [d\r]']],
  ['a\r', ['1 a']],
  ["'a\r\nb';", ["1 'a\r\nb'"], { source: 'execute' }],
  ['use d\r\na;', ['1 :use [d\r]', '2 a'], { source: 'execute' }],
  ['delimiter //\r\na//;b', ['2 a//;b'], { source: 'execute' }],
  ['\xef\xbb\xbfa;', ['1 a']],
  ['\xef\xbb\xbfuse d\na;', ['1 :use [d]', '2 a']],
  ['\n\xef\xbb\xbfa;', ['2 \xef\xbb\xbfa']],
  ['a;\n\xef\xbb\xbfuse d', ['1 a', '2 \xef\xbb\xbfuse d']],
  ['\xef\xbb', ['1 \xef\xbb']],
  ['\xef\xbb\xbf', []],
  [
    'a\0b;',
    [
      "- ! ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ASCII '\\0' is expected. Query: 'a'.",
    ],
  ],
  [
    'a;\nb\0;c',
    [
      '1 a',
      "1 ! ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ASCII '\\0' is expected. Query: 'b'.",
    ],
  ],
  [
    'a\nb\0',
    [
      "1 ! ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ASCII '\\0' is expected. Query: 'a\nb'.",
    ],
  ],
  [
    '\n\n\0',
    [
      "2 ! ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ASCII '\\0' is expected. Query: ''.",
    ],
  ],
  [
    'use d;x\0',
    [
      "- ! ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ASCII '\\0' is expected. Query: 'use d;x'.",
    ],
  ],
  [
    '\xef\xbb\xbfa\0',
    [
      "- ! ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ASCII '\\0' is expected. Query: '\xef\xbb\xbfa'.",
    ],
  ],
  ['\xff\xfe;\x80;', ['1 \xff\xfe', '1 \x80']],
  ['\xe4\xbd\xa0;', ['1 \xe4\xbd\xa0']],
  ['\xff;', []],
  ["'\xf0\x9f\x98\x80;';a;", ["1 '\xf0\x9f\x98\x80;'", '1 a']],
];

export const binaryMode: ScriptCase[] = [
  ['a\0b;c\0;\0', ['1 a\0b', '1 c'], { binaryMode: true }],
  ["'a\0;b';c;", ["1 'a\0;b'", '1 c'], { binaryMode: true }],
  ['a\r\nb;\r\n', ['1 a\r\nb'], { binaryMode: true }],
  ["'a\r\nb';", ["1 'a\r\nb'"], { binaryMode: true }],
  ['use d\na;', ['1 use d\na'], { binaryMode: true }],
  ['quit;a', ['1 quit', '1 a'], { binaryMode: true }],
  ['\\u d', ["1 ! Unknown command '\\u'.", '1 \\u d'], { binaryMode: true }],
  ['a\\g b;', ["1 ! Unknown command '\\g'.", '1 a\\g b'], { binaryMode: true }],
  ['\\-a;', ['1 :sandbox', '1 a'], { binaryMode: true }],
  ['\\C latin1\na;', ['1 :charset [latin1]', '2 a'], { binaryMode: true }],
  [
    '/*!\\C utf8mb4 *//*!*/;\na;',
    ['1 :charset [utf8mb4]', '1 /*!*//*!*/', '2 a'],
    { binaryMode: true },
  ],
  [
    'delimiter /*!*/;\n/*!\\C utf8mb4 *//*!*/;\na/*!*/;',
    ['2 :charset [utf8mb4]', '2 /*!*/', '3 a'],
    { binaryMode: true },
  ],
  ["'\\C latin1';a;", ["1 '\\C latin1'", '1 a'], { binaryMode: true }],
  ['charset latin1\na;', ['1 charset latin1\na'], { binaryMode: true }],
  ['charset latin1;a;', ['1 charset latin1', '1 a'], { binaryMode: true }],
  ['\\N;', ['1 \\N'], { binaryMode: true }],
  ['delimiter //\na//b;', ['2 a', '2 b;'], { binaryMode: true }],
  ['delimiter //\r\na//b;', ['2 a//b;'], { binaryMode: true }],
  ['a;delimiter //;b//c', ['1 a', '1 b', '1 c'], { binaryMode: true }],
  ['delimiterx //\na//b', ['2 a', '2 b'], { binaryMode: true }],
  ['delimiter //\0x\na//b', ['2 a', '2 b'], { binaryMode: true }],
  [
    "delimiter 'x\na;",
    ["1 ! DELIMITER must be followed by a 'delimiter' character or string", '2 a'],
    { binaryMode: true },
  ],
  ['delimiter //\\g\na//g', ['2 a'], { binaryMode: true }],
  ['\0a;\nb;', ['2 b'], { binaryMode: true }],
  ['a;\0b;', ['1 a', '1 \0b'], { binaryMode: true }],
  ['a\n\0b;c', ['1 a\n\0b', '1 c'], { binaryMode: true }],
  ['a\\\0b;c', ['1 a'], { binaryMode: true }],
  ["'a\\\0;b';c;", ["1 'a\\\0;b'", '1 c'], { binaryMode: true }],
  ['a -- x\0y\nb;', ['1 a \nb'], { binaryMode: true }],
  ['a /* x\0y */b;', ['1 a  b'], { binaryMode: true }],
  ['a\\\nb;', ['1 a\nb'], { binaryMode: true }],
  ["a 'b\\", ["1 a 'b\\"], { binaryMode: true }],
  ['\xef\xbb\xbfa;', ['1 a'], { binaryMode: true }],
  ['a -- x\0y\nb;', ['1 a -- x\nb'], { binaryMode: true, comments: true }],
  ['a; -- x\0y\nb;', ['1 a -- x', '1 \0y\nb'], { binaryMode: true, comments: true }],
  ['-- x\0y\nb;', ['1 -- x', '2 b'], { binaryMode: true, comments: true }],
];

export const characterSets: ScriptCase[] = [
  ["'\x81\\';b;", ["1 '\x81\\'", '1 b'], { characterSet: 'gbk' }],
  ["'\x81';c';b;", ["1 '\x81'", "1 c';b;"], { characterSet: 'gbk' }],
  ['`\x81`;c`;b;', ['1 `\x81`;c`', '1 b'], { characterSet: 'gbk' }],
  ['\x81\\g;', ['1 \x81\\g'], { characterSet: 'gbk' }],
  ["'\xff\\';b;", ["1 '\xff\\';b;"], { characterSet: 'gbk' }],
  ["'\x80\\';b;", ["1 '\x80\\';b;"], { characterSet: 'gbk' }],
  ["'\x81\x7f';b;", ["1 '\x81\x7f'", '1 b'], { characterSet: 'gbk' }],
  ["'\x81\n\\';b;", ["1 '\x81\n\\';b;"], { characterSet: 'gbk' }],
  ['/*\x81*/;b', ['1  b'], { characterSet: 'gbk' }],
  ['a\x81;b;', ['1 a', '1 b'], { characterSet: 'gbk' }],
  ["'\\\x81\\';b;", ["1 '\\\x81\\';b;"], { characterSet: 'gbk' }],
  ['`\\\x81``;b;', ['1 `\\\x81``', '1 b'], { characterSet: 'gbk' }],
  ["'\x81\\';b;", ["1 '\x81\\'", '1 b'], { characterSet: 'sjis' }],
  ["'\xa0\\';b;", ["1 '\xa0\\';b;"], { characterSet: 'sjis' }],
  ["'\xfc\\';b;", ["1 '\xfc\\'", '1 b'], { characterSet: 'cp932' }],
  ["'\xfd\\';b;", ["1 '\xfd\\';b;"], { characterSet: 'cp932' }],
  ["'\xa1\\';b;", ["1 '\xa1\\'", '1 b'], { characterSet: 'big5' }],
  ["'\xfe\\';b;", ["1 '\xfe\\';b;"], { characterSet: 'big5' }],
  ["'\x81\\';b;", ["1 '\x81\\';b;"], { characterSet: 'latin1' }],
  ['use \x81\\d', ['1 :use [\x81d]'], { characterSet: 'gbk' }],
  ["charset gbk\n'\x81\\';b;", ['1 :charset [gbk]', "2 '\x81\\'", '2 b']],
  ["charset gbk;'\x81\\';b;", ['1 :charset [gbk]', "1 '\x81\\'", '1 b']],
  ['a/*x*/\xe4\xbd\xa0b;', ['1 a\xe4\xbd\xa0 b']],
  ['a/*x*/\xf0\x9f\x98\x80b;', ['1 a \xf0\x9f\x98\x80b']],
  ['a/*x*/\xf0\x9f\x98\x80b;', ['1 a\xf0\x9f\x98\x80 b'], { characterSet: 'utf8mb4' }],
  ['a/*x*/\xc0\x80b;', ['1 a \xc0\x80b']],
  ['a/*x*/\xed\xa0\x80b;', ['1 a\xed\xa0\x80 b']],
  ['a/*x*/\xe9b;', ['1 a \xe9b'], { characterSet: 'latin1' }],
  ['a\xa0;', ['1 a'], { characterSet: 'latin1' }],
  ['a\xe9;', ['1 a\xe9'], { characterSet: 'latin1' }],
  ['a\xe9;', ['1 a'], { characterSet: 'binary' }],
  ['a\x80;', ['1 a'], { characterSet: 'gbk' }],
  ['a\x81@;', ['1 a\x81@'], { characterSet: 'gbk' }],
  ['a\xff;', ['1 a']],
  ['a\xfd;', ['1 a'], { characterSet: 'sjis' }],
];

/**
 * A deviation from the client: with --binary-mode, a quoted backslash at the end of a line makes
 * the client overwrite the next line.
 */
export const quotedBackslashAtLineEnd: ScriptCase[] = [
  ["'a\\\nb';", ["1 'a\\\nb'"], { binaryMode: true }],
];
