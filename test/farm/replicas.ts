import { once } from 'node:events';
import { join } from 'node:path';
import { startFarm } from './farm.js';
import { manyWikis } from './many-contents.js';
import { realSizes } from './many-names.js';
import { describeFarm, runningFarmVariable } from './running-farm.js';
import { projectRoot, sections } from './sections.js';
import { shellVariables, writeOptionFile } from './shell.js';

/*
 * `make replicas`: keeps a farm running until a signal arrives. The arguments are sections to start, by
 * default all; `many` starts as many wikis as Wikimedia has.
 */

/** Quotes a word for a shell. */
function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const named = sections.filter((section) => words.includes(section));
  const running = named.length > 0 ? named : [...sections];
  console.log(`Starting local replicas: MariaDB servers for ${running.join(', ')} …`);
  const farm = await startFarm({
    sections: running,
    ...(words.includes('many') && { contents: manyWikis(realSizes) }),
  });
  const optionFile = join(farm.directory, 'client.cnf');
  writeOptionFile(farm, optionFile);
  const { PATH: _, ...variables } = shellVariables(farm);
  const program = `${quoteForShell(join(projectRoot, 'bin', 'analytics-mysql'))} --defaults-extra-file=${optionFile}`;
  console.log('\nThe replicas are up. Paste this into another terminal:\n');
  for (const [name, value] of Object.entries(variables)) {
    console.log(`export ${name}=${quoteForShell(value)}`);
  }
  console.log(`alias analytics-mysql=${quoteForShell(program)}`);
  // The tests need all sections of the sample.
  if (words.length === 0) {
    console.log(`
To run single test files on these replicas, paste this too (make test starts its own):

export ${runningFarmVariable}=${quoteForShell(describeFarm(farm.info))}`);
  }
  console.log(`
Then run, for example:

analytics-mysql itwiki --print-target
analytics-mysql itwiki -e 'show tables'
echo 'select page_title from page limit 5' | analytics-mysql simplewiki
analytics-mysql wikishared -e 'show tables'
analytics-mysql staging -e 'create table mine (n int)'

Press Ctrl-C here to stop the replicas and remove their data.`);
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  await farm.stop();
  console.log('\nStopped.');
}

void main();
