import { filesIn, namesOf } from './wikis.js';

/** Selects wikis for a run that lasts long enough to be killed before its end. */
export const selection = 's2,s5,s7';
export const wikis = [...namesOf.s2, ...namesOf.s5, ...namesOf.s7].sort();
/** Takes about two thirds of a second for s5, and returns about 20 kB per wiki. */
export const sql = `select seq, repeat(database(), 10) r, sleep(if(seq = 1, 0.01, 0)) s from seq_1_to_200`;

/** Returns the files that every run writes alike: all but the journal, which has the run id. */
export function outputFilesIn(directory: string): Record<string, string> {
  const files = Object.entries(filesIn(directory));
  return Object.fromEntries(files.filter(([name]) => !name.endsWith('.journal')));
}
