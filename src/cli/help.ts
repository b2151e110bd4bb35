import yargs, { type Argv, type Options } from 'yargs';
import { clientOptions } from './client-options.js';
import {
  credentials,
  examples,
  formatLines,
  grammar,
  type HelpExample,
  type HelpText,
  manyWikis,
  optionFiles,
  summary,
  whereToConnect,
} from './help-texts.js';
import type { HelpTopic } from './help-topics.js';
import { type ClientOption, normalizeName, type OwnOption, type Topic, topics } from './option.js';
import { ownOptions } from './own-options.js';

/*
 * Makes the texts of --help from the tables of options.
 */

/** The width of the short text, so that it fits on any terminal, and of the others. */
const shortWidth = 80;
const fullWidth = 96;

type AnyOption = ClientOption | OwnOption;

/** The options that the help lists: those of the client without effect are left out. */
const listedOptions: readonly AnyOption[] = [
  ...ownOptions,
  ...clientOptions.filter(({ inert }) => !inert),
];

/** The content of one of the texts. */
interface HelpContent {
  width: number;
  options: readonly AnyOption[];
  /** Only the first sentence of what an option does. */
  brief: boolean;
  examples: readonly HelpExample[];
  texts: readonly HelpText[];
}

const formatsText: HelpText = { heading: 'Result formats', text: `\n${formatLines}` };

const shortContent: HelpContent = {
  width: shortWidth,
  options: listedOptions.filter(({ common }) => common),
  brief: true,
  examples: examples.filter(({ common }) => common),
  texts: [
    {
      heading: 'More',
      text: '--help all, or a topic: --help wikis, formats, connecting, shell, client',
    },
  ],
};

/** Returns the content of the text about the options of some topics. */
function describeTopics(names: readonly Topic[], ...texts: HelpText[]): HelpContent {
  const options = listedOptions.filter(({ topic }) => names.includes(topic));
  return { width: fullWidth, options, brief: false, examples: [], texts };
}

const contents: Record<HelpTopic, HelpContent> = {
  all: {
    width: fullWidth,
    options: listedOptions,
    brief: false,
    examples,
    texts: [formatsText, whereToConnect, manyWikis, credentials, optionFiles, grammar],
  },
  wikis: {
    ...describeTopics(['wikis'], manyWikis),
    examples: examples.filter(({ command }) => command.includes('--wikis')),
  },
  formats: describeTopics(['results'], formatsText),
  connecting: describeTopics(
    ['connecting', 'login', 'files'],
    whereToConnect,
    credentials,
    optionFiles,
  ),
  shell: describeTopics(['shell'], {
    heading: 'In the shell',
    text: "Type 'help' for its commands and 'help keys' for its keys.",
  }),
  client: {
    ...describeTopics([], grammar),
    options: clientOptions.filter(({ inert }) => !inert),
  },
};

/**
 * Returns the text of --help: without a topic, the most useful options on one screen. Options are
 * listed by topic, first those that the client does not have.
 */
export function formatHelp(topic?: HelpTopic): string {
  const content = topic === undefined ? shortContent : contents[topic];
  let parser: Argv = yargs([])
    .scriptName('analytics-mysql')
    .locale('en')
    .wrap(content.width)
    .help(false)
    .version(false)
    .usage(`Usage: $0 [DATABASE] [OPTIONS]\n\n${summary}${formatExamples(content.examples)}`)
    .epilogue(content.texts.map(({ heading, text }) => formatText(heading, text)).join('\n\n'));
  for (const [name, heading] of Object.entries(topics)) {
    const topicOptions = content.options.filter((option) => option.topic === name);
    parser = parser.options(
      Object.fromEntries(topicOptions.map((one) => toYargsOption(one, heading, content.brief))),
    );
  }
  let text = '';
  parser.showHelp((help) => {
    text = help;
  });
  return `${text}\n`;
}

/** Returns examples that can be copied: yargs would break their lines. */
function formatExamples(list: readonly HelpExample[]): string {
  if (list.length === 0) return '';
  const lines = list.map(({ command, purpose }) => `  ${command}  # ${purpose}`);
  return ['\n\nExamples:', ...lines].join('\n');
}

function formatText(heading: string, text: string): string {
  return text.startsWith('\n') ? `${heading}:${text}` : `${heading}: ${text}`;
}

/**
 * Makes a yargs option. Yargs only prints it, so its name may include the argument's placeholder.
 */
function toYargsOption(option: AnyOption, heading: string, brief: boolean): [string, Options] {
  const { name, help, initial } = option;
  const letter = 'letter' in option ? option.letter : undefined;
  const entry: Options = { group: `${heading}:`, describe: brief ? takeFirstSentence(help) : help };
  if (letter !== undefined) entry.alias = letter;
  if (initial !== undefined && initial !== 'off' && !brief) entry.defaultDescription = initial;
  return [normalizeName(name) + formatArgument(option), entry];
}

/** Returns the placeholder of an option's value as it is written after the name. */
export function formatArgument({ kind, argument }: AnyOption): string {
  if (argument === undefined) return '';
  if (kind === 'optional') return `[=${argument}]`;
  return kind === 'bare' ? ` [${argument}]` : ` ${argument}`;
}

function takeFirstSentence(text: string): string {
  const [first = text] = text.split(/[.;] /);
  return first.endsWith('.') ? first : `${first}.`;
}
