import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { escapeRegExp } from '../../src/text/regex-escape.js';
import { emptyDirectory, homeWithCredentials } from '../e2e/home.js';
import { test as it } from '../farm/on-terminal.js';
import { program, runInBash } from '../farm/run.js';
import { projectRoot } from '../farm/sections.js';
import type { Tmux } from '../farm/tmux.js';
import { type Block, documentPaths, readDocument } from './markdown.js';
import {
  maskTimes,
  matchesOutput,
  parseSession,
  parseTranscript,
  type TypedLine,
} from './transcript.js';

/*
 * Runs the commands in the documents on the farm and compares what they print. The blocks of a document
 * run one after the other in one directory. The language of a block says what it is:
 *
 * - `console`: commands and their output, as parseTranscript and matchesOutput read them. A command may
 *   fail only if the next one is `echo $?`.
 * - `terminal`: a session on a terminal of 100 columns, as parseSession reads it. Each line after a
 *   prompt is typed into bash, or into the program that bash runs.
 * - `sh`: commands that cannot run here; `testedElsewhere` names their test.
 * - any language with the name of a file after it, such as ```sql edits.sql: the file is written for the
 *   commands that follow. `~/` is the home directory.
 */

/** Languages of blocks that are only shown. */
const shown = ['text', 'sql', 'ini', 'json', 'ts', 'python', 'r'];

/** Beginnings of the commands in `sh` blocks, and the test or the program that runs them. */
const testedElsewhere: Record<string, string> = {
  'make demo': '.ci/run',
  'make test': '.ci/run',
  'make build': '.ci/run',
  'sudo make install': 'test/build/install.test.ts',
  'make install': 'test/build/install.test.ts',
  'make deb': 'test/build/packages.test.ts',
  'sudo apt install': 'test/farm/try-deb.ts',
  'make tarball': 'test/build/packages.test.ts',
  'tar -xf packages/': 'test/build/packages.test.ts',
  'analytics-mysql-VERSION/bin/': 'test/build/packages.test.ts',
  'npm install': 'test/build/npm-package.test.ts',
  'npm pack': 'test/build/npm-package.test.ts',
};

/** Programs for commands that the machine may lack; those of the machine are preferred. */
const programs = join(import.meta.dirname, 'programs');

/**
 * Programs that the machine may lack: how commands that need one begin, how to find out whether it is
 * there, and how to install it.
 */
const optionalPrograms = [
  { command: 'jq', probe: 'command -v jq', install: 'jq' },
  {
    command: 'python3',
    probe: `python3 -c 'import pyarrow, pandas; pandas.DataFrame.map'`,
    install: 'pandas 2.1 or newer and pyarrow with pip',
  },
  {
    command: 'Rscript read_parquet.R',
    probe: `Rscript -e 'library(nanoparquet)'`,
    install: "R's package nanoparquet",
  },
  { command: 'Rscript read_csv.R', probe: `Rscript -e 'library(readr)'`, install: 'r-cran-readr' },
  { command: 'systemd-analyze', probe: 'command -v systemd-analyze', install: 'systemd' },
];

/** Runs the commands of a block in one shell; returns what each printed on both outputs. */
async function runCommands(commands: string[], home: string, cwd: string) {
  const script = commands.map(
    (command) => `${command}\nstatus=$?; printf '\\0%d\\0' $status; (exit $status)\n`,
  );
  const line = `set -o pipefail; exec 2>&1; PATH=$PATH:'${programs}':'${dirname(process.execPath)}'\n${script.join('')}`;
  // A login of systemd sets XDG_RUNTIME_DIR, and systemd-analyze needs it.
  const env = { HOME: home, XDG_CONFIG_HOME: undefined, XDG_RUNTIME_DIR: home };
  const { stdout } = await runInBash(line, { cwd, env }).ended;
  const parts = stdout.toString().split('\0');
  return commands.map((command, index) => ({
    command,
    output: parts[2 * index] ?? '',
    status: Number(parts[2 * index + 1]),
  }));
}

/** Returns the first program that a block needs and this machine lacks. */
async function missingProgram(block: Block) {
  for (const one of optionalPrograms) {
    if (!new RegExp(`(^|[|(] *|\\$ )${one.command}(?=\\s)`, 'm').test(block.text)) continue;
    if ((await runInBash(one.probe).ended).code !== 0) return one;
  }
  return undefined;
}

/** Returns the text between the beginning of the row and the cursor. */
async function textBeforeCursor(terminal: Tmux): Promise<string> {
  const { row, column } = await terminal.cursor();
  return (await terminal.screen()).split('\n')[row]?.slice(0, column) ?? '';
}

/**
 * Presses a key that changes a line that was typed. Returns the text before the cursor, which has to be
 * a beginning of `expected`.
 */
async function pressKey(terminal: Tmux, key: string, typed: string, expected: string) {
  await terminal.waitUntil(`the typed text '${typed}'`, async () => {
    return (await textBeforeCursor(terminal)) === typed;
  });
  let shown = '';
  const changes = async () => {
    shown = await textBeforeCursor(terminal);
    return shown !== typed && expected.startsWith(shown);
  };
  const pressAgain = async () => {
    await terminal.press(key);
    return terminal.waitUntil('', changes, { timeout: 500 }).then(
      () => true,
      () => false,
    );
  };
  // The shell reads names in the background: Tab completes none until they are there.
  if (key === 'Tab') await terminal.waitUntil(`'${expected}' after Tab`, pressAgain);
  else {
    await terminal.press(key);
    await terminal.waitUntil(`'${expected}' after ${key}`, changes);
  }
  return shown;
}

/**
 * Types a session into a terminal, each line after its prompt; returns all lines that the screen showed
 * until the next prompt.
 */
async function runSession(terminal: Tmux, typedLines: TypedLine[]): Promise<string> {
  /** What the line shows already, because a key of the line before completed it. */
  let shown = '';
  for (const [index, { prompt, text, key }] of typedLines.entries()) {
    const line = `${prompt} ${text}`;
    if (shown === '') await terminal.waitForPrompt(new RegExp(`^${escapeRegExp(prompt)}$`));
    await terminal.type(shown === '' ? text : line.slice(shown.length));
    const next = typedLines[index + 1];
    shown =
      key === undefined ? '' : await pressKey(terminal, key, line, `${next?.prompt} ${next?.text}`);
    if (key === undefined) await terminal.press('Enter');
  }
  await terminal.waitForPrompt(/^(\$|.*>)$/);
  const lines = (await terminal.allLines()).split('\n');
  return `${lines.slice(0, -1).join('\n')}\n`;
}

/** The first command of a block, as the name of its test. */
function nameOf(block: Block): string {
  return `line ${block.line}: ${block.text.split('\n', 1)[0] ?? ''}`;
}

/** The documents that have blocks, by their paths. */
const documents = documentPaths()
  .map((path) => [path, readDocument(path)] as const)
  .filter(([, { blocks }]) => blocks.length > 0);

describe.each(documents)('%s', (_, document) => {
  const home = homeWithCredentials();
  const cwd = emptyDirectory();
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(projectRoot, join(cwd, 'node_modules/analytics-mysql'));

  for (const block of document.blocks) {
    if (block.language === 'console') {
      it(nameOf(block), async ({ skip }) => {
        const missing = await missingProgram(block);
        skip(
          missing !== undefined,
          `${missing?.command} needs a program that is missing: install ${missing?.install}`,
        );
        const transcript = parseTranscript(block.text);
        const results = await runCommands(
          transcript.map(({ command }) => command),
          home,
          cwd,
        );
        const actual = results.map(({ command, output, status }, index) => {
          const expected = transcript[index]?.output ?? '';
          const mayFail = results[index + 1]?.command === 'echo $?';
          const note = status === 0 || mayFail ? '' : `(exit status ${status})\n`;
          return `$ ${command}\n${matchesOutput(expected, output) ? expected : output}${note}`;
        });
        const expected = transcript.map(({ command, output }) => `$ ${command}\n${output}`);
        expect(actual.join('')).toBe(expected.join(''));
      });
    } else if (block.language === 'terminal') {
      it(nameOf(block), async ({ onTerminal }) => {
        const PATH = `${dirname(program)}:${process.env.PATH}`;
        const env = { HOME: home, PATH, PS1: '$ ', XDG_CONFIG_HOME: undefined };
        const terminal = await onTerminal(['bash', '--norc'], { cwd, env });
        const { typed, screen } = parseSession(block.text);
        const actual = maskTimes(await runSession(terminal, typed));
        const expected = maskTimes(screen);
        expect(matchesOutput(expected, actual) ? expected : actual).toBe(expected);
      });
    } else if (block.file !== undefined) {
      it(`${nameOf(block)}: writes ${block.file}`, () => {
        const file = block.file?.replace(/^~\//, `${home}/`) ?? '';
        const target = join(file.startsWith('/') ? '/' : cwd, file);
        expect(target.startsWith(home) || target.startsWith(cwd)).toBe(true);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, block.text);
      });
    } else if (block.language === 'sh') {
      it(`${nameOf(block)}: is tested elsewhere`, () => {
        for (const command of block.text.split('\n')) {
          // Lines that begin with a space continue a command.
          if (command === '' || /^[# ]/.test(command)) continue;
          const known = Object.keys(testedElsewhere).find((start) => command.startsWith(start));
          expect(known, `no test is named for: ${command}`).toBeDefined();
          expect(existsSync(join(projectRoot, testedElsewhere[known ?? ''] ?? ''))).toBe(true);
        }
      });
    } else {
      it(`line ${block.line}: has a language`, () => {
        expect(shown).toContain(block.language);
      });
    }
  }
});
