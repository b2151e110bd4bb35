import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import type { Section } from '../farm/places.js';
import { referenceArguments } from '../farm/reference-client.js';

/** A session of the administrator's at a section's server that stays open, once its SQL has run. */
export async function startSession(section: Section, sql: string) {
  const farm = inject('farm');
  const { address, port } = farm.places[section];
  const { name, password } = farm.users.admin;
  const login = ['-h', address, '-P', String(port), `-u${name}`, `-p${password}`];
  const args = referenceArguments(['--no-defaults', ...login, '-BN', '--unbuffered']);
  const client = spawn('mariadb', args);
  client.stdin.write(`${sql};\nselect 'has run';\n`);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    client.stdout.on('data', (data) => {
      said += data;
      if (said.includes('has run')) resolve();
    });
    client.once('close', () => reject(new Error(`the client ended: ${said}`)));
  });
  return {
    async end() {
      const ended = once(client, 'close');
      client.stdin.end();
      await ended;
    },
  };
}
