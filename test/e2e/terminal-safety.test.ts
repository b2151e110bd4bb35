import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { referenceArguments } from '../farm/reference-client.js';
import {
  clientArguments,
  program,
  type RunOptions,
  runClient,
  runOnTerminal,
} from '../farm/run.js';
import { writeOptionFile } from '../farm/shell.js';
import type { Tmux } from '../farm/tmux.js';
import {
  buildAuthSwitch,
  buildError,
  buildGreeting,
  buildPacket,
  okPayload,
  type Step,
  startScriptedServer,
} from '../replica/scripted-server.js';
import { temporaryDirectory } from '../temporary-directory.js';

/*
 * Text from others that would control the terminal: it is escaped there, and unchanged everywhere
 * else.
 */

/** A value that sets the window's title, rings the bell, and has a C1 CSI and a direction override. */
const value =
  "concat('a', char(27), ']0;x', char(7), convert(0xc29b using utf8mb4), '\u202e', 'b')";
const name = 'n\x1b[31mame';
const sql = `select ${value} as \`${name}\`, null as n, 7 as seven`;

/** Matches every byte sequence that must not reach a terminal; `rawOutput` is latin1. */
const unsafe = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]/;

/** Returns a text with its escapes replaced by the characters that they stand for. */
const replaceEscapes = (text: string) =>
  text.replace(/\\[xu]([\da-f]{4}|[\da-f]{2})/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );

/** Runs a command on a terminal, with credentials in ~/.my.cnf; returns the bytes that arrive there. */
async function runBytes(command: string[], options?: RunOptions): Promise<Buffer> {
  const HOME = temporaryDirectory();
  writeOptionFile(inject('farm'), join(HOME, '.my.cnf'));
  const [first = '', ...args] = command;
  return (await runOnTerminal(100, first, args, { ...options, env: { HOME } })).stdout;
}

/** Runs a command on a terminal; returns its output there. */
async function runThere(command: string[], options?: RunOptions): Promise<string> {
  return (await runBytes(command, options)).toString();
}

/** Runs the built program on a terminal; returns its output there. */
const run = (args: string[], options?: RunOptions) => runThere([program, ...args], options);

/** Waits until the program on a terminal has ended; returns its output. */
async function outputOf(terminal: Tmux): Promise<string> {
  await terminal.waitForEnd();
  return Buffer.from(terminal.rawOutput, 'latin1').toString();
}

/** The options of each format, and how its output shows the value. */
const formats: [string[], string][] = [
  [['-B'], 'a\\x1b]0;x\\x07\\u009b\\u202eb\tNULL\t7'],
  [[], '| a\\x1b]0;x\\x07\\u009b\\u202eb | NULL |     7 |'],
  [['-t'], '| a\\x1b]0;x\\x07\\u009b\\u202eb | NULL |     7 |'],
  [['-t', '-q'], '| a\\x1b]0;x\\x07\\u009b\\u202eb'],
  [['-E'], 'n\\x1b[31mame: a\\x1b]0;x\\x07\\u009b\\u202eb'],
  [['-H'], '<TD>a\\x1b]0;x\\x07\\u009b\\u202eb</TD>'],
  [['-X'], 'a\\x1b]0;x\\x07\\u009b\\u202eb'],
  [['--auto-vertical-output'], 'a\\x1b]0;x\\x07\\u009b\\u202eb'],
  [['--column-type-info', '-t'], 'a\\x1b]0;x\\x07\\u009b\\u202eb'],
  [['--format=csv'], 'a\\x1b]0;x\\x07\\u009b\\u202eb,,7'],
  [['--format=json'], 'a\\u001b]0;x\\u0007\\u009b\\u202eb'],
  [['--format=jsonl'], 'a\\u001b]0;x\\u0007\\u009b\\u202eb'],
  [['--format=markdown'], 'a\\x1b\\]0;x\\x07\\u009b\\u202eb'],
  [['--format=wikitable'], 'a\\x1b&#93;0;x\\x07\\u009b\\u202eb'],
  [['-vvv'], 'a\\x1b]0;x\\x07\\u009b\\u202eb'],
];

describe.concurrent('results on a terminal', () => {
  for (const [options, shown] of formats) {
    test(`are safe in batch with ${options.join(' ') || 'no option'}`, async ({ ours, expect }) => {
      const output = await outputOf(await ours([...options, 'itwiki', '-e', sql]));
      expect(output).toContain(shown);
      expect(output).not.toMatch(unsafe);
    });

    // --column-type-info cannot be used with --wikis.
    if (!options.includes('--column-type-info')) {
      test(`are safe in a run over many wikis with ${options.join(' ') || 'no option'}`, async ({
        ours,
        expect,
      }) => {
        const args = [...options, '--wikis=itwiki,enwiki', '-e', sql];
        const output = await outputOf(await ours(args));
        expect(output).toContain(shown.replace(/^\| /, ''));
        expect(output).not.toMatch(unsafe);
      });
    }

    test(`are unchanged with --raw ${options.join(' ')}`, async ({ ours, expect }) => {
      const output = await outputOf(await ours(['--raw', ...options, 'itwiki', '-e', sql]));
      const escapes = /json/.test(options.join()) ? [] : ['a\x1b', '0;x\x07'];
      for (const part of [...escapes, '\u009b\u202eb']) expect(output).toContain(part);
    });
  }

  test('equal those of the client if all text is safe', async ({ expect }) => {
    const safe =
      "select 'größe 漢' as `größe`, null as n, 7 as seven, 'a\\\\b' as slash union select '', 'NULL', 2, ''";
    const withoutTime = (text: string) => text.replace(/\(\d.*? sec\)/g, '');
    for (const options of [[], ['-B'], ['-t'], ['-E'], ['-H'], ['-X'], ['-vvv'], ['-t', '-q']]) {
      const words = [...clientArguments('s2'), ...options, '-e', safe];
      const commands = [
        ['mariadb', ...referenceArguments(words)],
        [program, ...words],
      ];
      const outputs = await Promise.all(commands.map((command) => runThere(command)));
      const [expected, output] = outputs.map(withoutTime);
      expect([options, output]).toEqual([options, expected]);
    }
  });

  test('show the rows of a statement before the next statement runs', async ({ ours, expect }) => {
    const terminal = await ours(['itwiki', '-e', "select 'first'; select sleep(600)"]);
    await terminal.waitFor('first');
    expect(await terminal.screen()).not.toContain('sleep');
  });

  test('are safe at the boundaries of large chunks', async ({ expect }) => {
    const long = "repeat(concat(char(27), '漢', convert(0xc29b using utf8mb4)), 60000)";
    const output = await run(['itwiki', '-BN', '-e', `select ${long}`]);
    expect(output.replace(/\r\n/g, '')).toBe('\\x1b漢\\u009b'.repeat(60000));
  });

  test('are safe in a two-byte character set', async ({ expect }) => {
    // In GBK C2 9B is a character; a terminal that expects UTF-8 reads it as CSI.
    const cells = "convert(0xc29b33316d using gbk) as a, convert(0xc4e3 using gbk) as 'you'";
    for (const options of [[], ['-t'], ['-E']]) {
      const args = [...options, '--default-character-set=gbk', 'itwiki', '-e', `select ${cells}`];
      const bytes = (await runBytes([program, ...args])).toString('latin1');
      expect(bytes).toContain('\\xc2\\x9b31m');
      expect(bytes).toContain('\xc4\xe3');
      expect(bytes).not.toContain('\xc2\x9b');
    }
  });

  test('are safe in --output that names the terminal', async ({ expect }) => {
    for (const file of ['/dev/stdout', '/dev/tty']) {
      const output = await run([`--output=${file}`, 'itwiki', '-e', sql]);
      expect(output).toContain('a\\x1b]0;x\\x07');
      expect(output).not.toMatch(unsafe);
    }
  });
});

describe.concurrent('errors and messages on a terminal', () => {
  const cases: [string, string[], string][] = [
    [
      'an error',
      ['-e', `signal sqlstate '45000' set message_text = 'a ${name}'`],
      ': a n\\001B[31mame',
    ],
    ['the statement above it', ['-v', '-e', `select 1 from \`${name}\``], 'from `n\\x1b[31mame`'],
    ['a warning', ['--show-warnings', '-e', `select cast('1\x1b[31m' as int)`], "'1\\x1b[31m'"],
    [
      'a summary of failures',
      ['--wikis=itwiki', '-e', `signal sqlstate '45000' set message_text = '${name}'`],
      ': n\\001B[31mame',
    ],
    ['an option', [`--${name}`], 'n\\x1b[31mame'],
    ['a file', ['-e', `source /no/${name}`], '/no/n\\x1b[31mame'],
    ['the option files', ['--defaults-file=odd.cnf', '--print-defaults'], 'n\\x1b[31mame'],
  ];
  for (const [what, args, shown] of cases) {
    test(`are safe: ${what}`, async ({ ours, expect }) => {
      const wiki = args.some((arg) => /^--wikis|^--print/.test(arg)) ? [] : ['itwiki'];
      const cwd = temporaryDirectory();
      writeFileSync(join(cwd, 'odd.cnf'), `[client]\ndelimiter=${name}\n`);
      const output = await outputOf(await ours([...args, ...wiki], { cwd }));
      expect(output).toContain(shown);
      expect(output).not.toMatch(unsafe);
    });
  }

  for (const raw of [false, true]) {
    test(`of a server that escapes nothing are ${raw ? 'unchanged with --raw' : 'safe'}`, async ({
      expect,
    }) => {
      const text = 'no \x1b[31mtable';
      const error = () => buildError(1146, text, '42S02');
      const server = await startScriptedServer([
        buildGreeting(),
        okPayload,
        ...Array.from({ length: 9 }, () => error),
      ]);
      try {
        const address = ['--host=127.0.0.1', `--port=${server.port}`, '--skip-ssl', '-uu'];
        const output = await run([...address, '-B', ...(raw ? ['--raw'] : []), '-e', 'select 1']);
        expect(output).toContain(raw ? text : 'no \\x1b[31mtable');
      } finally {
        server.close();
      }
    });
  }

  test('standard output and standard error are judged apart', async ({ expect }) => {
    const failing = `${sql}; signal sqlstate '45000' set message_text = '${name}'`;
    const client = await runClient('s2', ['-B', '-e', failing, 'itwiki']);
    for (const file of ['>out', '2>err']) {
      const command = `'${program}' itwiki -B -e "$1" ${file}`;
      const cwd = temporaryDirectory();
      const output = await runThere(['bash', '-c', command, 'bash', failing], { cwd });
      const [path, expected] =
        file === '>out' ? ['out', client.stdout] : ['err', Buffer.from(client.stderr)];
      expect(readFileSync(join(cwd, path), 'utf8')).toBe(expected.toString());
      expect(output).toContain('n\\x1b[31mame');
      expect(output).not.toMatch(unsafe);
    }
  });

  test('--tee and $> get the bytes of the client', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--tee=said', 'itwiki']);
    const statement = `select ${value} as n`;
    await terminal.run(`${statement};`);
    await terminal.run(`${statement} $> said.tsv`);
    const row = 'a\x1b]0;x\x07\u009b\u202eb';
    const said = readFileSync(join(terminal.home, 'said'), 'utf8');
    expect(said).toContain(`| ${row}`);
    expect(readFileSync(join(terminal.home, 'said.tsv'), 'utf8')).toBe(`n\n${row}\n`);
  });

  test('the shell shows the bytes of the client with --raw', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--raw', '--skip-pager', 'itwiki']);
    for (const end of [';', '\\G']) {
      const before = terminal.rawOutput.length;
      await terminal.run(`select concat(char(27), '[3', '1mred') as n${end}`);
      expect(terminal.rawOutput.slice(before)).toContain('\x1b[31mred');
    }
  });
});

describe.concurrent('a server before the login', () => {
  const cases: [string, Step[], string][] = [
    [
      'an error instead of the greeting',
      [{ raw: buildPacket(0, buildError(1129, 'Host \x1b]0;x\x07 is blocked')), end: true }],
      'Host \\x1b]0;x\\x07 is blocked',
    ],
    [
      'the name of a plugin',
      [buildGreeting(), buildAuthSwitch('\x1b[31mplugin', 'x')],
      '\\x1b[31mplugin',
    ],
    [
      'an error of the login',
      [buildGreeting(), buildError(1045, 'no \x1b[31muser', '28000')],
      'no \\x1b[31muser',
    ],
    [
      'a question of dialog',
      [buildGreeting(), buildAuthSwitch('dialog', '\x02\x1b[31mquestion\x9b?')],
      '[mariadb] \\x1b[31mquestion\\u009b?',
    ],
  ];
  for (const [what, steps, shown] of cases) {
    for (const batch of [true, false]) {
      test(`is safe in ${batch ? 'batch' : 'the shell'}: ${what}`, async ({ expect }) => {
        const server = await startScriptedServer(steps);
        try {
          const address = ['--host=127.0.0.1', `--port=${server.port}`, '--skip-ssl'];
          const login = ['-uu', '--password=', '--enable-cleartext-plugin'];
          const args = [...address, ...login, ...(batch ? ['-e', 'select 1'] : [])];
          const output = await run(args);
          expect(output).toContain(shown);
          expect(output).not.toMatch(unsafe);
          // What is shown is the escaped form of what --raw shows.
          expect(await run([...args, '--raw'])).toContain(replaceEscapes(shown));
        } finally {
          server.close();
        }
      });
    }
  }
});

describe.concurrent('a server after the login', () => {
  /** An OK packet with a text, which the client prints after a statement. */
  const ok = Buffer.concat([okPayload, Buffer.of(10), Buffer.from('\x1b[31minfo\x07')]);
  const cases: [string, string[], string, string][] = [
    ['the version in the greeting of the shell', [], '\\q\n', '10.11\\x1b[31mx'],
    ['the text after a statement in the shell', [], 'do 1;\n\\q\n', '\\x1b[31minfo\\x07'],
    ['the version in the prompt', ['--prompt=\\v> '], '\\q\n', '10.11\\x1b[31mx> '],
    ['the text after a statement in batch', ['-vvv', '-e', 'update x'], '', '\\x1b[31minfo\\x07'],
  ];
  for (const [what, args, input, shown] of cases) {
    test(`is safe: ${what}`, async ({ expect }) => {
      const server = await startScriptedServer([
        buildGreeting('mysql_native_password', '10.11\x1b[31mx'),
        ok,
        ...Array.from({ length: 30 }, () => () => ok),
      ]);
      try {
        const address = ['--host=127.0.0.1', `--port=${server.port}`, '--skip-ssl', '-uu'];
        const output = await run([...address, '-A', ...args], { input });
        expect(output).toContain(shown);
        expect(output).not.toContain('\x1b[31m');
        expect(output).not.toContain('\x07');
      } finally {
        server.close();
      }
    });
  }
});
