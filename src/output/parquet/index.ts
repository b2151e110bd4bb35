/** What is loaded late, for --format parquet alone. */
export { ParquetFormat } from './parquet-format.js';
