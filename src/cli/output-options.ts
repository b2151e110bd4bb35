import { descriptorOf } from '../descriptor.js';
import { Failure } from '../failure.js';
import { factsOf, type OutputFormat, outputFormats } from '../output/formats.js';
import type { ClientSettings } from './client-settings.js';
import { checkForm, formOfFileName, isPattern } from './file-name.js';
import { ownOptions } from './own-options.js';
import type { OwnValues } from './own-values.js';
import { clientFormat, namedFormat } from './result-format.js';
import type { OutputOptions, Settings } from './settings.js';

/** The options of results, which mean something only where statements are run in batch. */
const batchOptions = ownOptions.filter(({ needs }) => needs === 'batch').map(({ name }) => name);

const nothing = {
  file: undefined,
  isoTimestamps: false,
  binaryAsText: false,
  provenance: false,
};

/** The form in which --print-target prints. Throws Failure for one that it does not have. */
export function printTargetFormatOf(
  own: OwnValues,
  action: Settings['action'],
): Settings['printTargetFormat'] {
  if (action !== 'print-target') return 'text';
  for (const name of batchOptions) {
    if (name !== 'format' && own.has(name)) {
      throw new Failure('output-alone', `--${name} does not go with --print-target`);
    }
  }
  const format = own.value('format') ?? 'text';
  if (format === 'text' || format === 'json' || format === 'jdbc') return format;
  const text = `unknown format '${format}' of --print-target; known are text, json and jdbc`;
  throw new Failure('bad-format', text);
}

/**
 * How results are written, and where: --format goes before the name of the file, and that before the
 * client's options. Throws Failure for what cannot be.
 */
export function readOutputOptions(
  own: OwnValues,
  action: Settings['action'],
  { output: options, format: flags }: Pick<ClientSettings, 'output' | 'format'>,
  handingOver: boolean,
): OutputOptions {
  const asClient = clientFormat({ ...flags, ...options });
  if (action !== 'run') return { ...nothing, format: asClient };
  const given = own.value('output');
  const timestamps = own.value('timestamps');
  for (const name of batchOptions) {
    if (!own.has(name)) continue;
    if (handingOver) throw new Failure('output-alone', `--${name} does not go with --client`);
    if (options.batch) continue;
    const text = `--${name} needs -e or standard input; in the shell, end a statement with $> FILE`;
    throw new Failure('output-alone', text);
  }
  if (given === '') throw new Failure('no-output', '--output needs the name of a file, or -');
  if (given !== undefined && /[\ud800-\udfff]/u.test(given)) {
    throw new Failure('odd-output', '--output: the name of the file is no UTF-8');
  }
  const descriptor = given === undefined || given === '-' ? undefined : descriptorOf(given);
  const file = given === '-' || descriptor === 1 ? undefined : given;
  // A directory that is there without a final / is told when the file is made.
  if (file !== undefined && !own.has('wikis') && (isPattern(file) || file.endsWith('/'))) {
    throw new Failure('odd-output', '--output: a directory, or {wiki} in a name, needs --wikis');
  }
  const provenance = own.has('provenance');
  if (provenance && (file === undefined || descriptor !== undefined)) {
    throw new Failure(
      'no-output',
      '--provenance needs --output, with the name of a file or directory',
    );
  }
  const named = file === undefined ? undefined : formOfFileName(file);
  const format = formatOf(own.value('format')) ?? impliedFormat(named?.format, flags);
  checkForm(format, named?.compression, options.binaryAsHex);
  const binaryAsText = own.has('binary-as-text');
  if (binaryAsText && (format === undefined || factsOf(format).alike !== 'types')) {
    const text = '--binary-as-text is for parquet: the other formats write bytes as they are';
    throw new Failure('text-format', text);
  }
  return {
    format: format === undefined ? asClient : namedFormat(format),
    file,
    isoTimestamps: timestamps !== undefined,
    binaryAsText,
    provenance,
  };
}

function formatOf(given: string | undefined): OutputFormat | undefined {
  if (given === undefined) return undefined;
  const format = outputFormats.find((name) => name === given);
  if (format !== undefined) return format;
  const known = `${outputFormats.slice(0, -1).join(', ')} and ${outputFormats.at(-1)}`;
  throw new Failure('bad-format', `unknown format '${given}'; known are ${known}`);
}

/** A .txt is for people: a table, unless -E asks for the other form for people. */
function impliedFormat(
  named: OutputFormat | undefined,
  { vertical }: ClientSettings['format'],
): OutputFormat | undefined {
  return named === 'table' && vertical ? 'vertical' : named;
}
