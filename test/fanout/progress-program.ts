import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startProgress } from '../../src/fanout/progress.js';
import { RunStats } from '../../src/fanout/run-stats.js';
import { progressMode } from '../../src/progress/progress-mode.js';

/** Arguments: how many wikis, whether the rows go to standard output, `silent`. */
const [total, rows, silent] = process.argv.slice(2);

/** Shows the progress of a run that goes as the lines of standard input say. */
function run(): void {
  const stats = new RunStats(Number(total));
  const means = progressMode(rows === 'rows', process.env);
  const progress = startProgress(stats, { mode: means, silent: silent === 'silent' });
  writeSync(1, `${means}\n`);
  let wikis = 0;
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [command = '', ...words] = line.split(' ');
    if (command === 'begin') stats.begin(words[0] ?? '');
    if (command === 'rows') stats.count(Number(words[0]), Number(words[1]));
    if (command === 'tell') {
      progress.clear();
      writeSync(2, `${words.join(' ')}\n`);
    }
    if (command === 'stop') progress.stop();
    if (command === 'out') writeSync(1, `${words.join(' ')}\n`);
    if (command !== 'end') return;
    for (let left = Number(words[0]); left > 0; left--) {
      const wiki = `w${wikis++}wiki`;
      stats.end({
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
