import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test, vi } from 'vitest';
import { loadPages } from './bench-pages.js';
import { type Farm, startFarm } from './farm.js';
import { runClient } from './run.js';
import { projectRoot } from './sections.js';

/** Returns the command lines of all processes whose command line contains a directory. */
function processesOf(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return []; // the process has just ended
      }
    })
    .filter((line) => line.includes(directory));
}

const { nameserver } = inject('farm');

describe('a second farm', () => {
  test('runs next to the first, can load the benchmark rows, and leaves no processes or files', async () => {
    const farm: Farm = await startFarm({ sections: ['s2'] });
    try {
      expect(farm.nameserver).not.toBe(nameserver);
      // The server and the process that removes the directory.
      expect(processesOf(farm.directory)).toHaveLength(2);
      await loadPages(farm, 1000);
      const sql = 'select count(*) from itwiki.page_big';
      const place = ['-h', farm.address('s2'), '-P', String(farm.port('s2'))];
      const result = await runClient('s2', [...place, '-N', '-e', sql]);
      expect(result).toMatchObject({ stderr: '', stdout: Buffer.from('1000\n') });
    } finally {
      await farm.stop();
    }
    expect(processesOf(farm.directory)).toEqual([]);
    expect(existsSync(farm.directory)).toBe(false);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'leaves no processes or files when the process that started it gets %s',
    async (signal) => {
      const starter = spawn(
        process.execPath,
        ['--import', 'tsx', join('test', 'farm', 'replicas.ts'), 's2'],
        {
          cwd: projectRoot,
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const ended = once(starter, 'exit');
      let output = '';
      starter.stdout.on('data', (data: Buffer) => {
        output += data.toString();
      });
      await vi.waitUntil(() => output.includes('Ctrl-C') || starter.exitCode !== null, 20_000);
      const directory = /--defaults-extra-file=(.*)\/client\.cnf/.exec(output)?.[1];
      if (directory === undefined) throw new Error(`unexpected output: ${output}`);
      expect(processesOf(directory)).toHaveLength(2);

      starter.kill(signal);
      expect(await ended).toEqual(signal === 'SIGKILL' ? [null, signal] : [0, null]);
      await vi.waitUntil(() => processesOf(directory).length === 0, 10_000);
      expect(existsSync(directory)).toBe(false);
    },
  );
});
