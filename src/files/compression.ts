/** How a file is compressed. */
export type Compression = 'gzip' | 'zstd';
