import { clientOptions } from '../cli/client-options.js';
import { accessGroups, defaultCredentialsDirectory } from '../cli/credentials.js';
import {
  credentials,
  examples,
  grammar,
  manyWikis,
  optionFiles,
  whereToConnect,
} from '../cli/help-texts.js';
import { type ClientOption, normalizeName, type OwnOption, topics } from '../cli/option.js';
import { ownOptions } from '../cli/own-options.js';
import { programName, programVersion } from '../cli/version.js';
import { formatPropertiesOf, outputFormats } from '../output/formats.js';
import { environment, exitStatuses, files, type Terms } from './manual-texts.js';

/*
 * Makes the manual page analytics-mysql(1), in mdoc(7), from the tables of options and formats.
 */

const textWidth = 78;

/** Returns the manual page; `date` is the date of the version. */
export function formatManPage(date: Date): string {
  const shownDate = date.toLocaleDateString('en-US', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  });
  const options = [...ownOptions, ...clientOptions];
  const topicLines = Object.entries(topics).flatMap(([topic, heading]) => [
    `.Ss ${heading}`,
    '.Bl -tag -width Ds',
    ...options.filter((option) => option.topic === topic).flatMap(formatOption),
    '.El',
  ]);
  const accessFiles = accessGroups.map(
    ({ group, file }) =>
      [
        `${defaultCredentialsDirectory}/${file}`,
        `Credentials for members of the group ${group}.`,
      ] as const,
  );
  const lines = [
    `.Dd ${shownDate}`,
    '.Dt ANALYTICS-MYSQL 1',
    `.Os ${programVersion}`,
    '.Sh NAME',
    `.Nm ${programName}`,
    '.Nd query the MediaWiki replica of a wiki by its name',
    '.Sh SYNOPSIS',
    `.Nm ${programName}`,
    '.Op Ar DATABASE',
    '.Op Ar OPTIONS',
    '.Sh DESCRIPTION',
    '.Nm',
    ...formatText(
      'finds the section, the host, the port and the credentials of a wiki, runs SQL there, and ' +
        'behaves as the mariadb client does: the same options, the same output byte for byte, the ' +
        'same messages and exit statuses. In a terminal, without -e, it is a shell with ' +
        'completion, highlighting and history. With --wikis one query asks many wikis.',
    ),
    ...[whereToConnect, credentials, optionFiles, manyWikis].flatMap(({ heading, text }) => [
      `.Ss ${heading}`,
      ...formatText(text),
    ]),
    '.Sh OPTIONS',
    ...formatText(grammar.text),
    ...topicLines,
    '.Sh RESULT FORMATS',
    ...formatTerms(
      outputFormats.map((name) => {
        const { help, extensions } = formatPropertiesOf(name);
        return [name, `${help} (${extensions.map((extension) => `.${extension}`).join(', ')})`];
      }),
    ),
    '.Sh ENVIRONMENT',
    ...formatTerms(environment),
    '.Sh FILES',
    ...formatTerms([...files, ...accessFiles]),
    '.Sh EXIT STATUS',
    ...formatTerms(exitStatuses),
    '.Sh EXAMPLES',
    '.Bd -literal',
    ...examples.flatMap(({ command, purpose }) => [
      escapeText(`# ${purpose}`),
      escapeText(command),
    ]),
    '.Ed',
    '.Sh SEE ALSO',
    '.Xr less 1 ,',
    '.Xr mariadb 1',
  ];
  return `${lines.join('\n')}\n`;
}

function formatOption(option: ClientOption | OwnOption): string[] {
  const { name, kind, argument, help, initial } = option;
  const letter = 'letter' in option ? option.letter : undefined;
  const isInert = 'inert' in option;
  const value =
    argument === undefined
      ? ''
      : kind === 'optional'
        ? ` Ns Op = Ns Ar ${escapeText(argument)}`
        : kind === 'bare'
          ? ` Op Ar ${escapeText(argument)}`
          : ` Ar ${escapeText(argument)}`;
  const short = letter === undefined ? '' : ` Fl \\&${letter} ,`;
  const notes = [
    help,
    ...(initial === undefined || initial === 'off' ? [] : [`The default is ${initial}.`]),
    ...(isInert ? ['The option is accepted and changes nothing.'] : []),
  ];
  return [
    `.It${short} Fl Fl ${escapeText(normalizeName(name))}${value}`,
    ...formatText(notes.join(' ')),
  ];
}

function formatTerms(terms: Terms): string[] {
  return [
    '.Bl -tag -width Ds',
    ...terms.flatMap(([term, description]) => [
      `.It ${escapeText(term)}`,
      ...formatText(description),
    ]),
    '.El',
  ];
}

/** Returns lines of text, a new one for each sentence, as mdoc(7) wants them. */
function formatText(text: string): string[] {
  return text.split(/(?<=[.:]) (?=[A-Z-])/).flatMap((sentence) => {
    const lines: string[] = [];
    for (const word of sentence.split(' ').map(escapeText)) {
      const line = lines.at(-1);
      if (line === undefined || line.length + word.length >= textWidth) lines.push(word);
      else lines[lines.length - 1] = `${line} ${word}`;
    }
    // A period or an apostrophe at the beginning of a line begins a macro.
    return lines.map((line) => (/^[.']/.test(line) ? `\\&${line}` : line));
  });
}

/** Escapes text for roff, in ASCII; a minus stays one that can be copied. */
function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/[^\n -~]/gu, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
      return `\\[u${code.padStart(4, '0')}]`;
    });
}
