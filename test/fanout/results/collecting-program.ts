import { writeSync } from 'node:fs';
import { Failure } from '../../../src/failure.js';
import { openDirectoryCollector } from '../../../src/fanout/results/directory-collector.js';
import { queryAll, requestOf, wikiNames } from './fake-wikis.js';

/*
 * A program that collects the results of COUNT fake wikis into the directory or pattern OUTPUT, and
 * prints each wiki before it queries it: `collecting-program OUTPUT COUNT OPTION…`.
 */
const [path = '', count = '', ...options] = process.argv.slice(2);
const request = requestOf(wikiNames(Number(count)), '--output', path, ...options);
try {
  const collector = await openDirectoryCollector(request, path);
  process.once('SIGTERM', () => {
    collector.abandon();
    process.exit(143);
  });
  const wikis = request.plan.wikis.map(({ wiki }) => wiki);
  await queryAll(collector, wikis, (wiki) => {
    // A stream could lose its buffer when the program is killed.
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
