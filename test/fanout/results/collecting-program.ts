import { writeSync } from 'node:fs';
import { Failure } from '../../../src/failure.js';
import { openDirectoryCollector } from '../../../src/fanout/results/directory-collector.js';
import { askAll, requestOf, wikisUpTo } from './made-up.js';

/** Gathers made-up wikis: `gather-program PLACE COUNT OPTION…`; says which it asks. */
const [path = '', count = '', ...options] = process.argv.slice(2);
const request = requestOf(wikisUpTo(Number(count)), '--output', path, ...options);
try {
  const collector = await openDirectoryCollector(request, path);
  process.once('SIGTERM', () => {
    collector.abandon();
    process.exit(143);
  });
  const names = request.plan.wikis.map(({ wiki }) => wiki);
  await askAll(collector, names, (wiki) => {
    // Not by way of a stream: what was asked is told before it is killed.
    writeSync(1, `${wiki}\n`);
  }).catch((error) => {
    collector.abandon();
    throw error;
  });
  await collector.finish();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  writeSync(2, `${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
