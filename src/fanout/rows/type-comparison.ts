import type { OutputSettings } from '../../cli/settings.js';
import { isBinary } from '../../output/binary-hex.js';
import { kindOf } from '../../output/column-kinds.js';
import { factsOf } from '../../output/formats.js';
import { parquetColumn } from '../../output/parquet/parquet-column.js';
import type { Column } from '../../protocol/column.js';

/**
 * What the columns of several wikis must have in common beside their names: for Parquet (true) their
 * types (`binary-as-text`: with bytes as strings), for JSON their `kinds`, else no more than what their values are taken for: `bits` become
 * numbers in CSV and Markdown, `binary` ones hexadecimal with --binary-as-hex.
 */
export type TypeComparison = boolean | 'binary-as-text' | 'kinds' | 'bits' | 'binary';

/** What the format of a run needs. */
export function typeComparisonOf({
  format,
  binaryAsHex,
  binaryAsText,
}: OutputSettings): TypeComparison {
  switch (factsOf(format.name).alike) {
    case 'types':
      return binaryAsText ? 'binary-as-text' : true;
    case 'kinds':
      return 'kinds';
    case 'bits':
      return binaryAsHex ? 'binary' : 'bits';
    case 'names':
      return binaryAsHex ? 'binary' : false;
  }
}

/** What of a column must be the same, in words that people understand. */
export function comparedTypeOf(column: Column, typing: TypeComparison): string {
  const kind = kindOf(column);
  if (typing === false) return '';
  if (typing === 'binary') return isBinary(column) ? 'bytes' : 'text';
  if (typing === 'bits') return kind === 'bit' ? 'bits' : 'text';
  // Text is written as bytes are, where they are UTF-8.
  if (typing === 'kinds') return kind === 'bytes' ? 'text' : kind;
  const { element } = parquetColumn(column, '', typing === 'binary-as-text');
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
