import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleProgram } from '../../bundle-program.js';
import { createRandom } from '../../output/rows.js';
import { temporaryDirectory } from '../../temporary-directory.js';

const program = await bundleProgram(join(import.meta.dirname, 'collecting-program.ts'));

interface ProgramResult {
  queriedWikis: string[];
  stderr: string;
  signal: NodeJS.Signals | null;
  code: number | null;
}

/** Runs the collecting program until it ends or `kill` ends it. */
async function runCollector(
  args: string[],
  kill?: { signal: NodeJS.Signals; wikis: number; milliseconds: number },
  wrapper: string[] = [],
): Promise<ProgramResult> {
  const [command = '', ...rest] = [...wrapper, process.execPath, program, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    const queriedCount = stdout.split('\n').length - 1;
    if (kill === undefined || timer !== undefined || queriedCount < kill.wikis) return;
    timer = setTimeout(() => child.kill(kill.signal), kill.milliseconds);
  });
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { queriedWikis: stdout.split('\n').slice(0, -1), stderr, signal, code };
}

/** Returns the files with final names, the journal's sorted entries, and whether it is finished. */
function readResult(directory: string) {
  const files = new Map<string, string>();
  let isFinished = false;
  if (!existsSync(directory)) return { files, lines: [], isFinished };
  let lines: string[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    if (/(^|\/)_.*\.journal$|\.run\/journal$/.test(name)) {
      // The kill may have cut off the last line.
      const entries = readFileSync(path, 'utf8').split('\n').slice(1, -1);
      if (entry.name.startsWith('_'))
        isFinished = entries.some((line) => line.includes('"finished"'));
      lines = [...lines, ...entries.filter((line) => !line.includes('"finished"'))].sort();
    } else if (!/(^|\/)[._]/.test(name)) {
      files.set(name, readFileSync(path, 'latin1'));
    }
  }
  return { files, lines, isFinished };
}

describe('a run into a directory that is repeatedly killed', () => {
  const count = 80;
  it.each([
    ['out/', []],
    ['edits.parquet/', []],
    ['out/{wiki}/{wiki}.csv.gz', []],
    ['out/', ['--union-columns']],
  ])('writes the same files as an undisturbed run: %s %j', async (output, options) => {
    const undisturbed = join(temporaryDirectory(), 'x');
    const args = (directory: string, ...resume: string[]) => [
      join(directory, output),
      String(count),
      ...options,
      ...resume,
    ];
    await runCollector(args(undisturbed));
    const expected = readResult(undisturbed);
    expect([expected.lines.length, expected.isFinished]).toEqual([count, true]);

    const directory = join(temporaryDirectory(), 'x');
    const random = createRandom(output.length + options.length);
    for (let round = 0; ; round++) {
      const signal = round % 4 === 3 ? 'SIGTERM' : 'SIGKILL';
      const kill = { signal, wikis: random(count / 2), milliseconds: random(12) } as const;
      const journaled = readResult(directory).lines.map(wikiOf);
      const result = await runCollector(args(directory, '--resume'), kill);
      expect(result.queriedWikis.filter((wiki) => journaled.includes(wiki))).toEqual([]);
      const { files } = readResult(directory);
      for (const [file, content] of files) expect(content === expected.files.get(file)).toBe(true);
      if (result.code === 0) break;
      expect(result.stderr).toBe('');
    }
    const result = readResult(directory);
    expect(result.files.size).toBe(expected.files.size);
    expect(result.lines).toEqual(expected.lines);
    expect(result.isFinished).toBe(true);
    expect(partFilesIn(directory)).toEqual([]);
  });
});

describe('a full disk', () => {
  it('ends the run with an error, and leaves no partial file', async () => {
    const directory = join(temporaryDirectory(), 'x');
    const limited = ['prlimit', '--fsize=100000'];
    const { stderr, code } = await runCollector([`${directory}/`, '60'], undefined, limited);
    expect(stderr).toMatch(
      /^output-failed: cannot write '\S+wiki.tsv' \(the file is too large\): it was not created\n$/,
    );
    expect(code).toBe(1);
    const before = readResult(directory);
    expect(before.files.size).toBeGreaterThan(0);
    expect(partFilesIn(directory)).toEqual([]);
    // The file size is no longer limited.
    const { queriedWikis } = await runCollector([`${directory}/`, '60', '--resume']);
    expect(queriedWikis.length).toBe(60 - before.lines.length);
    const undisturbed = join(temporaryDirectory(), 'x');
    await runCollector([`${undisturbed}/`, '60']);
    expect(readResult(directory)).toEqual(readResult(undisturbed));
  });
});

const wikiOf = (line: string): string => JSON.parse(line).wiki;

/** Returns the names of remaining part files and lock files. */
function partFilesIn(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /(^|\/)\.|\.lock-/.test(name));
}
