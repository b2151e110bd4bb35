import { filesIn, namesOf } from './wikis.js';

/** A run that lasts long enough to be killed in its midst. */
export const chosen = 's2,s5,s7';
export const wikis = [...namesOf.s2, ...namesOf.s5, ...namesOf.s7].sort();
/** Two thirds of a second for s5 alone, some 20 kB a wiki. */
export const sql = `select seq, repeat(database(), 10) r, sleep(if(seq = 1, 0.01, 0)) s from seq_1_to_200`;

/** What a run leaves that must not differ: all but the journal, which names the run. */
export function madeIn(directory: string): Record<string, string> {
  const files = Object.entries(filesIn(directory));
  return Object.fromEntries(files.filter(([name]) => !name.endsWith('.journal')));
}
