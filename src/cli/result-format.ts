import {
  formatPropertiesOf,
  type OutputFormat,
  type ProgramFormatName,
} from '../output/formats.js';

/*
 * Chooses the result format from the client's options, --format, and where the results are written.
 */

/**
 * A format that the client does not have, for use by programs; one file holds all results of a run.
 */
export type ProgramFormat = { name: ProgramFormatName };

/**
 * The formats of the client. `fixed`: --format or the file name determines it, so that neither `\G`
 * nor the width of a result changes it. `autoVertical`: a result that is wider than the terminal is
 * printed vertically. `isDefault`: no option requests the table; the shell shows a table by
 * default, scripts and files get TSV. `emptyAsXml`: results without rows are XML.
 */
export type ClientFormat =
  | { name: 'tsv'; fixed: boolean; autoVertical: boolean }
  | { name: 'table'; fixed: boolean; autoVertical: boolean; isDefault: boolean }
  | { name: 'vertical' }
  | { name: 'xml' }
  | { name: 'html'; emptyAsXml: boolean };

/** The format in which the results of a run are written. */
export type ResultFormat = ClientFormat | ProgramFormat;

/** Tests whether a format is a ProgramFormat. */
export function isProgramFormat(format: ResultFormat): format is ProgramFormat {
  return formatPropertiesOf(format.name).load !== undefined;
}

/** The client's options that choose a format; counts as in OutputSettings. */
export interface FormatOptions {
  html: boolean;
  xml: boolean;
  vertical: boolean;
  table: boolean;
  autoVertical: boolean;
  silent: number;
  verbose: number;
}

/**
 * Returns the format that the client's options choose. Observed (10.11): HTML takes precedence over
 * XML, which is then used for results without rows; then follow vertical, table (--table, -vvv, or
 * no --silent or --batch), and TSV.
 */
export function chooseClientFormat(options: FormatOptions): ClientFormat {
  const { html, xml, vertical, table, autoVertical, silent, verbose } = options;
  if (html) return { name: 'html', emptyAsXml: xml };
  if (xml) return { name: 'xml' };
  if (vertical) return { name: 'vertical' };
  const isDefault = !table && verbose < 3;
  if (isDefault && silent > 0) return { name: 'tsv', fixed: false, autoVertical };
  return { name: 'table', fixed: false, autoVertical, isDefault };
}

/** Returns the format with this name, regardless of other options. */
export function createFormat(name: OutputFormat): ResultFormat {
  switch (name) {
    case 'tsv':
      return { name, fixed: true, autoVertical: false };
    case 'table':
      return { name, fixed: true, autoVertical: false, isDefault: false };
    case 'html':
      return { name, emptyAsXml: false };
    default:
      return { name };
  }
}

/** Returns the format of a statement that ends in `\G`. */
export function toVerticalFormat<F extends ResultFormat>(format: F): F | ClientFormat {
  const changes = (format.name === 'tsv' || format.name === 'table') && !format.fixed;
  return changes ? { name: 'vertical' } : format;
}

/**
 * Returns the format of results that the shell writes to a file or program: as a script writes
 * them.
 */
export function toScriptFormat<F extends ResultFormat>(format: F): F | ClientFormat {
  if (format.name === 'table' && format.isDefault) {
    return { name: 'tsv', fixed: format.fixed, autoVertical: false };
  }
  if (format.name === 'table' || format.name === 'tsv') return { ...format, autoVertical: false };
  return format;
}

/** Returns the format of the shell, where `\G` and the width of the screen change every table. */
export function toShellFormat(format: ResultFormat): ResultFormat {
  if (format.name !== 'table' || !format.fixed) return format;
  return { ...format, fixed: false, autoVertical: true };
}
