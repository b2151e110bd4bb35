import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { programEntry } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let HOME: string;
let reportModules: string;
beforeAll(() => {
  HOME = homeWithCredentials();
  reportModules = join(emptyDirectory(), 'report-modules.cjs');
  writeFileSync(
    reportModules,
    `const { writeSync } = require('node:fs');
    process.on('exit', () => writeSync(2, process.moduleLoadList.join('\\n')));`,
  );
});

/** Returns which of `modules` a run loads. Loading a module costs milliseconds. */
function listLoaded(args: string[], modules: string[]): string[] {
  const { nameserver, mwConfigPath } = inject('farm');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['-r', reportModules, programEntry, ...args],
    {
      encoding: 'utf8',
      env: {
        HOME,
        LC_ALL: 'C.UTF-8',
        ANALYTICS_MYSQL_NAMESERVER: nameserver,
        ANALYTICS_MYSQL_MW_CONFIG_PATH: mwConfigPath,
      },
    },
  );
  expect(status).toBe(0);
  const names = stderr.split('\n');
  expect(names).toContain('NativeModule vm');
  return modules.filter((name) => names.includes(`NativeModule ${name}`));
}

/** Modules that few runs need. (node:dgram itself loads cluster, child_process, net and stream.) */
const rarelyNeeded = ['dns', 'fs/promises', 'perf_hooks', 'readline', 'tty', 'zlib'];

it('--print-target loads only the modules of Node that DNS needs', () => {
  // crypto is not in this list: dns2 creates query ids with it.
  const alsoUnneeded = ['tls', 'os', 'module', 'worker_threads'];
  expect(listLoaded(['itwiki', '--print-target'], [...rarelyNeeded, ...alsoUnneeded])).toEqual([]);
});

it('a statement over TLS loads few modules of Node except those of TLS', () => {
  expect(listLoaded(['itwiki', '-e', 'select 1'], [...rarelyNeeded, 'tls'])).toEqual(['tls']);
});
