import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runOurs, startOurs } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

/*
 * Statements with a password: it appears in no message, in no file besides the results, and not in
 * the list of processes.
 */

const secret = 'open-sesame';
/** Succeeds on enwiktionary and exceeds the time limit on itwiki. */
const failing = `select length(password('${secret}')) a, sleep(if(database() = 'itwiki', 9, 0)) b`;

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

/** Returns the content of all files in a directory. */
function readFiles(directory: string): string {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = names
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
  return files.map((path) => readFileSync(path, 'latin1')).join('\n');
}

describe('the run with --resume', () => {
  it.each([
    [['-e', failing], '-e (the same value)'],
    [[`--execute=${failing}`], '--execute=(the same value)'],
    [[`-Ne${failing}`], '-Ne(the same value)'],
    [
      [`--init-command=set @x = password('${secret}')`, '-e', failing.replace(secret, 'x')],
      '--init-command=(the same value) -e (the same value)',
    ],
  ])('is suggested without the password of %j', async (words, shown) => {
    const directory = emptyDirectory();
    const wikis = '--wikis=itwiki,enwiktionary';
    const args = [wikis, '--max-statement-time=0.2', '--provenance', '--output'];
    const file = join(directory, 'x.tsv');
    const { stderr } = await runOurs([...args, file, ...words], { env: { HOME } });
    const wanted = `to resume, run: analytics-mysql ${args.join(' ')} ${file} ${shown} --resume\n`;
    expect(stderr).toContain(wanted);
    expect(stderr).not.toContain(secret);
    expect(readFiles(directory)).not.toContain(secret);
  });
});

it('--print-defaults masks statements with a password, and unknown options', async () => {
  const file = join(emptyDirectory(), 'x.cnf');
  const url = `connection='mysql://a:${secret}@h/d/t'`;
  writeFileSync(file, `[client]\ninit-command="set password='${secret}'"\npasswd=${secret}\n`);
  const args = [`--defaults-file=${file}`, '--print-defaults', '-e', url, `--my-pwd=${secret}`];
  const { stdout, stderr } = await runOurs(args);
  expect(stdout.toString()).toMatch(
    /^--init-command=\*{5} --passwd=\*{5} -e \*{5} --my-pwd=\*{5} $/m,
  );
  expect(stderr).toBe('');
});

it('an unknown option with a statement is reported without its password', async () => {
  const { stderr } = await runOurs([`--init-comand=set password='${secret}'`]);
  expect(stderr).toContain("unknown variable 'init-comand=*****'");
});

it('`ps` does not show a statement with a password', async () => {
  const statement = `select length(password('${secret}')), sleep(60)`;
  const child = startOurs(['itwiki', '-e', statement], { env: { HOME } });
  child.stdin?.end();
  const readTitle = () => readFileSync(`/proc/${child.pid}/cmdline`, 'latin1').split('\0')[0];
  await expect.poll(readTitle, { timeout: 20_000 }).toBe('analytics-mysql itwiki -e *****');
  child.kill('SIGKILL');
  await once(child, 'close');
});
