import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startProgress } from '../../src/fanout/progress.js';
import { RunStats } from '../../src/fanout/run-stats.js';
import { chooseProgressMode } from '../../src/progress/progress-mode.js';

/**
 * Arguments: the number of wikis; `rows` if the rows go to standard output; `silent` for -s.
 * progress.test.ts runs this program.
 */
const [wikiCount, rowsToStdout, silentFlag] = process.argv.slice(2);

/** Shows the progress of a run that the commands on standard input simulate. */
function run(): void {
  const stats = new RunStats(Number(wikiCount));
  const mode = chooseProgressMode(rowsToStdout === 'rows', process.env);
  const progress = startProgress(stats, { mode, silent: silentFlag === 'silent' });
  writeSync(1, `${mode}\n`);
  let ended = 0;
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [command = '', ...words] = line.split(' ');
    if (command === 'begin') stats.beginWiki(words[0] ?? '');
    if (command === 'rows') stats.addRows(Number(words[0]), Number(words[1]));
    if (command === 'print') {
      progress.clear();
      writeSync(2, `${words.join(' ')}\n`);
    }
    if (command === 'stop') progress.stop();
    if (command === 'out') writeSync(1, `${words.join(' ')}\n`);
    if (command !== 'end') return;
    for (let remaining = Number(words[0]); remaining > 0; remaining--) {
      const wiki = `w${ended++}wiki`;
      stats.endWiki({
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
