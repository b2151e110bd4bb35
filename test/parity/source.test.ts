import { describe, expect, it } from 'vitest';
import { clientArguments, runOursWarm } from '../farm/run.js';
import { expectSame } from './compare.js';
import { directoryOf } from './directory.js';

const cwd = directoryOf({
  'good.sql': "select 'good';\n",
  'error.sql': 'select 1;\nselect nothing;\nselect 2;\n',
  'nested.sql': 'source error.sql\nselect 9;\n',
  'deep.sql': '\nsource nested.sql\nselect nothing;\n',
  'missing.sql': '\n\nsource nowhere.sql\nselect 3;\n',
  'itself.sql': 'source itself.sql\n',
  'quit.sql': 'select 5;\nquit\nselect 6;\n',
  'delimiter.sql': 'delimiter //\nselect 7//\n',
  'open.sql': 'select 10',
  'quote.sql': "select 'open",
  'crlf.sql': "select 'a\r\nb';\r\n",
  'mark.sql': '\ufeffselect 11;\n',
  'nul.sql': 'select 1;\nselect \0 2;\nselect 3;\n',
  'nested-nul.sql': 'source nul.sql\nselect 9;\n',
  'empty.sql': '',
  'sandbox.sql': 'sandbox\nsystem echo inside\nselect 1;\n',
  'system.sql': 'system echo inside;\n',
  'unknown.sql': 'select 1;\n\\y\nselect 2;\n',
  'connect.sql': 'connect nosuchwiki\nselect 1;\nselect 2;\n',
  'use.sql': 'use nosuchwiki\nselect database();\n',
  'two words.sql': "select 'two words';\n",
  'mode.sql': "set sql_mode = 'NO_BACKSLASH_ESCAPES';\n",
  'outer/outer.sql': 'source inner.sql\nselect 8;\n',
  'outer/inner.sql': "select 'inner, outer';\n",
  'inner.sql': "select 'inner';\n",
  'directory/': '',
});

describe('source', () => {
  it.each<[string, string]>([
    ['a file', 'source good.sql\nselect 99;'],
    ['the short form', '\\. good.sql\nselect 99;'],
    ['a delimiter after the name', 'source good.sql;\nselect 99;'],
    ['the short form with a delimiter after the name', '\\. good.sql;\nselect 99;'],
    ['blanks and a delimiter after the name', 'source  good.sql ;\nselect 99;'],
    ['blanks in the name', 'source two words.sql\nselect 99;'],
    ['quotes around the name', 'source "good.sql"\nselect 99;'],
    ['no name', 'source\nselect 99;'],
    ['a tab before the name', 'source\tgood.sql\nselect 99;'],
    ['the command in upper case', 'SOURCE good.sql\nselect 99;'],
    ['an empty file', 'source empty.sql\nselect 99;'],
    ['a missing file', '\n\nsource nowhere.sql\nselect 99;'],
    ['a directory', '\nsource directory\nselect 99;'],
    ['a directory with a slash', 'source directory/\nselect 99;'],
    ['an error in the file', 'source error.sql\nselect 99;'],
    ['an error in a nested file', 'source nested.sql\nselect 99;'],
    ['errors at each nesting level', 'source deep.sql\nselect nothing;'],
    ['a missing nested file', 'source missing.sql\nselect 99;'],
    ['quit in a file', 'source quit.sql\nselect 99;'],
    ['a delimiter set in a file', 'source delimiter.sql\nselect 99//\nselect 98;'],
    ['a delimiter set before', 'delimiter //\nsource good.sql//\nselect 99//'],
    ['a path relative to the working directory', 'source outer/outer.sql\nselect 99;'],
    ['a file with an unfinished statement', 'source open.sql\n;select 99;'],
    ['a file with an unclosed quote', "source quote.sql\nselect 'not open';"],
    ['the short form in the middle of a statement', 'select 1 +\n\\. good.sql\n 5;\nselect 99;'],
    ['the long form in the middle of a statement', 'select 1 +\nsource good.sql\n;'],
    ['after a statement on the same line', 'select 98; source good.sql\nselect 99;'],
    ['a file with CRLF', 'source crlf.sql'],
    ['a file with a byte order mark', 'source mark.sql'],
    ['a file with a NUL', 'source nul.sql\nselect 99;'],
    ['a nested file with a NUL', 'source nested-nul.sql\nselect 99;'],
    ['an unknown command in a file', 'source unknown.sql\nselect 99;'],
    ['a sandbox mode that ends with the file', 'source sandbox.sql\nsystem echo outside'],
    ['a shell command in a file', 'source system.sql\nselect 99;'],
    ['a failed connection in a file', 'source connect.sql\nselect 99;'],
    ['an unknown database in a file', 'source use.sql\nselect 99;'],
    ['an SQL mode that stays in effect after the file', "source mode.sql\nselect 'a\\';"],
    ['the line number of an error after a file', '\nsource good.sql\nselect nothing;'],
  ])('%s', async (_name, input) => {
    await expectSame(['itwiki'], { input, cwd });
  });

  const files = ['error', 'nested', 'missing', 'quit', 'nul', 'nested-nul', 'unknown', 'use'];
  it.each([['-f'], ['-f -vv'], ['-f --abort-source-on-error']])(
    'continues after an error with %s',
    async (words) => {
      const input = files.map((file) => `source ${file}.sql\nselect 99;\n`).join('');
      await expectSame([...words.split(' '), 'itwiki'], { input, cwd });
    },
  );

  it.each(files)('--abort-source-on-error and %s.sql', async (file) => {
    const input = `source ${file}.sql\nselect 99;`;
    await expectSame(['--abort-source-on-error', 'itwiki'], { input, cwd });
  });

  it('reports the path that it opens, as the client does', async () => {
    const paths = [
      './outer/../nowhere.sql',
      './outer/..//outer/./nowhere.sql',
      '/a/../../b',
      '../nowhere/../nowhere.sql',
      '~/nowhere.sql',
      '~nobody-there/nowhere.sql',
      '~',
    ];
    const input = paths.map((path) => `source ${path}\n`).join('');
    await expectSame(['-f', 'itwiki'], { input, cwd });
  });

  it('stops a file that sources itself, while the client crashes', async () => {
    const input = 'source itself.sql\nselect 99;';
    const { stdout, stderr, code } = await runOursWarm([...clientArguments('s2'), '-N'], {
      input,
      cwd,
    });
    const error =
      "ERROR at line 1 in file: 'itself.sql': Failed to open file 'itself.sql', error: 24\n";
    expect({ stdout: stdout.toString(), stderr, code }).toEqual({
      stdout: '99\n',
      stderr: error,
      code: 0,
    });
  });

  it('with -e', async () => {
    await expectSame(['-e', 'source crlf.sql;\nsource nested.sql', 'itwiki'], { cwd });
  });

  it('with --skip-line-numbers', async () => {
    await expectSame(['--skip-line-numbers', 'itwiki'], { input: 'source nested.sql', cwd });
  });

  it('is not a command with --binary-mode', async () => {
    await expectSame(['--binary-mode', 'itwiki'], { input: 'source good.sql\n;', cwd });
  });
});
