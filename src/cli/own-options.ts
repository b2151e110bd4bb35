import { formatPropertiesOf, outputFormats } from '../output/formats.js';
import { defaultRedactedHost } from '../target/redacted.js';
import { wikiFieldNames } from '../wikis/wiki-fields.js';
import { completionShells } from './completion-files.js';
import { formatEffect } from './data-effects.js';
import { isFilePerWiki, parseFileName } from './file-name.js';
import type { OwnOption } from './option.js';
import { defaultDomain } from './target-defaults.js';

/*
 * The table of the options that the mariadb client does not have.
 */

/** The extensions of all formats, each once: `.tsv .csv …`. */
const extensions = [
  ...new Set(outputFormats.map((name) => `.${formatPropertiesOf(name).extensions[0]}`)),
];
const formats = `${outputFormats.slice(0, -1).join(', ')} or ${outputFormats.at(-1)}`;

const optionTable = [
  {
    name: 'use-x1',
    kind: 'flag',
    abbreviations: ['use', 'use-'],
    topic: 'connecting',
    common: true,
    help: 'Use section x1, whatever the database.',
    // Section x1 has databases of the same names, with other tables.
    data: [{ changes: 'rows', key: 'useX1', value: ({ settings }) => settings.target.useX1 }],
  },
  {
    name: 'section',
    kind: 'value',
    argument: 'NAME',
    values: 'sections',
    topic: 'connecting',
    common: true,
    help: 'Connect to this section (s1 … s8, x1, staging).',
    data: [
      { changes: 'rows', key: 'section', value: ({ settings }) => settings.target.section ?? null },
    ],
  },
  {
    name: 'redacted',
    kind: 'flag',
    topic: 'connecting',
    common: true,
    help: 'Use the redacted replicas, where the database of itwiki is itwiki_p.',
    data: [
      {
        changes: 'rows',
        key: 'redacted',
        value: ({ settings }) => settings.target.redactedHost !== undefined,
      },
    ],
  },
  {
    name: 'redacted-host',
    kind: 'value',
    argument: 'NAME',
    initial: defaultRedactedHost,
    topic: 'connecting',
    help: 'Host of the redacted replicas.',
  },
  {
    name: 'print-target',
    kind: 'flag',
    lineOnly: true,
    abbreviations: ['print', 'print-'],
    topic: 'connecting',
    common: true,
    help: 'Print host:port and exit; with --wikis, one line for each wiki.',
  },
  {
    name: 'format',
    kind: 'value',
    argument: 'NAME',
    values: [...outputFormats, 'text', 'jdbc'],
    topic: 'results',
    common: true,
    help:
      `Result format: ${formats}; overrides -t -E -H -X and \\G. ` +
      'With --print-target: text, json or jdbc; with --wikis also csv, tsv, jsonl or table.',
    data: [formatEffect],
  },
  {
    name: 'output',
    kind: 'value',
    argument: 'FILE',
    values: 'files',
    topic: 'results',
    common: true,
    needs: 'batch',
    help:
      'Write the results to this file, which is replaced only when complete. The extension sets ' +
      `the format (${extensions.join(' ')}) unless --format is given; a final .gz or .zst ` +
      'compresses; - is standard output. With --wikis, a directory (DIR/) or a name with {wiki} ' +
      'gives one file for each wiki.',
    data: [
      formatEffect,
      {
        changes: 'form',
        key: 'compression',
        value: ({ settings }) => parseFileName(settings.output.file ?? '').compression ?? null,
      },
    ],
  },
  {
    name: 'timestamps',
    kind: 'value',
    argument: 'iso',
    choices: ['iso'],
    topic: 'results',
    needs: 'batch',
    help: 'Write MediaWiki timestamps (14 digits) as 2026-08-01T12:34:56Z.',
    data: [
      {
        changes: 'rows',
        key: 'timestamps',
        value: ({ settings }) => (settings.output.isoTimestamps ? 'iso' : 'mediawiki'),
      },
    ],
  },
  {
    name: 'binary-as-text',
    kind: 'flag',
    topic: 'results',
    needs: 'batch',
    help: 'Write binary columns, which hold UTF-8, as Parquet strings.',
    data: [
      {
        changes: 'form',
        key: 'binaryAsText',
        value: ({ settings }) => settings.output.binaryAsText,
      },
    ],
  },
  {
    name: 'provenance',
    kind: 'flag',
    topic: 'results',
    common: true,
    needs: 'batch',
    help: 'Write FILE.meta.json, the origin of the data, next to the --output file.',
  },
  {
    name: 'wikis',
    kind: 'value',
    argument: 'EXPR',
    values: 'wikis',
    topic: 'wikis',
    common: true,
    help:
      'Run the statements on many wikis. EXPR combines lists of mediawiki-config (all, ' +
      'wikipedia, s2 …), wikis, globs and @FILE with + - & (between spaces) or commas, such as ' +
      "'wikipedia - closed,private'.",
  },
  {
    name: 'except',
    kind: 'value',
    argument: 'EXPR',
    values: 'wikis',
    topic: 'wikis',
    common: true,
    needs: 'wikis',
    help: 'Exclude these wikis.',
  },
  {
    name: 'list-wikis',
    kind: 'flag',
    lineOnly: true,
    topic: 'wikis',
    common: true,
    needs: 'wikis',
    help: 'Print the wikis of --wikis with their --wiki-fields, without connecting.',
  },
  {
    name: 'list-lists',
    kind: 'flag',
    lineOnly: true,
    topic: 'wikis',
    help: 'Print the lists of mediawiki-config with their sizes.',
  },
  {
    name: 'dry-run',
    kind: 'flag',
    topic: 'wikis',
    common: true,
    needs: 'wikis-run',
    help: 'Print what --wikis would run, and where, without connecting.',
  },
  {
    name: 'plan',
    kind: 'value',
    argument: 'json',
    choices: ['json'],
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Print the same as JSON, without connecting.',
  },
  {
    name: 'per-section',
    kind: 'number',
    argument: 'N',
    initial: '1',
    limits: { min: 1, max: 16, unit: 'whole number' },
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Simultaneous connections to each section, up to 16.',
  },
  {
    name: 'skip-read-only',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Allow the statements of --wikis to write.',
  },
  {
    name: 'max-statement-time',
    kind: 'number',
    argument: 'SECONDS',
    initial: '0, with --wikis 3600',
    // The limits of max_statement_time in MariaDB 10.11.
    limits: { min: 0, max: 31_536_000, unit: 'number of seconds' },
    topic: 'statements',
    common: true,
    help: 'The server ends statements that take longer; 0: no limit.',
  },
  {
    name: 'wiki-timeout',
    kind: 'number',
    argument: 'SECONDS',
    initial: '0',
    limits: { min: 0, max: 31_536_000, unit: 'number of seconds' },
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Give up a wiki whose statements take longer; 0: no limit.',
  },
  {
    name: 'throttle',
    kind: 'number',
    argument: 'SECONDS',
    initial: '0',
    limits: { min: 0, max: 3600, unit: 'number of seconds' },
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Pause after each wiki, on each connection.',
  },
  {
    name: 'wiki-column',
    kind: 'value',
    argument: 'NAME',
    initial: 'wiki',
    topic: 'wikis',
    needs: 'wikis-run',
    help: "Name of the first column, the wiki; '' omits it.",
    data: [
      {
        changes: 'form',
        key: 'wikiColumn',
        value: ({ settings: { fanout, output } }) => {
          if (fanout === undefined) return undefined;
          // A file of one wiki has the column only with --wiki-column.
          const isShared = output.file === undefined || !isFilePerWiki(output.file);
          return ((isShared || fanout.wikiColumnGiven) && fanout.wikiColumn) || null;
        },
      },
    ],
  },
  {
    name: 'wiki-fields',
    kind: 'value',
    argument: 'NAMES',
    values: 'wiki fields',
    topic: 'wikis',
    needs: 'wikis',
    help:
      `Columns that describe the wiki, from the lists of mediawiki-config: ${wikiFieldNames.join(', ')}. ` +
      'With --list-wikis also dbname, with --print-target also dbname, host and port.',
    data: [
      {
        changes: 'form',
        key: 'wikiFields',
        value: ({ settings }) => settings.fanout?.wikiFields,
      },
    ],
  },
  {
    name: 'unordered',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Write rows as they arrive, not in the order of the wikis.',
    data: [
      { changes: 'form', key: 'unordered', value: ({ settings }) => settings.fanout?.unordered },
    ],
  },
  {
    name: 'union-columns',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Write NULL for columns that a wiki lacks and others have.',
    data: [
      {
        changes: 'form',
        key: 'unionColumns',
        value: ({ settings }) => settings.fanout?.unionColumns,
      },
    ],
  },
  {
    name: 'fail-fast',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Stop at the first wiki that fails.',
  },
  {
    name: 'resume',
    kind: 'optional',
    argument: 'AGE',
    topic: 'wikis',
    common: true,
    needs: 'wikis-run',
    help:
      'Continue an unfinished run of this command, or start a new one if there is none, so that ' +
      'the command can be repeated until it succeeds. With an age such as 30m, 12h or 2d, a run ' +
      'that began longer ago is replaced.',
  },
  {
    name: 'restart',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Discard an unfinished run, or replace a finished one.',
  },
  {
    name: 'quiet',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Print neither progress nor, if the run goes well, a summary.',
  },
  {
    name: 'retries',
    kind: 'number',
    argument: 'N',
    initial: '3',
    limits: { min: 0, max: 100, unit: 'whole number' },
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Retries after a transient error, up to 100.',
  },
  {
    name: 'mw-config-path',
    kind: 'value',
    argument: 'PATH',
    values: 'directories',
    topic: 'connecting',
    help: 'Checkout of mediawiki-config.',
  },
  {
    name: 'nameserver',
    kind: 'list',
    argument: 'ADDR[:PORT]',
    topic: 'connecting',
    help: 'DNS server to query; may be repeated.',
  },
  {
    name: 'domain',
    kind: 'value',
    argument: 'NAME',
    initial: defaultDomain,
    topic: 'connecting',
    help: 'Domain of the SRV records and the hosts.',
  },
  {
    name: 'credentials',
    kind: 'value',
    argument: 'NAME',
    values: 'credentials',
    topic: 'login',
    common: true,
    help: 'Credentials file, by name or by path.',
  },
  {
    name: 'client',
    kind: 'value',
    argument: 'PROGRAM',
    values: 'programs',
    topic: 'connecting',
    common: true,
    help: 'Run this mysql or mariadb program instead.',
  },
  {
    name: 'skip-destructive-warning',
    kind: 'flag',
    topic: 'shell',
    help: 'Do not ask before DROP and similar statements.',
  },
  {
    name: 'long-query-bell',
    kind: 'number',
    argument: 'SECONDS',
    initial: '10',
    limits: { min: 0, max: 999_999_999, unit: 'whole number' },
    topic: 'shell',
    help: 'Ring the bell when a statement takes this long; 0: never.',
  },
  {
    name: 'vi',
    kind: 'flag',
    topic: 'shell',
    help: "Edit with the keys of vi, as after 'set editing-mode vi' in ~/.inputrc.",
  },
  {
    name: 'defaults-file',
    kind: 'value',
    lineOnly: true,
    argument: 'FILE',
    values: 'files',
    topic: 'files',
    help: 'Read options from this file only.',
  },
  {
    name: 'defaults-extra-file',
    kind: 'value',
    lineOnly: true,
    argument: 'FILE',
    values: 'files',
    topic: 'files',
    help: 'Also read this option file, before ~/.my.cnf.',
  },
  {
    name: 'defaults-group-suffix',
    kind: 'value',
    lineOnly: true,
    argument: 'SUFFIX',
    topic: 'files',
    help: 'Also read the groups with this suffix.',
  },
  {
    name: 'no-defaults',
    kind: 'flag',
    lineOnly: true,
    topic: 'files',
    help: 'Read no option files.',
  },
  {
    name: 'completion',
    kind: 'value',
    lineOnly: true,
    argument: 'SHELL',
    choices: completionShells,
    topic: 'general',
    help: 'Print the completion script for this shell (bash, zsh or fish), and exit.',
  },
  {
    name: 'print-defaults',
    kind: 'flag',
    lineOnly: true,
    topic: 'files',
    help: 'Print the options, with passwords masked, and exit; with -v also where each was given.',
  },
] as const satisfies readonly OwnOption[];

/** The name of an own option: one that the client does not have. */
export type OwnOptionName = (typeof optionTable)[number]['name'];

/** The name of an own option that takes a number. */
export type OwnNumberName = Extract<(typeof optionTable)[number], { kind: 'number' }>['name'];

/**
 * The options that the client does not have, in the order in which --help lists those of a topic.
 */
export const ownOptions: readonly (OwnOption & { name: OwnOptionName })[] = optionTable;
