import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CompletionShell,
  completionFiles,
  completionShells,
} from '../../../src/cli/completion-files.js';
import { formatCompletion } from '../../../src/cli/shell-completion/completion-script.js';
import { hasProgram, requireProgram } from '../../build/programs.js';
import { Tmux } from '../../farm/tmux.js';

/*
 * Presses Tab in real shells. The programs node and analytics-mysql that are first on their PATH leave a
 * trace if they are started.
 */

const directory = mkdtempSync(join(tmpdir(), 'completion-'));
const nodeStarted = join(directory, 'node-started');
const programs = join(directory, 'bin');
const lists = join(directory, 'mediawiki-config/dblists');
const credentials = join(directory, 'credentials');
const work = join(directory, 'work');

beforeAll(() => {
  for (const path of [programs, lists, credentials, join(work, 'subdirectory')]) {
    mkdirSync(path, { recursive: true });
  }
  for (const name of ['node', 'analytics-mysql']) {
    writeFileSync(join(programs, name), `#!/bin/sh\n: >${nodeStarted}\n`, { mode: 0o755 });
  }
  const files: Record<string, string> = {
    'all.dblist': '# all wikis\nenwikivoyage\n itwikivoyage # Italian\r\nnowiki\n\nnnwiki',
    's1.dblist': 'enwikivoyage\n',
    's12.dblist': 'nowiki\n',
    'wikipedia.dblist': 'nowiki\n',
    'closed-labs.dblist': 'nnwiki\n',
    'everything.dbexpr': '%% all\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(lists, name), text);
  for (const [checkout, wiki] of [
    ['other', 'itwikiquote'],
    ['with space', 'itwikisource'],
  ] as const) {
    const path = join(directory, checkout, 'dblists');
    mkdirSync(path, { recursive: true });
    for (const name of ['all', 'otherlist', 's21']) {
      writeFileSync(join(path, `${name}.dblist`), `${wiki}\n`);
    }
  }
  writeFileSync(join(credentials, 'research-client.cnf'), '');
  writeFileSync(join(credentials, 'unrelated.cnf'), '');
  writeFileSync(join(work, 'query.sql'), '');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What is typed before Tab, and the line after it. */
const cases: [typed: string, completed: string][] = [
  ['itw', 'itwikivoyage'],
  ['stag', 'staging'],
  ['--print-t', '--print-target'],
  ['--skip-ab', '--skip-abort-source-on-error'],
  ['--skip-auto-r', '--skip-auto-rehash'],
  ['--format parq', '--format parquet'],
  ['--format=parq', '--format=parquet'],
  ['--timestamps i', '--timestamps iso'],
  ['--section s12', '--section s12'],
  ['--section sta', '--section staging'],
  ['--credentials res', '--credentials research-client'],
  ['--output que', '--output query.sql'],
  ['--output=que', '--output=query.sql'],
  ['--mw-config-path sub', '--mw-config-path subdirectory/'],
  ['--defaults-file quer', '--defaults-file query.sql'],
  ['-D itw', '-D itwikivoyage'],
  ['--help conn', '--help connecting'],
  ['--completion fi', '--completion fish'],
  ['--wikis itw', '--wikis itwikivoyage'],
  ['--wikis everyt', '--wikis everything'],
  ['--wikis s1,itw', '--wikis s1,itwikivoyage'],
  ['--wikis=s1,itw', '--wikis=s1,itwikivoyage'],
  ["--wikis 'wikipedia - clos", "--wikis 'wikipedia - closed-labs"],
  ['--wikis "wikipedia + nowiki & s1,everyt', '--wikis "wikipedia + nowiki & s1,everything'],
  ['--mw-config-path ../other itw', '--mw-config-path ../other itwikiquote'],
  ['--mw-config-path=../other itw', '--mw-config-path=../other itwikiquote'],
  ['--mw-config-path ~/other itw', '--mw-config-path ~/other itwikiquote'],
  ['--mw-config-path=~/other itw', '--mw-config-path=~/other itwikiquote'],
  ["--mw-config-path '../with space' itw", "--mw-config-path '../with space' itwikisource"],
  ["--mw-config-path='../with space' itw", "--mw-config-path='../with space' itwikisource"],
  ['--mw-config-path ../with\\ space itw', '--mw-config-path ../with\\ space itwikisource'],
  ['--mw-config-path ../other --wikis oth', '--mw-config-path ../other --wikis otherlist'],
  ['--mw-config-path ../other --section s2', '--mw-config-path ../other --section s21'],
  ['--except closed', '--except closed-labs'],
  ['--wikis s1 --wiki-fields family,lang', '--wikis s1 --wiki-fields family,language'],
];

const commands: Record<CompletionShell, { start: string[]; setup: (file: string) => string }> = {
  bash: {
    start: ['bash', '--norc', '--noprofile', '-i'],
    setup: (file) => `bind 'set show-all-if-ambiguous on'; PS1='$ '; . ${file}`,
  },
  zsh: {
    start: ['zsh', '-f', '-i'],
    setup: (file) =>
      `PS1='$ '; fpath=(${join(file, '..')} $fpath); autoload -Uz compinit; compinit -u -D`,
  },
  fish: {
    start: ['fish', '--no-config', '-i'],
    setup: (file) => `function fish_prompt; echo '$ '; end; source ${file}`,
  },
};

describe.each(completionShells)('completion in %s', (shell) => {
  let terminal: Tmux;

  beforeAll(async () => {
    if (!hasProgram(shell) || !hasProgram('tmux')) return;
    const file = join(directory, shell, completionFiles[shell]);
    mkdirSync(join(file, '..'));
    writeFileSync(file, formatCompletion(shell));
    const { start, setup } = commands[shell];
    terminal = await Tmux.start(start, {
      cwd: work,
      env: {
        PATH: `${programs}:${process.env.PATH}`,
        HOME: directory,
        ANALYTICS_MYSQL_MW_CONFIG_PATH: join(directory, 'mediawiki-config'),
        ANALYTICS_MYSQL_CREDENTIALS_DIR: credentials,
      },
    });
    await terminal.enter(`${setup(file)}; clear; echo rea''dy`);
    await terminal.waitFor(/^ready$/m);
    await clear();
  });
  beforeEach((test) => {
    requireProgram(test, shell);
    requireProgram(test, 'tmux');
  });
  afterEach(async () => terminal && clear());
  afterAll(async () => terminal?.close());

  /** Deletes the line, and clears the screen. */
  async function clear(): Promise<void> {
    await terminal.press('C-u', 'C-l');
    await terminal.waitFor(/^\s*\$\s*$/);
  }

  it.each(cases)('%s → %s', async (typed, completed) => {
    await terminal.type(`analytics-mysql ${typed}`);
    await terminal.press('Tab');
    const line = `analytics-mysql ${completed}`.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    await terminal.waitFor(new RegExp(`^\\$ ${line}['"]?,? *$`, 'm'));
  });

  it('offers the operators after an operand and a space', async () => {
    await terminal.type("analytics-mysql --wikis 'wikipedia ");
    await terminal.press('Tab');
    const screen = await terminal.waitFor(/&.*\+.*-|\+.*-.*&|&.*-.*\+/s);
    expect(screen).not.toContain('nowiki');
  });

  it('does not run what is typed', async () => {
    await terminal.type('analytics-mysql --mw-config-path $(>ran) itw');
    await terminal.press('Tab');
    await clear();
    expect(existsSync(join(work, 'ran'))).toBe(false);
  });

  it('starts neither Node.js nor the program', () => {
    expect(existsSync(nodeStarted)).toBe(false);
  });
});
