import type { OutputSettings } from '../../cli/settings.js';
import { isBinaryColumn } from '../../output/binary-hex.js';
import { kindOf } from '../../output/column-kinds.js';
import { formatPropertiesOf } from '../../output/formats.js';
import { toParquetColumn } from '../../output/parquet/parquet-column.js';
import type { Column } from '../../protocol/column.js';

/**
 * What the columns of several wikis must have in common besides their names. It depends on the
 * format:
 *
 * - `names`: nothing else
 * - `bits`: whether they are BIT columns, whose values are written as numbers (CSV, Markdown,
 *   tables)
 * - `binary`: whether they are binary columns, which --binary-as-hex writes in hexadecimal
 * - `kinds`: the kind of JSON value
 * - `types`: the type in Parquet
 * - `binary-as-text`: the type in Parquet with --binary-as-text, where bytes are strings
 */
export type TypeComparison = 'names' | 'bits' | 'binary' | 'kinds' | 'types' | 'binary-as-text';

/** Returns the comparison that the format of a run needs. */
export function typeComparisonOf({
  format,
  binaryAsHex,
  binaryAsText,
}: OutputSettings): TypeComparison {
  switch (formatPropertiesOf(format.name).columnMatch) {
    case 'types':
      return binaryAsText ? 'binary-as-text' : 'types';
    case 'kinds':
      return 'kinds';
    case 'bits':
      return binaryAsHex ? 'binary' : 'bits';
    case 'names':
      return binaryAsHex ? 'binary' : 'names';
  }
}

/** Returns the part of a column's type that must be equal, in words for error messages. */
export function comparedTypeOf(column: Column, comparison: TypeComparison): string {
  const kind = kindOf(column);
  if (comparison === 'names') return '';
  if (comparison === 'binary') return isBinaryColumn(column) ? 'bytes' : 'text';
  if (comparison === 'bits') return kind === 'bit' ? 'bits' : 'text';
  // JSON writes bytes that are UTF-8 as text.
  if (comparison === 'kinds') return kind === 'bytes' ? 'text' : kind;
  const { element } = toParquetColumn(column, '', comparison === 'binary-as-text');
  switch (element.converted_type) {
    case 'DECIMAL':
      return `decimal(${element.precision},${element.scale})`;
    case 'UTF8':
      return 'text';
    case 'DATE':
      return 'date';
    case 'UINT_64':
      return kind === 'bit' ? 'bits' : 'unsigned 64-bit integer';
  }
  if (element.logical_type !== undefined) return 'time';
  switch (element.type) {
    case 'INT32':
      return '32-bit integer';
    case 'INT64':
      return '64-bit integer';
    case 'BYTE_ARRAY':
      return 'bytes';
    default:
      return String(element.type).toLowerCase();
  }
}
