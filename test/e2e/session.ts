import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import { referenceArguments } from '../farm/reference-client.js';
import type { Section } from '../farm/sections.js';

/** Opens a session as administrator on a section's server and runs `sql`; end() closes it. */
export async function startSession(section: Section, sql: string) {
  const farm = inject('farm');
  const { address, port } = farm.endpoints[section];
  const { name, password } = farm.users.admin;
  const login = ['-h', address, '-P', String(port), `-u${name}`, `-p${password}`];
  const args = referenceArguments(['--no-defaults', ...login, '-BN', '--unbuffered']);
  const client = spawn('mariadb', args);
  client.stdin.write(`${sql};\nselect 'has run';\n`);
  let output = '';
  await new Promise<void>((resolve, reject) => {
    client.stdout.on('data', (data) => {
      output += data;
      if (output.includes('has run')) resolve();
    });
    client.once('close', () => reject(new Error(`the client ended: ${output}`)));
  });
  return {
    async end() {
      const ended = once(client, 'close');
      client.stdin.end();
      await ended;
    },
  };
}
