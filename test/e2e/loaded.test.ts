import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { programEntry } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let HOME: string;
let telling: string;
beforeAll(() => {
  HOME = homeWithCredentials();
  telling = join(emptyDirectory(), 'telling.cjs');
  writeFileSync(
    telling,
    `const { writeSync } = require('node:fs');
    process.on('exit', () => writeSync(2, process.moduleLoadList.join('\\n')));`,
  );
});

/** Which of the modules a run has loaded; each costs milliseconds. */
function loaded(args: string[], modules: string[]): string[] {
  const { nameserver, mwConfigPath } = inject('farm');
  const { status, stderr } = spawnSync(process.execPath, ['-r', telling, programEntry, ...args], {
    encoding: 'utf8',
    env: {
      HOME,
      LC_ALL: 'C.UTF-8',
      ANALYTICS_MYSQL_NAMESERVER: nameserver,
      ANALYTICS_MYSQL_MW_CONFIG_PATH: mwConfigPath,
    },
  });
  expect(status).toBe(0);
  const names = stderr.split('\n');
  expect(names).toContain('NativeModule vm');
  return modules.filter((name) => names.includes(`NativeModule ${name}`));
}

/** Modules that few runs need. (node:dgram itself loads cluster, child_process, net and stream.) */
const few = ['dns', 'fs/promises', 'perf_hooks', 'readline', 'tty', 'zlib'];

it('--print-target loads no module of Node that DNS does not need', () => {
  // dns2 draws the ids of queries with crypto.
  const more = ['tls', 'os', 'module', 'worker_threads'];
  expect(loaded(['itwiki', '--print-target'], [...few, ...more])).toEqual([]);
});

it('a statement over TLS loads of Node little more than what TLS takes', () => {
  expect(loaded(['itwiki', '-e', 'select 1'], [...few, 'tls'])).toEqual(['tls']);
});
