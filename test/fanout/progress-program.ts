import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startProgress } from '../../src/fanout/progress.js';
import { Tally } from '../../src/fanout/tally.js';
import { meansOfProgress } from '../../src/progress/means.js';

/** Arguments: how many wikis, whether the rows go to standard output, `silent`. */
const [total, rows, silent] = process.argv.slice(2);

/** Shows the progress of a run that goes as the lines of standard input say. */
function run(): void {
  const tally = new Tally(Number(total));
  const means = meansOfProgress(rows === 'rows', process.env);
  const progress = startProgress(tally, { means, silent: silent === 'silent' });
  writeSync(1, `${means}\n`);
  let wikis = 0;
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [command = '', ...words] = line.split(' ');
    if (command === 'begin') tally.begin(words[0] ?? '');
    if (command === 'rows') tally.count(Number(words[0]), Number(words[1]));
    if (command === 'tell') {
      progress.clear();
      writeSync(2, `${words.join(' ')}\n`);
    }
    if (command === 'stop') progress.stop();
    if (command === 'out') writeSync(1, `${words.join(' ')}\n`);
    if (command !== 'end') return;
    for (let left = Number(words[0]); left > 0; left--) {
      const wiki = `w${wikis++}wiki`;
      tally.end({
        wiki,
        database: wiki,
        section: 's2',
        outcome: 'ok',
        reason: undefined,
        rows: 0,
        bytes: 0,
        seconds: 0,
        serverVersion: undefined,
      });
    }
  });
}

run();
