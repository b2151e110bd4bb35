import type { RunFormat } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

/* The registry of all output formats: their names, properties, file extensions and loaders. */

/** The options that formats for programs take. */
export interface ProgramFormatOptions {
  /** Write the column names first, if the format has an optional header. */
  header: boolean;
  /** Binary and BIT columns already arrive in hexadecimal. */
  hex: boolean;
  /** --binary-as-text: binary columns contain UTF-8. */
  binaryAsText: boolean;
}

/** Creates a format that writes all result sets of a run to one output. */
export type CreateProgramFormat = (out: OutputBuffer, options: ProgramFormatOptions) => RunFormat;

/** The properties of an output format. */
export interface FormatProperties {
  /** The description in the help. */
  help: string;
  /**
   * The file extensions that imply the format; the program gives the first one to its own files.
   */
  extensions: readonly [string, ...string[]];
  /** Whether rows can be appended to a file, and whether appending must omit the header. */
  appendMode: 'yes' | 'without a second header' | 'no';
  /**
   * What the columns of several wikis must have in common: their names, and for `bits` whether they
   * are BIT, for `kinds` their kind of JSON value, for `types` their type in the file.
   */
  columnMatch: 'names' | 'bits' | 'kinds' | 'types';
  /** The format has its own encoding for bytes, so --binary-as-hex cannot be used with it. */
  encodesBinary?: true;
  /** The format compresses its data itself; `.gz` after the file name would compress it twice. */
  isCompressed?: true;
  /**
   * Loads a format for programs. Programs read the whole output as data, so messages are not
   * written between the rows, and text is UTF-8. The client's formats have no loader: see
   * chooseFormat.
   */
  load?: () => Promise<CreateProgramFormat>;
}

const clientFormat = { appendMode: 'yes', columnMatch: 'names' } as const;
const jsonFormat = { columnMatch: 'kinds', encodesBinary: true } as const;
const textTable = { appendMode: 'yes', columnMatch: 'bits' } as const;

/** All output formats, in the order of the help. To add a format, add an entry and a file. */
export const formats = {
  tsv: { ...clientFormat, help: 'tab-separated, as in the client', extensions: ['tsv'] },
  csv: {
    help: 'comma-separated, with a header line',
    extensions: ['csv'],
    appendMode: 'without a second header',
    columnMatch: 'bits',
    load: async () => {
      const { CsvFormat } = await import('./csv.js');
      return (out, options) => new CsvFormat(out, options);
    },
  },
  json: {
    ...jsonFormat,
    help: 'one array with an object per row',
    extensions: ['json'],
    appendMode: 'no',
    load: async () => {
      const { JsonFormat } = await import('./json.js');
      return (out) => new JsonFormat(out, { lines: false });
    },
  },
  jsonl: {
    ...jsonFormat,
    help: 'one object per line',
    extensions: ['jsonl', 'ndjson'],
    appendMode: 'yes',
    load: async () => {
      const { JsonFormat } = await import('./json.js');
      return (out) => new JsonFormat(out, { lines: true });
    },
  },
  parquet: {
    help: 'Apache Parquet: typed, compressed with Snappy',
    extensions: ['parquet'],
    appendMode: 'no',
    columnMatch: 'types',
    encodesBinary: true,
    isCompressed: true,
    load: async () => {
      const { ParquetFormat } = await import('./parquet/parquet-format.js');
      return (out, options) => new ParquetFormat(out, options);
    },
  },
  table: { ...clientFormat, help: 'table, as in the client', extensions: ['txt'] },
  vertical: { ...clientFormat, help: 'one line per column, as in the client', extensions: ['txt'] },
  html: { ...clientFormat, help: 'HTML, as in the client', extensions: ['html'] },
  xml: { ...clientFormat, help: 'XML, as in the client', extensions: ['xml'] },
  markdown: {
    ...textTable,
    help: 'table in GitHub-flavored Markdown',
    extensions: ['md'],
    load: async () => {
      const { MarkdownFormat } = await import('./markdown.js');
      return (out, options) => new MarkdownFormat(out, options);
    },
  },
  wikitable: {
    ...textTable,
    help: 'MediaWiki table',
    extensions: ['wiki'],
    load: async () => {
      const { WikitableFormat } = await import('./wikitable.js');
      return (out, options) => new WikitableFormat(out, options);
    },
  },
} as const satisfies Readonly<Record<string, FormatProperties>>;

/** The names that --format accepts. */
export type OutputFormat = keyof typeof formats;

/** The names of the formats for programs. */
export type ProgramFormatName = {
  [Name in OutputFormat]: (typeof formats)[Name] extends { load: unknown } ? Name : never;
}[OutputFormat];

/** The names of all formats, in the order of the help. */
export const outputFormats = Object.keys(formats) as OutputFormat[];

/** Returns the properties of the format `name`. */
export function formatPropertiesOf(name: OutputFormat): FormatProperties {
  return formats[name];
}

/** Returns the format that a file extension (without its dot) implies; undefined if none does. */
export function formatOfExtension(extension: string): OutputFormat | undefined {
  // Two formats share .txt; it implies the first one.
  return outputFormats.find((name) => formatPropertiesOf(name).extensions.includes(extension));
}
