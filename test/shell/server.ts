import { inject } from 'vitest';
import { runClient } from '../farm/run.js';
import type { Section } from '../farm/sections.js';

/**
 * Runs SQL on a server of the farm as its administrator; resolves to the output without column
 * names.
 */
export async function onServer(sql: string, section: Section = 's2'): Promise<string> {
  const { name, password } = inject('farm').users.admin;
  const { stdout, stderr } = await runClient(section, [`-u${name}`, `-p${password}`, '-Ne', sql]);
  if (stderr !== '') throw new Error(stderr);
  return stdout.toString().trimEnd();
}

/** Resolves to the number of running statements on a server that contain `text`. */
export async function running(text: string, section: Section = 's2'): Promise<number> {
  const sql = `select count(*) from information_schema.processlist
    where info like '%${text}%' and id <> connection_id()`;
  return Number(await onServer(sql, section));
}
