import type { RunFormat } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

/** What a format for programs is made with. */
export interface ProgramFormatOptions {
  /** Begin with the columns' names, where the format has a header that can be left out. */
  header: boolean;
  /** Binary and BIT columns come in hexadecimal already. */
  hex: boolean;
  /** --binary-as-text: binary columns hold UTF-8. */
  binaryAsText: boolean;
}

/** Makes a format that writes all results of a run into one output. */
export type MakeProgramFormat = (out: OutputBuffer, options: ProgramFormatOptions) => RunFormat;

/** What is to be known of a format. */
export interface FormatFacts {
  /** What it is, for people. */
  help: string;
  /** The extensions of files that imply it; the first is that of files that are named here. */
  extensions: readonly [string, ...string[]];
  /** Whether a file can be added to, and whether it has a header that stands there once. */
  appends: 'yes' | 'without a second header' | 'no';
  /**
   * What the columns of several wikis must have in common beside their names: nothing, whether they
   * are BIT, their kind of value in JSON, or their type in the file.
   */
  alike: 'names' | 'bits' | 'kinds' | 'types';
  /** It has a form of its own for bytes: --binary-as-hex does not go with it. */
  ownBytes?: true;
  /** It is compressed within: `.gz` behind its name would be a second time. */
  ownCompression?: true;
  /**
   * Loads a format for programs. A program reads everything as data, so messages are not written
   * among the rows, and text is UTF-8. The client's formats have no loader: see chooseFormat.
   */
  load?: () => Promise<MakeProgramFormat>;
}

const client = { appends: 'yes', alike: 'names' } as const;
const json = { alike: 'kinds', ownBytes: true } as const;
const textTable = { appends: 'yes', alike: 'bits' } as const;

/** The formats of results, in the order in which they are listed. A new one is a row, and a file. */
export const formats = {
  tsv: { ...client, help: "tab-separated, the client's", extensions: ['tsv'] },
  csv: {
    help: 'comma-separated, with a header',
    extensions: ['csv'],
    appends: 'without a second header',
    alike: 'bits',
    load: async () => {
      const { CsvFormat } = await import('./csv.js');
      return (out, options) => new CsvFormat(out, options);
    },
  },
  json: {
    ...json,
    help: 'one array with an object for each row',
    extensions: ['json'],
    appends: 'no',
    load: async () => {
      const { JsonFormat } = await import('./json.js');
      return (out) => new JsonFormat(out, { lines: false });
    },
  },
  jsonl: {
    ...json,
    help: 'an object a line',
    extensions: ['jsonl', 'ndjson'],
    appends: 'yes',
    load: async () => {
      const { JsonFormat } = await import('./json.js');
      return (out) => new JsonFormat(out, { lines: true });
    },
  },
  parquet: {
    help: 'Apache Parquet: typed, compressed with Snappy',
    extensions: ['parquet'],
    appends: 'no',
    alike: 'types',
    ownBytes: true,
    ownCompression: true,
    load: async () => {
      const { ParquetFormat } = await import('./parquet/parquet-format.js');
      return (out, options) => new ParquetFormat(out, options);
    },
  },
  table: { ...client, help: "a table, the client's", extensions: ['txt'] },
  vertical: { ...client, help: "a line for each column, the client's", extensions: ['txt'] },
  html: { ...client, help: "HTML, the client's", extensions: ['html'] },
  xml: { ...client, help: "XML, the client's", extensions: ['xml'] },
  markdown: {
    ...textTable,
    help: "a table of GitHub's Markdown",
    extensions: ['md'],
    load: async () => {
      const { MarkdownFormat } = await import('./markdown.js');
      return (out, options) => new MarkdownFormat(out, options);
    },
  },
  wikitable: {
    ...textTable,
    help: 'a table of MediaWiki',
    extensions: ['wiki'],
    load: async () => {
      const { WikitableFormat } = await import('./wikitable.js');
      return (out, options) => new WikitableFormat(out, options);
    },
  },
} as const satisfies Readonly<Record<string, FormatFacts>>;

/** What --format takes for results. */
export type OutputFormat = keyof typeof formats;

/** The formats for programs. */
export type ProgramFormatName = {
  [Name in OutputFormat]: (typeof formats)[Name] extends { load: unknown } ? Name : never;
}[OutputFormat];

/** The names of all formats, in the order of the table. */
export const outputFormats = Object.keys(formats) as OutputFormat[];

/** What is to be known of the format of that name. */
export function factsOf(name: OutputFormat): FormatFacts {
  return formats[name];
}

/** The format that a file's extension implies, without its dot; undefined for others. */
export function formatOfExtension(extension: string): OutputFormat | undefined {
  // Two formats share .txt: the first has it.
  return outputFormats.find((name) => factsOf(name).extensions.includes(extension));
}
