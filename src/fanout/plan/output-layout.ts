import { dirname, join, normalize } from 'node:path';
import { formOfFileName, isPattern } from '../../cli/file-name.js';
import { namedFormat, type ResultFormat, scriptFormat } from '../../cli/result-format.js';
import type { OutputSettings } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import type { Compression } from '../../output/compressed-sink.js';
import { factsOf } from '../../output/formats.js';
import { printable } from '../../text/printable.js';
import { escapeRegExp } from '../../text/regex-escape.js';

export { isFilePerWiki as isDirectoryOutput } from '../../cli/file-name.js';

/** Stands for the wiki's name in a pattern. */
const placeholder = '{wiki}';
/** The column that a directory's name gives in Hive's layout. */
export const partitionColumn = 'wiki_db';

/** How directories are made: the data in them is private. */
export const newDirectory = { recursive: true, mode: 0o700 } as const;

const compressed: Record<Compression, string> = { gzip: '.gz', zstd: '.zst' };

/** Where the files of a run are, one for each wiki. */
export interface OutputLayout {
  /** The directory that all of them are in, or in directories within. */
  root: string;
  /** The name in `root` of the run's journal. */
  journal: string;
  /** Relative to `root`, with `{wiki}`. */
  pattern: string;
  /** The user gave a pattern, and not a directory. */
  isPattern: boolean;
  /** Each wiki has a directory that is called `wiki_db=WIKI`: its name is read as a column. */
  hive: boolean;
  format: ResultFormat;
  compression: Compression | undefined;
}

/**
 * Where --output's directory or pattern leads, and the form of the files. What --format does not say,
 * say the pattern's extension (`OutputSettings.format` knows both) or the client's options; else it
 * is TSV, on a terminal too: files are not for people's eyes. The names of what belongs to the run
 * itself begin with `_` or `.`, which Spark (HadoopFSUtils.shouldFilterOutPathName), Hive
 * (FileUtils.HIDDEN_FILES_PATH_FILTER) and Trino (HiveFileIterator) pass over; DuckDB reads what its
 * glob says. Throws Failure `bad-pattern`.
 */
export function layoutOf(path: string, output: OutputSettings): OutputLayout {
  const format = namedFormat(scriptFormat(output.format).name);
  const { compression } = formOfFileName(path);
  if (!isPattern(path)) {
    const hive = factsOf(format.name).alike === 'types';
    const packed = compression === undefined ? '' : compressed[compression];
    const name = `${placeholder}.${factsOf(format.name).extensions[0]}${packed}`;
    const pattern = hive
      ? `${partitionColumn}=${placeholder}/part-0.${factsOf(format.name).extensions[0]}`
      : name;
    const journal = '_analytics-mysql.journal';
    const root = join(path, '.');
    return { root, journal, pattern, isPattern: false, hive, format, compression };
  }
  const whole = normalize(path);
  if (whole.endsWith('/') || !whole.includes(placeholder)) {
    const text = `--output ${printable(path)}: the pattern has no name for a file behind its directories`;
    throw new Failure('bad-pattern', `${text}: add one, such as ${placeholder}.csv`);
  }
  let root = dirname(whole);
  while (root.includes(placeholder)) root = dirname(root);
  const pattern = whole.slice(root === '.' ? 0 : root.length).replace(/^\/+/, '');
  // Several patterns may lead into one directory. Spark reads names that begin with _ and have a =.
  const journal = `_${pattern.replaceAll('/', '+').replaceAll('=', '-')}.journal`;
  return { root, journal, pattern, isPattern: true, hive: false, format, compression };
}

/** The path of a wiki's file, relative to the root. */
export function wikiFileOf({ pattern }: OutputLayout, wiki: string): string {
  return pattern.replaceAll(placeholder, asFileName(wiki));
}

/**
 * Where a file is until it is whole, relative to the root: in the root itself, so that directories are
 * made for whole files alone, and under a name that no reader looks at.
 */
export function partNameOf(file: string): string {
  return `.${file.replaceAll('/', '+')}.part`;
}

/** The name in the root, less what KeptRows puts around it, under which a run keeps rows of all wikis. */
export function checkpointName({ pattern, isPattern }: OutputLayout): string {
  return isPattern ? pattern.replaceAll('/', '+') : 'analytics-mysql';
}

/** What the names of a place's `.part` files look like. */
export function partMatcher({ pattern }: OutputLayout): RegExp {
  const texts = partNameOf(pattern).split(placeholder);
  return new RegExp(`^${texts.map(escapeRegExp).join('[\\w%-]+')}$`);
}

/**
 * A database's name as a part of a file's: as it is, if it is one of a wiki. Of others what could
 * lead elsewhere, hide the file or mean something in Hive's layout is written as `%XX`, which
 * readers of that layout undo.
 */
function asFileName(wiki: string): string {
  return wiki.replace(/^_|[^\w-]/gu, (character) =>
    Array.from(Buffer.from(character))
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
