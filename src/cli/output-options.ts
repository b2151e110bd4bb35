import { findDescriptor } from '../descriptor.js';
import { createOptionFailure } from '../failure.js';
import { formatPropertiesOf, type OutputFormat, outputFormats } from '../output/formats.js';
import { joinWithOr } from '../text/join-with-or.js';
import type { ClientSettings } from './client-settings.js';
import {
  checkExtension,
  checkFormat,
  isFilePerWiki,
  isPattern,
  parseFileName,
} from './file-name.js';
import { ownOptions } from './own-options.js';
import type { OwnValues } from './own-values.js';
import { chooseClientFormat, createFormat, type ResultFormat } from './result-format.js';
import type { OutputOptions, Settings } from './settings.js';

/*
 * Reads the options that determine the format and destination of the results.
 */

/** The options that can be used only if statements come from -e or standard input. */
const batchOptions = ownOptions.filter(({ needs }) => needs === 'batch').map(({ name }) => name);

const noOutputOptions = {
  file: undefined,
  isoTimestamps: false,
  binaryAsText: false,
  provenance: false,
};

/** The formats of --print-target for one wiki, and the others that it has with --wikis. */
const targetFormats = ['text', 'json', 'jdbc'] as const;
const targetListFormats = ['csv', 'tsv', 'jsonl', 'table'] as const;

/**
 * Returns the format in which --print-target prints. `result`: that of readOutputOptions.
 *
 * @throws Failure `bad-format`
 */
export function readPrintTargetFormat(
  own: OwnValues,
  action: Settings['action'],
): Settings['printTargetFormat'] {
  if (action !== 'print-target') return 'text';
  const name = own.value('format') ?? 'text';
  const format = targetFormats.find((known) => known === name);
  if (format !== undefined) return format;
  const ofList = targetListFormats.find((known) => known === name);
  // The format json of --print-target already writes one object per line.
  if (ofList !== undefined && own.has('wikis')) return ofList === 'jsonl' ? 'json' : 'result';
  const known = own.has('wikis') ? [...targetFormats, ...targetListFormats] : targetFormats;
  const needsWikis = ofList === undefined ? '' : `, or ${name} with --wikis`;
  const text = `unknown format '${name}' for --print-target; use ${joinWithOr(known)}${needsWikis}`;
  throw createOptionFailure('bad-format', text, 'format');
}

/**
 * Returns the format of --print-target, --list-wikis and --list-lists, which write to standard output.
 *
 * @throws Failure `output-alone` for an option that cannot be used with them, `bad-format`
 */
function readListingOptions(
  own: OwnValues,
  action: Settings['action'],
  clientResultFormat: ResultFormat,
): OutputOptions {
  for (const name of batchOptions) {
    if (!own.has(name)) continue;
    throw createOptionFailure('output-alone', `--${name} cannot be used with --${action}`, name);
  }
  const isResult = action !== 'print-target' || readPrintTargetFormat(own, action) === 'result';
  const format = isResult ? parseFormat(own.value('format')) : undefined;
  return {
    ...noOutputOptions,
    format: format === undefined ? clientResultFormat : createFormat(format),
  };
}

/**
 * Returns the format and destination of the results. --format takes precedence over the extension
 * of the file, which takes precedence over the client's options.
 *
 * @throws Failure for invalid values, and for options that cannot be used together
 */
export function readOutputOptions(
  own: OwnValues,
  action: Settings['action'],
  { output: options, format: flags }: Pick<ClientSettings, 'output' | 'format'>,
  usesExternalClient: boolean,
): OutputOptions {
  const clientResultFormat = chooseClientFormat({ ...flags, ...options });
  if (action === 'print-target' || action === 'list-wikis' || action === 'list-lists') {
    return readListingOptions(own, action, clientResultFormat);
  }
  if (action !== 'run') return { ...noOutputOptions, format: clientResultFormat };
  const given = own.value('output');
  const timestamps = own.value('timestamps');
  for (const name of ['format', ...batchOptions] as const) {
    if (!own.has(name)) continue;
    if (usesExternalClient)
      throw createOptionFailure(
        'output-alone',
        `--${name} cannot be used with --client`,
        name,
        'client',
      );
    // The shell has a format too.
    if (options.batch || name === 'format') continue;
    const text = `--${name} needs -e or standard input; in the shell, end a statement with $> FILE`;
    throw createOptionFailure('output-alone', text, name);
  }
  if (given === '')
    throw createOptionFailure(
      'no-output',
      '--output needs a file name, or - for standard output',
      'output',
    );
  if (given !== undefined && /[\ud800-\udfff]/u.test(given)) {
    throw createOptionFailure('odd-output', '--output: the file name is not valid UTF-8', 'output');
  }
  const descriptor = given === undefined || given === '-' ? undefined : findDescriptor(given);
  const file = given === '-' || descriptor === 1 ? undefined : given;
  // For an existing directory without a final /, creating the file reports the error.
  if (file !== undefined && !own.has('wikis') && (isPattern(file) || file.endsWith('/'))) {
    throw createOptionFailure(
      'odd-output',
      '--output with a directory or {wiki} needs --wikis',
      'output',
    );
  }
  const provenance = own.has('provenance');
  if (provenance && (file === undefined || descriptor !== undefined)) {
    throw createOptionFailure(
      'no-output',
      '--provenance needs --output with a file or directory',
      'provenance',
    );
  }
  const named = file === undefined ? undefined : parseFileName(file);
  const choosesFormat = own.has('format') || !isDefaultFormat(clientResultFormat);
  if (file !== undefined && !choosesFormat && (isPattern(file) || !isFilePerWiki(file))) {
    checkExtension(file);
  }
  const format = parseFormat(own.value('format')) ?? inferFormat(named?.format, flags);
  checkFormat(format, named?.compression, options.binaryAsHex);
  const binaryAsText = own.has('binary-as-text');
  if (
    binaryAsText &&
    (format === undefined || formatPropertiesOf(format).columnMatch !== 'types')
  ) {
    const text = '--binary-as-text needs --format=parquet; other formats write bytes unchanged';
    throw createOptionFailure('text-format', text, 'binary-as-text');
  }
  return {
    format: format === undefined ? clientResultFormat : createFormat(format),
    file,
    isoTimestamps: timestamps !== undefined,
    binaryAsText,
    provenance,
  };
}

function parseFormat(given: string | undefined): OutputFormat | undefined {
  if (given === undefined) return undefined;
  const format = outputFormats.find((name) => name === given);
  if (format !== undefined) return format;
  throw createOptionFailure(
    'bad-format',
    `unknown format '${given}'; use ${joinWithOr(outputFormats)}`,
    'format',
  );
}

/** Tests whether no option of the client chooses the format. */
function isDefaultFormat(format: ResultFormat): boolean {
  return format.name === 'tsv' || (format.name === 'table' && format.isDefault);
}

/** Returns the format that the extension implies: with -E, a .txt file is vertical, not a table. */
function inferFormat(
  named: OutputFormat | undefined,
  { vertical }: ClientSettings['format'],
): OutputFormat | undefined {
  return named === 'table' && vertical ? 'vertical' : named;
}
