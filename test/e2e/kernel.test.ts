import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { programEntry } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

/** A preloaded script that prints a line on standard error whenever WebAssembly is compiled. */
const reportCompilation = `
const { Module } = WebAssembly;
WebAssembly.Module = function (bytes) {
  console.error('compiled');
  return new Module(bytes);
};`;

it.each([
  [10, ''],
  [50_000, 'compiled\n'],
])('the built program compiles its WebAssembly kernel only for many rows: %i', (rows, expected) => {
  const file = join(emptyDirectory(), 'report-compilation.cjs');
  writeFileSync(file, reportCompilation);
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
