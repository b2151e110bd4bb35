import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The rooms whose tests need servers: the farm is started once, and only if one of them runs. */
const onTheFarm = ['{farm,replica,output,session,fanout,parity,shell,e2e,library}/**/*.test.ts'];

/** Those on a farm of hundreds of wikis, which is started likewise. */
const amongMany = ['e2e/many-*.test.ts'];

export default defineConfig({
  cacheDir: fileURLToPath(new URL('../node_modules/.vite', import.meta.url)),
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One more than most machines that run this have cores: each test waits, much of its time, for
    // programs, servers and times.
    maxWorkers: 3,
    // A process for each file would cost a third of a second of computing for each. Files leave
    // nothing behind in theirs: no changed environment, no directory, no clock.
    isolate: false,
    setupFiles: ['./setup.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['**/*.test.ts'], exclude: onTheFarm } },
      {
        extends: true,
        test: {
          name: 'farm',
          include: onTheFarm,
          exclude: amongMany,
          globalSetup: ['./farm/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'many', include: amongMany, globalSetup: ['./farm/many-setup.ts'] },
      },
    ],
  },
});
