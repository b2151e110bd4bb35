import type { Settings } from './settings.js';

/**
 * What --print-defaults prints: the form is that of mariadb 10.11.19, a line of text and one of
 * arguments, each followed by a blank. Two things differ from the client: passwords are masked, and
 * host, port, socket and protocol out of option files are left out, because they do not count here.
 */
export function printDefaults(settings: Settings): string {
  const line = settings.shownArguments.map((word) => `${word} `).join('');
  return `analytics-mysql would have been started with the following arguments:\n${line}\n`;
}
