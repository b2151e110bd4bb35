import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The directories whose tests need servers. The farm starts once, and only if one of them runs. */
const farmTests = [
  '{farm,replica,output,session,fanout,parity,shell,e2e,library}/**/*.test.ts',
  'docs/commands.test.ts',
];

/** The tests that need a farm of hundreds of wikis, which starts in the same way. */
const manyTests = ['e2e/{many-*,studies}.test.ts'];

// Node.js reads the certificate authorities in this file at each start, which doubles the time of a
// start. No test needs them.
delete process.env.NODE_EXTRA_CA_CERTS;

export default defineConfig({
  cacheDir: fileURLToPath(new URL('../node_modules/.vite', import.meta.url)),
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One more than the cores of most machines that run this, since tests spend much of their time
    // waiting for programs, servers and timers. With four, more of them exceed their time.
    maxWorkers: 3,
    // A separate process would take a third of a second of CPU time for each file. Each file restores
    // what it changes in its process: environment, working directory, clock.
    isolate: false,
    setupFiles: ['./setup.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['**/*.test.ts'], exclude: farmTests } },
      {
        extends: true,
        test: {
          name: 'farm',
          include: farmTests,
          exclude: manyTests,
          globalSetup: ['./farm/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'many', include: manyTests, globalSetup: ['./farm/many-setup.ts'] },
      },
    ],
  },
});
