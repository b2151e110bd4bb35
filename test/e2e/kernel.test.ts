import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { programEntry } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

/** Says on standard error whenever WebAssembly is compiled. */
const telling = `
const { Module } = WebAssembly;
WebAssembly.Module = function (bytes) {
  console.error('compiled');
  return new Module(bytes);
};`;

it.each([
  [10, ''],
  [50_000, 'compiled\n'],
])('the build takes %i rows with the kernel only if they are many', (rows, expected) => {
  const file = join(emptyDirectory(), 'telling.cjs');
  writeFileSync(file, telling);
  const { nameserver, mwConfigPath } = inject('farm');
  const args = ['-r', file, programEntry, 'itwiki', '-e', `select seq from seq_1_to_${rows}`];
  const { stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: {
      HOME: homeWithCredentials(),
      ANALYTICS_MYSQL_NAMESERVER: nameserver,
      ANALYTICS_MYSQL_MW_CONFIG_PATH: mwConfigPath,
    },
  });
  expect(stderr).toBe(expected);
});
