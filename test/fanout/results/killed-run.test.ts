import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundled } from '../../bundled.js';
import { generator } from '../../output/rows.js';
import { temporaryDirectory } from '../../temporary.js';

const program = await bundled(join(import.meta.dirname, 'gather-program.ts'));

interface Ended {
  asked: string[];
  stderr: string;
  signal: NodeJS.Signals | null;
  code: number | null;
}

/** Runs the program to its end, or until `ending` ends it. */
async function gather(
  args: string[],
  ending?: { signal: NodeJS.Signals; wikis: number; milliseconds: number },
  before: string[] = [],
): Promise<Ended> {
  const [command = '', ...rest] = [...before, process.execPath, program, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    const asked = stdout.split('\n').length - 1;
    if (ending === undefined || timer !== undefined || asked < ending.wikis) return;
    timer = setTimeout(() => child.kill(ending.signal), ending.milliseconds);
  });
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { asked: stdout.split('\n').slice(0, -1), stderr, signal, code };
}

/** The files that have their names, and the lines of the journal about them, sorted. */
function resultOf(directory: string): { files: Map<string, string>; lines: string[] } {
  const files = new Map<string, string>();
  if (!existsSync(directory)) return { files, lines: [] };
  let lines: string[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    if (/(^|\/)_.*\.journal$|\.run\/journal$/.test(name)) {
      // What is behind the last end of a line was cut off by the kill.
      lines = readFileSync(path, 'utf8').split('\n').slice(1, -1).sort();
    } else if (!/(^|\/)[._]/.test(name)) {
      files.set(name, readFileSync(path, 'latin1'));
    }
  }
  return { files, lines };
}

describe('a run into a directory that is killed again and again', () => {
  const count = 80;
  it.each([
    ['out/', []],
    ['edits.parquet/', []],
    ['out/{wiki}/{wiki}.csv.gz', []],
    ['out/', ['--union-columns']],
  ])('has in the end what an undisturbed one has: %s %j', async (output, options) => {
    const undisturbed = join(temporaryDirectory(), 'x');
    const args = (directory: string, ...resume: string[]) => [
      join(directory, output),
      String(count),
      ...options,
      ...resume,
    ];
    await gather(args(undisturbed));
    const expected = resultOf(undisturbed);
    // Where files are made at the end, all that was kept is gone then.
    expect(expected.lines.length).toBe(options.includes('--union-columns') ? 0 : count);

    const directory = join(temporaryDirectory(), 'x');
    const random = generator(output.length + options.length);
    let resume: string[] = [];
    for (let round = 0; ; round++) {
      const signal = round % 4 === 3 ? 'SIGTERM' : 'SIGKILL';
      const ending = { signal, wikis: random(count / 2), milliseconds: random(12) } as const;
      const journaled = resultOf(directory).lines.map(wikiOf);
      const ended = await gather(args(directory, ...resume), ending);
      expect(ended.asked.filter((wiki) => journaled.includes(wiki))).toEqual([]);
      const { files, lines } = resultOf(directory);
      for (const [file, content] of files) expect(content === expected.files.get(file)).toBe(true);
      if (ended.code === 0) break;
      // One that was ended before it had begun leaves nothing to resume.
      expect(ended.stderr).toMatch(lines.length > 0 ? /^$/ : /^(no-journal: .*\n)?$/);
      resume = lines.length > 0 || ended.stderr === '' ? ['--resume'] : [];
    }
    const result = resultOf(directory);
    expect(result.files.size).toBe(expected.files.size);
    expect(result.lines).toEqual(expected.lines);
    expect(hiddenIn(directory)).toEqual([]);
  });
});

describe('a full disk', () => {
  it('ends the run with a line that says so, and leaves no half file', async () => {
    const directory = join(temporaryDirectory(), 'x');
    const limited = ['prlimit', '--fsize=100000'];
    const { stderr, code } = await gather([`${directory}/`, '60'], undefined, limited);
    expect(stderr).toMatch(
      /^output-failed: cannot write \S+wiki.tsv \(EFBIG\): it was not made\n$/,
    );
    expect(code).toBe(1);
    const before = resultOf(directory);
    expect(before.files.size).toBeGreaterThan(0);
    expect(hiddenIn(directory)).toEqual([]);
    // There is room again.
    const { asked } = await gather([`${directory}/`, '60', '--resume']);
    expect(asked.length).toBe(60 - before.lines.length);
    const undisturbed = join(temporaryDirectory(), 'x');
    await gather([`${undisturbed}/`, '60']);
    expect(resultOf(directory)).toEqual(resultOf(undisturbed));
  });
});

const wikiOf = (line: string): string => JSON.parse(line).wiki;

/** What is left under names of files that are not whole, and claims. */
function hiddenIn(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /(^|\/)\.|\.lock-/.test(name));
}
