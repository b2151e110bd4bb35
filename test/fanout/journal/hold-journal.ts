import { Journal } from '../../../src/fanout/journal/journal.js';

/** Holds a journal until it is ended: `hold-journal.ts PATH RUN FINGERPRINT`. */
const [path = '', run = '', fingerprint = ''] = process.argv.slice(2);
Journal.open(path, { run, fingerprint }, false);
process.stdout.write('held\n');
setInterval(() => {}, 1000);
