import { once } from 'node:events';
import { join } from 'node:path';
import { startFarm } from './farm.js';
import { manyWikis } from './many-contents.js';
import { realSizes } from './many-names.js';
import { projectRoot, sections } from './places.js';
import { describeFarm, runningFarmVariable } from './running-farm.js';
import { shellVariables, writeOptionFile } from './shell.js';

/** A word as a shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function main(): Promise<void> {
  // Sections named as arguments are started alone; `many`: as many wikis as Wikimedia has.
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
  const program = `${quoted(join(projectRoot, 'bin', 'analytics-mysql'))} --defaults-extra-file=${optionFile}`;
  console.log('\nThey are up. Paste into another terminal:\n');
  for (const [name, value] of Object.entries(variables)) {
    console.log(`export ${name}=${quoted(value)}`);
  }
  console.log(`alias analytics-mysql=${quoted(program)}`);
  // Tests need all the sections of the sample.
  if (words.length === 0) {
    console.log(`
To run single test files on them, paste this as well; make test starts its own:

export ${runningFarmVariable}=${quoted(describeFarm(farm.info))}`);
  }
  console.log(`
then, for example:

analytics-mysql itwiki --print-target
analytics-mysql itwiki -e 'show tables'
echo 'select page_title from page limit 5' | analytics-mysql simplewiki
analytics-mysql wikishared -e 'show tables'
analytics-mysql staging -e 'create table mine (n int)'

Ctrl-C here stops them and removes their data.`);
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  await farm.stop();
  console.log('\nStopped.');
}

void main();
