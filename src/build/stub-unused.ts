import { basename, join } from 'node:path';
import type { Plugin } from 'rolldown';

/*
 * mysql2 does the handshake, authentication and compression (see src/replica/mysql2-seam.ts). Most
 * of its code is for what comes after them, and to load it cost more than all the rest of a start.
 */

/** Files of mysql2 whose classes are never made: each becomes a class that says so when it is. */
const unused = {
  constants: 'charsets ssl_profiles',
  parsers: 'local_date',
  commands:
    'binlog_dump change_user close_statement execute ping prepare query quit register_slave reset_connection server_handshake',
  packets:
    'auth_next_factor binary_row binlog_dump change_user close_statement column_definition execute prepare_statement prepared_statement_header query register_slave reset_connection resultset_header text_row',
  promise: 'connection',
};

/** Modules that are replaced, by the end of their path, and what is put in their place. */
const replaced: Readonly<Record<string, string>> = {
  // Its entry point loads pools, promises and a server too.
  'mysql2/index.js': 'mysql2.ts',
  // Its entry point loads servers and clients, for HTTP/2 and TLS too.
  'dns2/index.mjs': 'dns2.ts',
  // The names of 4,000 errors, of which only the numbers are looked at.
  'mysql2/lib/constants/errors.js': 'nothing.ts',
  'mysql2/lib/tracing.js': 'tracing.ts',
  // Colours, of which cli-table3 is given none.
  '@colors/colors/safe.js': 'nothing.ts',
  // Values put into SQL, and numbers of more than 53 bits: both are for results.
  'sql-escaper/lib/index.js': 'nothing.ts',
  'long/umd/index.js': 'nothing.ts',
  'named-placeholders/index.js': 'nothing.ts',
  // The tables of all the world's character sets; the real one is a bundle of its own.
  'iconv-lite/lib/index.js': 'iconv-lite.ts',
};

/** Modules of Node's that mysql2 loads at once, and that a login needs late or not at all. */
const late = /^(crypto|net|stream|tls|zlib)$/;

/** A module of Node's that is loaded when something of it is asked for. */
function loadedLate(name: string): string {
  // Rows as a stream: its class is asked for at once, and never used.
  if (name === 'stream') return '';
  return `module.exports = new Proxy({}, {
    get: (_, part) => process.getBuiltinModule(${JSON.stringify(name)})[part],
  });`;
}

const unusedPaths = Object.entries(unused).flatMap(([directory, names]) =>
  names.split(' ').map((name) => `mysql2/lib/${directory}/${name}.js`),
);

/** The files of packages that are replaced by stubs, by the end of their paths. */
export const stubbed: readonly string[] = [...unusedPaths, ...Object.keys(replaced)];

const lateId = '\0late:';

/**
 * Replaces by stubs what is never used of mysql2 and dns2. Each file that is found is added to `found`, so
 * that the build can fail when mysql2 has no such file any more.
 */
export function stubUnused(found: Set<string>): Plugin {
  const stubs = join(import.meta.dirname, 'stubs');
  return {
    name: 'stub-unused',
    resolveId: {
      filter: { id: late },
      handler: (id, importer) =>
        importer?.includes('/node_modules/mysql2/') ? `${lateId}${id}` : undefined,
    },
    load: {
      filter: {
        id: /^\0late:|node_modules\/(dns2|@colors\/colors|mysql2|sql-escaper|long|named-placeholders|iconv-lite)\//,
      },
      handler(id) {
        if (id.startsWith(lateId)) return loadedLate(id.slice(lateId.length));
        const file = stubbed.find((end) => id.endsWith(`/node_modules/${end}`));
        if (file === undefined) return undefined;
        found.add(file);
        const stub = replaced[file];
        if (stub !== undefined) {
          const path = JSON.stringify(join(stubs, stub));
          return id.endsWith('.mjs')
            ? `export * from ${path};`
            : `module.exports = require(${path});`;
        }
        const message = JSON.stringify(`${basename(file)} of mysql2 is left out of the build`);
        return `module.exports = class { constructor() { throw new Error(${message}); } };`;
      },
    },
  };
}
