import type { Settings } from './settings.js';

/**
 * Returns the text of --print-defaults in the format of mariadb 10.11.19: a sentence, then a
 * line with the arguments, each followed by a space. There are two differences from the client: passwords are
 * masked, and host, port, socket and protocol of option files are left out, because they have no
 * effect here. With -v the same options, and our own ones, follow by origin, in the order in which they
 * apply.
 */
export function formatDefaults({ shownArguments, shownOrigins }: Settings): string {
  const line = shownArguments.map((word) => `${word} `).join('');
  const text = `analytics-mysql would have been started with the following arguments:\n${line}\n`;
  return shownOrigins === undefined ? text : `${text}${formatOrigins(shownOrigins)}`;
}

function formatOrigins(options: NonNullable<Settings['shownOrigins']>): string {
  return options
    .map(({ origin, word }, index) => {
      const heading = options[index - 1]?.origin === origin ? '' : `\nFrom ${origin}:\n`;
      return `${heading}  ${word}\n`;
    })
    .join('');
}
