import { expect, inject, test } from 'vitest';
import type { Section } from './places.js';
import { runClient } from './run.js';

test.each(inject('farm').running)('%s answers the mariadb client', async (section: Section) => {
  const { port } = inject('farm').places[section];
  const result = await runClient(section, ['-N', '-e', 'select @@port, current_user()']);
  expect(result.stderr).toBe('');
  expect(result.stdout.toString()).toBe(`${port}\tresearch@%\n`);
});
