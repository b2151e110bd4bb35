import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunResult, runInBash, runOurs, runOursWarm } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

/*
 * The option files of this program, which the client does not have, read by the built program.
 */

/** Creates a home directory and a directory for XDG_CONFIG_HOME with a config.cnf. */
function configure(...options: string[]): { env: Record<string, string>; file: string } {
  const config = emptyDirectory();
  const file = join(config, 'analytics-mysql/config.cnf');
  mkdirSync(join(config, 'analytics-mysql'));
  writeFileSync(file, ['[analytics-mysql]', ...options, ''].join('\n'));
  return { env: { HOME: homeWithCredentials(), XDG_CONFIG_HOME: config }, file };
}

const text = ({ stdout, stderr, code }: RunResult) => ({ stdout: stdout.toString(), stderr, code });
const query = ['-e', 'select page_id from page order by 1 limit 1'];

describe('$XDG_CONFIG_HOME/analytics-mysql/config.cnf', () => {
  it('sets defaults, which the command line overrides', async () => {
    const { env } = configure('format = jsonl', 'section = s2');
    const where = ['-e', 'select @@port - 3310 as section'];
    const run = async (...args: string[]) => text(await runOurs([...args, ...where], { env }));
    expect(await run()).toEqual({ stdout: '{"section":2}\n', stderr: '', code: 0 });
    const overridden = await run('--format', 'csv', '--section', 's1');
    expect(overridden).toEqual({ stdout: 'section\n1\n', stderr: '', code: 0 });
  });

  it('applies after ~/.my.cnf, and has options of the client, too', async () => {
    const { env } = configure('skip-column-names', 'format=csv');
    writeFileSync(join(env.HOME ?? '', '.my.cnf'), '[analytics-mysql]\nformat=jsonl\n', {
      flag: 'a',
    });
    expect(text(await runOurs(['itwiki', ...query], { env }))).toEqual({
      stdout: '1\n',
      stderr: '',
      code: 0,
    });
  });

  // What is looked up later than the options are read.
  it.each([
    ['section=../s2', query],
    ['section=s99', query],
    ['domain=a b', ['itwiki', '--print-target']],
    ['nameserver=x:y', ['itwiki', '--print-target']],
    ['mw-config-path=/no/such', ['itwiki', '--print-target']],
    ['mw-config-path=/dev', ['itwiki', '--print-target']],
    ['mw-config-path=/no/such', ['--list-lists']],
    ['wikis=itwik', query],
    ['wikis=itwiki + - enwiki', query],
    ['except=itwik', ['--wikis', 'itwiki', ...query]],
    ['client=/no/such/client', ['itwiki', ...query]],
    ['output={wiki}/', ['--wikis', 'itwiki', ...query]],
    ['resume', ['--wikis', 'itwiki', '--output', '/dev/null', ...query]],
    ['provenance', ['itwiki', '--output', '/dev/null', ...query]],
    ['output=/no/such/x.csv', ['itwiki', ...query]],
    ['output=/no/such/x.csv', ['--wikis', 'itwiki', ...query]],
    ['output=/dev/null/x/', ['--wikis', 'itwiki', ...query]],
  ])('is named in the message about its %s', async (line, args) => {
    const { env, file } = configure(line);
    const { stderr, stdout, code } = text(await runOursWarm(args, { env }));
    const name = line.replace(/=.*/, '');
    expect(stderr).toMatch(/^analytics-mysql: .*\n$/);
    expect(stderr.trimEnd().endsWith(` (${name} is set in '${file}')`), stderr).toBe(true);
    expect(stdout).toBe('');
    expect(code).toBeGreaterThan(0);
  });
});

describe('/etc/analytics-mysql.cnf', () => {
  /** Runs a command line where /etc is another directory, in which only this file was added. */
  async function runWithFile(content: string, line: string) {
    const directory = emptyDirectory();
    mkdirSync(join(directory, 'etc'));
    writeFileSync(join(directory, 'etc/analytics-mysql.cnf'), content);
    const mount = `mount --bind ${directory}/etc /etc`;
    const names = 'for name in passwd group hosts nsswitch.conf resolv.conf; do';
    const copy = `${names} [ ! -e /etc/$name ] || cp -L /etc/$name ${directory}/etc/; done`;
    const inner = `${copy} && ${mount} && ${line}`;
    const { HOME } = configure().env;
    return runInBash(`unshare --map-root-user --mount sh -c '${inner}'`, {
      env: { HOME, XDG_CONFIG_HOME: undefined },
    }).ended;
  }

  it('sets defaults for all users', async (test) => {
    const probe = await runWithFile('', 'true');
    test.skip(probe.code !== 0, `this needs a mount namespace: ${probe.stderr.trim()}`);
    const line = 'analytics-mysql itwiki -e "select page_id from page order by 1 limit 1"';
    expect(text(await runWithFile('[analytics-mysql]\nformat=jsonl\n', line))).toEqual({
      stdout: '{"page_id":1}\n',
      stderr: '',
      code: 0,
    });
    expect(text(await runWithFile('[analytics-mysql]\nformat=cvs\n', line))).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/ \(format is set in '\/etc\/analytics-mysql\.cnf'\)\n$/),
      code: 13,
    });
  });
});
