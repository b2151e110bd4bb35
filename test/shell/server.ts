import { inject } from 'vitest';
import type { Section } from '../farm/places.js';
import { runClient } from '../farm/run.js';

/** Asks a server of the farm as its administrator; gives the lines without column names. */
export async function onServer(sql: string, section: Section = 's2'): Promise<string> {
  const { name, password } = inject('farm').users.admin;
  const { stdout, stderr } = await runClient(section, [`-u${name}`, `-p${password}`, '-Ne', sql]);
  if (stderr !== '') throw new Error(stderr);
  return stdout.toString().trimEnd();
}

/** How many statements that hold a text run on a server. */
export async function running(text: string, section: Section = 's2'): Promise<number> {
  const sql = `select count(*) from information_schema.processlist
    where info like '%${text}%' and id <> connection_id()`;
  return Number(await onServer(sql, section));
}
