import type { Settings } from './settings.js';

/**
 * Returns the text of --print-defaults in the format of mariadb 10.11.19: a sentence, then a
 * line with the arguments, each followed by a space. There are two differences from the client: passwords are
 * masked, and host, port, socket and protocol of option files are left out, because they have no
 * effect here.
 */
export function formatDefaults(settings: Settings): string {
  const line = settings.shownArguments.map((word) => `${word} `).join('');
  return `analytics-mysql would have been started with the following arguments:\n${line}\n`;
}
