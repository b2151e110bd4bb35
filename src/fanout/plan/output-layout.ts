import { dirname, join, normalize } from 'node:path';
import { isPattern, parseFileName } from '../../cli/file-name.js';
import { createFormat, type ResultFormat, toScriptFormat } from '../../cli/result-format.js';
import type { OutputSettings } from '../../cli/settings.js';
import { createOptionFailure } from '../../failure.js';
import type { Compression } from '../../output/compressed-sink.js';
import { formatPropertiesOf } from '../../output/formats.js';
import { printable } from '../../text/printable.js';
import { escapeRegExp } from '../../text/regex-escape.js';

export { isFilePerWiki } from '../../cli/file-name.js';

/** Names the files of a run that writes one file per wiki. */

/** The placeholder for the wiki in a pattern of --output. */
const placeholder = '{wiki}';
/** The partition column in Hive's layout, where directories are named `wiki_db=WIKI`. */
export const partitionColumn = 'wiki_db';

/** The options for `mkdir`: only the user may read the data. */
export const directoryOptions = { recursive: true, mode: 0o700 } as const;

const compressionExtensions: Record<Compression, string> = { gzip: '.gz', zstd: '.zst' };

/** The paths and the format of the files of a run, one for each wiki. */
export interface OutputLayout {
  /** The directory that contains all files, directly or in subdirectories. */
  root: string;
  /** The name of the run's journal in `root`. */
  journal: string;
  /** The path of a wiki's file, relative to `root`, with the placeholder `{wiki}`. */
  pattern: string;
  /** Whether --output is a pattern rather than a directory. */
  isPattern: boolean;
  /** Whether each wiki has a directory `wiki_db=WIKI`, whose name readers turn into a column. */
  isHiveLayout: boolean;
  format: ResultFormat;
  compression: Compression | undefined;
}

/**
 * Returns the layout for a directory or pattern of --output. Throws Failure `bad-pattern`.
 *
 * The format is that of --format, else of the pattern's extension (`OutputSettings.format` covers
 * both), else of the client's options, else TSV, on a terminal too, since files are for programs.
 * The journal and other auxiliary files begin with `_` or `.`, which Spark
 * (HadoopFSUtils.shouldFilterOutPathName), Hive (FileUtils.HIDDEN_FILES_PATH_FILTER) and Trino
 * (HiveFileIterator) ignore; DuckDB reads whatever matches its glob.
 */
export function layoutOf(path: string, output: OutputSettings): OutputLayout {
  const format = createFormat(toScriptFormat(output.format).name);
  const { compression } = parseFileName(path);
  if (!isPattern(path)) {
    const isHiveLayout = formatPropertiesOf(format.name).columnMatch === 'types';
    const compressionExtension =
      compression === undefined ? '' : compressionExtensions[compression];
    const name = `${placeholder}.${formatPropertiesOf(format.name).extensions[0]}${compressionExtension}`;
    const pattern = isHiveLayout
      ? `${partitionColumn}=${placeholder}/part-0.${formatPropertiesOf(format.name).extensions[0]}`
      : name;
    const journal = '_analytics-mysql.journal';
    const root = join(path, '.');
    return { root, journal, pattern, isPattern: false, isHiveLayout, format, compression };
  }
  const normalized = normalize(path);
  if (normalized.endsWith('/') || !normalized.includes(placeholder)) {
    const text = `--output '${printable(path)}': the pattern has no file name after its directories`;
    throw createOptionFailure(
      'bad-pattern',
      `${text}: add one, such as ${placeholder}.csv`,
      'output',
    );
  }
  let root = dirname(normalized);
  while (root.includes(placeholder)) root = dirname(root);
  const pattern = normalized.slice(root === '.' ? 0 : root.length).replace(/^\/+/, '');
  // Several patterns may share a directory, so each has its own journal. Spark does not ignore
  // names that begin with _ but contain a =.
  const journal = `_${pattern.replaceAll('/', '+').replaceAll('=', '-')}.journal`;
  return { root, journal, pattern, isPattern: true, isHiveLayout: false, format, compression };
}

/** Returns the path of a wiki's file, relative to the root. */
export function wikiFileOf({ pattern }: OutputLayout, wiki: string): string {
  return pattern.replaceAll(placeholder, escapeFileName(wiki));
}

/**
 * Returns the temporary name of a file that is not complete, relative to the root. It is in the
 * root itself, so that subdirectories are created only for complete files, and readers ignore its
 * name.
 */
export function partNameOf(file: string): string {
  return `.${file.replaceAll('/', '+')}.part`;
}

/** Returns the name of the run's checkpoint in the root, without what Checkpoint adds to it. */
export function checkpointName({ pattern, isPattern }: OutputLayout): string {
  return isPattern ? pattern.replaceAll('/', '+') : 'analytics-mysql';
}

/** Returns a pattern that matches the names of the layout's `.part` files. */
export function partMatcher({ pattern }: OutputLayout): RegExp {
  const literals = partNameOf(pattern).split(placeholder);
  return new RegExp(`^${literals.map(escapeRegExp).join('[\\w%-]+')}$`);
}

/**
 * Escapes a database's name for use in a file name. Names of wikis stay as they are. In other
 * names, characters that could change the directory, hide the file or have a meaning in Hive's
 * layout become `%XX`, which readers of that layout decode.
 */
function escapeFileName(wiki: string): string {
  return wiki.replace(/^_|[^\w-]/gu, (character) =>
    Array.from(Buffer.from(character))
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
