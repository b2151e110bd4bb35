import type { Settings } from './settings.js';

/**
 * What --print-defaults prints: the form is that of mariadb 10.11.19, a line of text and one of
 * arguments, each followed by a blank. Two things differ from the client: passwords are masked, and
 * host, port, socket and protocol out of option files are left out, because they do not count here.
 */
export function printDefaults(settings: Settings): string {
  const { database } = settings.target;
  const words = [
    ...settings.fileArguments,
    ...settings.clientArguments,
    ...(database === undefined ? [] : [database]),
  ];
  const line = words.map((word) => `${masked(word)} `).join('');
  return `analytics-mysql would have been started with the following arguments:\n${line}\n`;
}

function masked(word: string): string {
  return word.startsWith('--password=') ? '--password=*****' : word;
}
