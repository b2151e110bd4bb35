import { factsOf, type OutputFormat, type ProgramFormatName } from '../output/formats.js';

/** A format that the client does not have: it is for programs, and holds a whole run's results. */
export type ProgramFormat = { name: ProgramFormatName };

/**
 * The formats of the client. `fixed`: --format or the name of a file says it, so that neither `\G`
 * nor the width of a result changes it. `autoVertical`: a result that is wider than the terminal is
 * vertical. `isDefault`: no option asks for the table, which a conversation shows; scripts and files
 * get TSV. `emptyAsXml`: results without rows are XML.
 */
export type ClientFormat =
  | { name: 'tsv'; fixed: boolean; autoVertical: boolean }
  | { name: 'table'; fixed: boolean; autoVertical: boolean; isDefault: boolean }
  | { name: 'vertical' }
  | { name: 'xml' }
  | { name: 'html'; emptyAsXml: boolean };

/** How the results of a run are written. */
export type ResultFormat = ClientFormat | ProgramFormat;

/** Whether a format is for programs: see ProgramFormat. */
export function isForPrograms(format: ResultFormat): format is ProgramFormat {
  return factsOf(format.name).load !== undefined;
}

/** The client's options that ask for a format; counts as in OutputSettings. */
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
 * The format that the client's options ask for. Observed (10.11): HTML goes before XML, which then
 * writes the results without rows; then vertical, a table (--table, -vvv, or nothing that asks for
 * less), TSV.
 */
export function clientFormat(options: FormatOptions): ClientFormat {
  const { html, xml, vertical, table, autoVertical, silent, verbose } = options;
  if (html) return { name: 'html', emptyAsXml: xml };
  if (xml) return { name: 'xml' };
  if (vertical) return { name: 'vertical' };
  const isDefault = !table && verbose < 3;
  if (isDefault && silent > 0) return { name: 'tsv', fixed: false, autoVertical };
  return { name: 'table', fixed: false, autoVertical, isDefault };
}

/** The format of that name, whatever else is asked for. */
export function namedFormat(name: OutputFormat): ResultFormat {
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

/** The format of a statement that ends in `\G`. */
export function verticalFormat<F extends ResultFormat>(format: F): F | ClientFormat {
  const changes = (format.name === 'tsv' || format.name === 'table') && !format.fixed;
  return changes ? { name: 'vertical' } : format;
}

/** The format of what leaves a conversation: as a script would write it. */
export function scriptFormat<F extends ResultFormat>(format: F): F | ClientFormat {
  if (format.name === 'table' && format.isDefault) {
    return { name: 'tsv', fixed: format.fixed, autoVertical: false };
  }
  if (format.name === 'table' || format.name === 'tsv') return { ...format, autoVertical: false };
  return format;
}

/** The format of a conversation, where --format is refused. Throws TypeError for one for programs. */
export function interactiveFormat(format: ResultFormat): ClientFormat {
  if (isForPrograms(format)) throw new TypeError(`${format.name} in a conversation`);
  return format;
}
