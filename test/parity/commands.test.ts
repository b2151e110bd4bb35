import { describe, it } from 'vitest';
import { type ClientDifference, charsetsDirectory, expectSame } from './compare.js';
import { directoryOf } from './directory.js';

const cwd = directoryOf({
  'edit.sh': '#!/bin/sh\necho "was:"; cat "$1"; printf "select 42, 43\\n" > "$1"\n',
  'good.sql': 'select 1;\n',
});
const env = { EDITOR: './edit.sh' };

const long = 'x'.repeat(300);

const unknownCertificate: ClientDifference = {
  since: '11.8',
  reason: 'it reports the state of the certificate',
  client: /(Cipher in use is \w+), cert is UNKNOWN/,
  ours: '$1',
};

describe('a command in a script', () => {
  const scripts: [name: string, input: string][] = [
    [
      'system, whose output is printed first',
      'select 1;\nsystem echo hi\nselect 2;\n\\! echo short',
    ],
    ['system with a failing exit status', 'system exit 3\nselect 1;'],
    ['system without a command', 'system\n\\!\nsystem   \nselect 1;'],
    ['system with an unknown program', 'system nosuchcommand\nselect 1;'],
    ['system with delimiters', 'system echo a; echo b\nsystem echo hi;\nselect 1;'],
    ['system after much output', `select repeat('x', 9000);\nsystem echo hi\nselect 1;`],
    ['system and an error', 'select 1;\nsystem echo a\nselect nothing;\nsystem echo b'],
    ['sandbox and system', 'sandbox\nsystem echo hi\nselect 1;'],
    ['sandbox by its short name and source', '\\-\nsource good.sql\nselect 1;'],
    ['sandbox and tee', 'sandbox\ntee x.txt\nselect 1;'],
    ['sandbox and commands without arguments', 'sandbox\nsystem\nsource\ntee\nselect 1;'],
    [
      'sandbox and the commands that it allows',
      'sandbox\nnotee\npager cat\nnopager\nprompt x\nconnect\nuse itwiki',
    ],
    ['tee and notee', 'tee x.txt\nselect 1;\nnotee\nselect 2;\n\\T x.txt\n\\t'],
    ['tee to a file that cannot be created', 'tee /nonexistent/x\ntee\nselect 1;'],
    ['pager and nopager', 'pager cat\nselect 1;\npager\n\\P cat -n\nselect 2;\n\\n\nnopager'],
    ['prompt', 'prompt foo> \nprompt\n\\R bar\nprompt a b;\nprompt;'],
    ['rehash', 'rehash\nselect 1;\n\\#\nselect 2;'],
    ['charset', 'charset latin1\nselect @@character_set_client, @@collation_connection;'],
    [
      'charset with an unknown character set',
      'charset nosuch\n\\C utf8;\nselect @@character_set_client;',
    ],
    ['charset without an argument', 'charset\nselect 1;'],
    ['charset with a multi-byte set that clients cannot use', 'charset utf16\nselect 1;'],
    ['charset in quotes and upper case', 'charset "UTF8MB4";\nselect @@character_set_client;'],
    [
      'charset stays in effect after connect',
      'charset utf8\nconnect\nselect @@collation_connection;',
    ],
    ['print', 'select 1\n\\p + 2;\nprint\n\\p select 3;'],
    ['print after several lines', 'select\n1\n+\\p2;'],
    ['print with a delimiter', 'print;\nselect 1;'],
    ['connect keeps the database', 'set @a = 1;\nconnect\nselect database(), @a;'],
    ['connect to a database', 'connect itwiki;\nselect database();'],
    ['connect to an unknown database', 'connect nosuch\nselect 1;\nselect 2;'],
    ['connect by its short name', '\\r itwiki\nselect database();\n\\r itwiki;\nselect 1;'],
    ['connect to an unknown host', 'connect itwiki nosuchhost.invalid\nselect 1;'],
    ['connect with extra arguments', 'connect itwiki nosuchhost.invalid more words\nselect 1;'],
    ['connect with a long database', `connect ${long}\nselect 1;`],
    ['connect again after a failure', 'connect nosuch\nconnect itwiki\nselect 1;'],
    ['connect discards the unfinished statement', 'select 1 +\n\\r\n2;'],
    ['the line number of an error after connect', '\nconnect\nselect nothing;'],
    ['connect after KILL', 'kill connection_id();\nconnect\nselect 2;'],
    ['use after a failed connection', 'connect nosuch\nuse itwiki\nselect 1;'],
    ['status after a failed connection', 'connect nosuch\nstatus\nselect 1;'],
    ['help after a failed connection', 'connect nosuch\nhelp select\nselect 1;'],
    ['charset after a failed connection', 'connect nosuch\ncharset latin1\nselect 1;'],
    ['use with a quoted name', 'use `itwiki`\nuse "itwiki" x\nselect database();'],
    [
      'use with names that contain quotes or backslashes',
      "use 'it''wiki'\nuse `it\\wiki`\nuse \"it\\wiki\"\n\\u `it\\wiki`\n\\u itwiki;",
    ],
    ['use with a long name', `use ${'x'.repeat(100)}\nselect 1;`],
    ['edit', 'select 1;\nedit\n;select 2;'],
    ['edit in the middle of a statement', 'select 1 +\n\\e\n;select 2;'],
    ['edit with a delimiter', 'edit;\nselect 1;'],
    ['the line number of an error after edit', '\nedit\nfrom nothing;'],
    ['help about a topic', 'help select\n\\h show\nhelp abs;'],
    ['help about an unknown topic', 'help nosuch\nhelp "select";\nselect 1;'],
    ['help about a category', 'help contents'],
    ['help that matches several topics', 'help func%\nhelp a%'],
    ['help with a quote', "help it's\nselect 1;"],
    [
      'warnings and nowarning with statements that cause none',
      'warnings\nselect 1;\nnowarning\n\\W\n\\w\nselect 2;',
    ],
    ['commands after a statement on its line', 'select 1; use itwiki\nprint;\nselect 2;'],
  ];

  it.each(scripts)('%s', async (name, input) => {
    const differences = name === 'charset with an unknown character set' ? [charsetsDirectory] : [];
    await expectSame(['itwiki'], { input, cwd, env, differences });
  });

  it('the commands in one script, with -f and -v', async () => {
    // These commands would change the scripts that follow.
    const withLastingEffect =
      /connect (nosuch|itwiki nosuchhost|x)|itwiki;|sandbox|system|edit|\\e|\\-/;
    const inputs = scripts
      .map(([, input]) => input)
      .filter((input) => !withLastingEffect.test(input));
    const input = inputs.map((text) => `${text}\n;\n`).join('');
    await expectSame(['-f', '-v', 'itwiki'], { input, cwd, env, differences: [charsetsDirectory] });
  });

  it('use with bytes that are not UTF-8', async () => {
    const input = Buffer.from('use \xff\xfe\nselect 1;', 'latin1');
    await expectSame(['-f', 'itwiki'], { input });
  });

  it('system with -n, which keeps the order of the output', async () => {
    await expectSame(['-n'], { input: 'select 1;\nsystem echo hi\nselect 2;' });
  });

  it.each(['system echo hi', 'source good.sql', 'tee x', 'pager cat', 'prompt x', 'use itwiki'])(
    '%s with --sandbox',
    async (command) => {
      await expectSame(['--sandbox', 'itwiki'], { input: `${command}\nselect 1;`, cwd });
    },
  );

  it.each([[{ EDITOR: 'true', VISUAL: 'false' }], [{ EDITOR: undefined, VISUAL: './edit.sh' }]])(
    'edit with %j',
    async (editors) => {
      await expectSame([], { input: 'edit\n;select 1;', cwd, env: editors });
    },
  );

  it('edit with an editor that fails', async () => {
    const mask = (text: string) => text.replace(/'false .*'/, "'false FILE'");
    await expectSame([], { input: 'edit\nselect 1;', env: { EDITOR: 'false' }, mask });
  });

  it('prompt with MYSQL_PS1 and --prompt', async () => {
    await expectSame(['--prompt=x> '], { input: 'prompt\n', env: { MYSQL_PS1: 'y> ' } });
    await expectSame(['--prompt=x> '], { input: 'prompt\n' });
  });

  it('named commands inside a statement with --named-commands', async () => {
    const input = 'select 1\nprint\n+ 2;\nselect 1\nuse itwiki\n;\nselect database();';
    await expectSame(['--named-commands', '-f', 'itwiki'], { input });
  });
});

describe('status', () => {
  /** Masks the values that differ in each run, and the first line, which names the program. */
  const mask = (text: string) =>
    text
      .replaceAll(/^(mariadb {2}Ver|mariadb from|analytics-mysql \d).*$/gm, 'VERSION')
      .replaceAll(/^(Connection id:\t+)\d+$/gm, '$1N')
      .replaceAll(/^(Uptime:\t+)[\d a-z]+ sec$/gm, '$1N sec')
      .replaceAll(/^Threads: .* {2}Queries per second avg: [\d.]+$/gm, 'STATISTICS');

  it.each<[string[], string]>([
    [[], 'status\nselect 1;'],
    [['itwiki'], '\\s'],
    [['-C', '--skip-ssl'], 'status;'],
    [['-U', '--select-limit=5', '-vv', '-t'], 'status'],
    [['--default-character-set=latin1'], 'delimiter //\ncharset utf8\nstatus//'],
    [['-ss', '-q'], 'set names latin1;\nstatus'],
    [['-o', 'itwiki'], 'use staging\nstatus\nuse itwiki\nstatus\nuse nosuch\nstatus'],
    [['-o', '-f'], 'status\nuse itwiki\nstatus\nconnect itwiki\nstatus'],
    [['--tee=status.txt', '--pager=cat'], 'tee other.txt\nuse information_schema\nstatus'],
  ])('%j %s', async (args, input) => {
    const differences = args.includes('--skip-ssl') ? [] : [unknownCertificate];
    await expectSame(args, { input, mask, cwd, differences });
  });
});
