import { Journal } from '../../../src/fanout/journal/journal.js';

/** Keeps a journal open until the process is killed: `hold-journal.ts PATH RUN FINGERPRINT`. */
const [path = '', run = '', fingerprint = ''] = process.argv.slice(2);
Journal.open(path, { run, fingerprint }, { action: 'refuse' });
process.stdout.write('held\n');
setInterval(() => {}, 1000);
