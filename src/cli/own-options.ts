import { factsOf, outputFormats } from '../output/formats.js';
import { formatEffect } from './data-effects.js';
import { formOfFileName, isFilePerWiki } from './file-name.js';
import type { OwnOption } from './option.js';
import { defaultDomain } from './target-defaults.js';

/** `.tsv .csv …`, each once. */
const extensions = [...new Set(outputFormats.map((name) => `.${factsOf(name).extensions[0]}`))];
const formats = `${outputFormats.slice(0, -1).join(', ')} or ${outputFormats.at(-1)}`;

const rows = [
  {
    name: 'use-x1',
    kind: 'flag',
    topic: 'connecting',
    help: 'Use section x1, whatever the database.',
    // The databases have the same names there, but other tables.
    data: [{ changes: 'rows', key: 'useX1', value: ({ settings }) => settings.target.useX1 }],
  },
  {
    name: 'section',
    kind: 'value',
    argument: 'NAME',
    topic: 'connecting',
    help: 'Connect to this section (s1 … s8, x1, staging).',
    data: [
      { changes: 'rows', key: 'section', value: ({ settings }) => settings.target.section ?? null },
    ],
  },
  {
    name: 'print-target',
    kind: 'flag',
    topic: 'connecting',
    help: 'Print host:port and exit; with --wikis where each wiki is.',
  },
  {
    name: 'format',
    kind: 'value',
    argument: 'NAME',
    topic: 'results',
    needs: 'batch',
    help: `Format of the results: ${formats}; overrides -t -E -H -X and \\G. Of --print-target: text, json or jdbc.`,
    data: [formatEffect],
  },
  {
    name: 'output',
    kind: 'value',
    argument: 'FILE',
    topic: 'results',
    needs: 'batch',
    help:
      'Write the results there, whole or not at all. Its name implies the format ' +
      `(${extensions.join(' ')}) unless --format says it; .gz and .zst behind it compress; ` +
      '- is standard output. With --wikis also a directory (DIR/) or a pattern with {wiki}, for a ' +
      'file a wiki.',
    data: [
      formatEffect,
      {
        changes: 'form',
        key: 'compression',
        value: ({ settings }) => formOfFileName(settings.output.file ?? '').compression ?? null,
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
    help: "Write MediaWiki's timestamps of 14 digits as 2026-08-01T12:34:56Z.",
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
    help: 'Write binary columns, which hold UTF-8, as strings of Parquet.',
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
    needs: 'batch',
    help: 'Write FILE.meta.json beside the file of --output.',
  },
  {
    name: 'wikis',
    kind: 'value',
    argument: 'EXPR',
    topic: 'wikis',
    help:
      'Run it on many wikis: lists of mediawiki-config (all, wikipedia, s2 …), wikis, globs and ' +
      "@FILE, joined by + - & between blanks, or by commas: 'wikipedia - closed,private'.",
  },
  {
    name: 'except',
    kind: 'value',
    argument: 'EXPR',
    topic: 'wikis',
    needs: 'wikis',
    help: 'Without these wikis.',
  },
  {
    name: 'dry-run',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Say what --wikis would run, and where; connect to nothing.',
  },
  {
    name: 'plan',
    kind: 'value',
    argument: 'json',
    choices: ['json'],
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Print the same as data; connect to nothing.',
  },
  {
    name: 'per-section',
    kind: 'number',
    argument: 'N',
    initial: '1',
    limits: { least: 1, most: 16, unit: 'whole number' },
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Connections to each section at a time, up to 16.',
  },
  {
    name: 'skip-read-only',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Let the statements of --wikis write.',
  },
  {
    name: 'max-statement-time',
    kind: 'number',
    argument: 'SECONDS',
    initial: '3600',
    // As MariaDB 10.11 limits max_statement_time.
    limits: { least: 0, most: 31_536_000, unit: 'number of seconds' },
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Let the server end a statement of --wikis that takes longer; 0: never.',
  },
  {
    name: 'throttle',
    kind: 'number',
    argument: 'SECONDS',
    initial: '0',
    limits: { least: 0, most: 3600, unit: 'number of seconds' },
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
    help: "Name of the first column ('': no such column).",
    data: [
      {
        changes: 'form',
        key: 'wikiColumn',
        value: ({ settings: { fanout, output } }) => {
          if (fanout === undefined) return undefined;
          // A file of one wiki has the column only if it was asked for.
          const isShared = output.file === undefined || !isFilePerWiki(output.file);
          return ((isShared || fanout.wikiColumnGiven) && fanout.wikiColumn) || null;
        },
      },
    ],
  },
  {
    name: 'unordered',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Write rows as wikis are done, not in the order of wikis.',
    data: [
      { changes: 'form', key: 'unordered', value: ({ settings }) => settings.fanout?.unordered },
    ],
  },
  {
    name: 'union-columns',
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'NULL where a wiki lacks a column that others have.',
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
    kind: 'flag',
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Continue a run into --output that did not end.',
  },
  {
    name: 'retries',
    kind: 'number',
    argument: 'N',
    initial: '3',
    limits: { least: 0, most: 100, unit: 'whole number' },
    topic: 'wikis',
    needs: 'wikis-run',
    help: 'Try again so often after a transient error, up to 100.',
  },
  {
    name: 'mw-config-path',
    kind: 'value',
    argument: 'PATH',
    topic: 'connecting',
    help: 'Checkout of mediawiki-config.',
  },
  {
    name: 'nameserver',
    kind: 'list',
    argument: 'ADDR[:PORT]',
    topic: 'connecting',
    help: 'Ask this name server; may be given again.',
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
    topic: 'login',
    help: 'Credentials file, by name or by path.',
  },
  {
    name: 'client',
    kind: 'value',
    argument: 'PROGRAM',
    topic: 'connecting',
    help: 'Hand over to this mysql or mariadb program.',
  },
  {
    name: 'skip-destructive-warning',
    kind: 'flag',
    inFiles: true,
    topic: 'shell',
    help: 'Do not ask before DROP and its like.',
  },
  {
    name: 'long-query-bell',
    kind: 'number',
    argument: 'SECONDS',
    initial: '10',
    limits: { least: 0, most: 999_999_999, unit: 'whole number' },
    inFiles: true,
    topic: 'shell',
    help: 'Ring when a statement took so long; 0: never.',
  },
  {
    name: 'defaults-file',
    kind: 'value',
    argument: 'FILE',
    topic: 'files',
    help: 'Read options from this file only.',
  },
  {
    name: 'defaults-extra-file',
    kind: 'value',
    argument: 'FILE',
    topic: 'files',
    help: 'Read this option file too, before ~/.my.cnf.',
  },
  {
    name: 'defaults-group-suffix',
    kind: 'value',
    argument: 'SUFFIX',
    topic: 'files',
    help: 'Also read groups that end in this.',
  },
  {
    name: 'no-defaults',
    kind: 'flag',
    topic: 'files',
    help: 'Read no option files.',
  },
  {
    name: 'print-defaults',
    kind: 'flag',
    topic: 'files',
    help: 'Print the options found, passwords hidden, and exit.',
  },
] as const satisfies readonly OwnOption[];

/** The name of one of our own options. */
export type OwnOptionName = (typeof rows)[number]['name'];

/** The name of one that is a number. */
export type OwnNumberName = Extract<(typeof rows)[number], { kind: 'number' }>['name'];

/** Our own options, in the order in which --help lists those of a topic. */
export const ownOptions: readonly (OwnOption & { name: OwnOptionName })[] = rows;
