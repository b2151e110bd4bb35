import { basename, join } from 'node:path';
import type { Plugin } from 'rolldown';

/*
 * Replaces by stubs the files of packages that the program loads but never uses. mysql2 does the
 * handshake, authentication and compression (see src/replica/mysql2-internals.ts). Most of its code is for
 * later phases of a connection; loading it took longer than the rest of the start.
 */

/** Files of mysql2 with classes that are never used. Each stub is a class whose constructor throws. */
const unusedClasses = {
  constants: 'charsets ssl_profiles',
  parsers: 'local_date',
  commands:
    'binlog_dump change_user close_statement execute ping prepare query quit register_slave reset_connection server_handshake',
  packets:
    'auth_next_factor binary_row binlog_dump change_user close_statement column_definition execute prepare_statement prepared_statement_header query register_slave reset_connection resultset_header text_row',
  promise: 'connection',
};

/** Modules to replace, by the end of their paths, and the stubs that replace them. */
const replacements: Readonly<Record<string, string>> = {
  // The entry point also loads pools, promises and a server.
  'mysql2/index.js': 'mysql2.ts',
  // The entry point also loads servers and clients, with HTTP/2 and TLS.
  'dns2/index.mjs': 'dns2.ts',
  // The names of 4,000 errors; the program uses only the numbers.
  'mysql2/lib/constants/errors.js': 'nothing.ts',
  'mysql2/lib/tracing.js': 'tracing.ts',
  // Colors, which the program does not pass to cli-table3.
  '@colors/colors/safe.js': 'nothing.ts',
  // Values in SQL, and numbers of more than 53 bits: mysql2 needs both only for results.
  'sql-escaper/lib/index.js': 'nothing.ts',
  'long/umd/index.js': 'nothing.ts',
  'named-placeholders/index.js': 'nothing.ts',
  // The tables of many character sets.
  'iconv-lite/lib/index.js': 'iconv-lite.ts',
};

/** Modules of Node.js that mysql2 loads at its start, but a login needs later or not at all. */
const lazyModules = /^(crypto|net|stream|tls|zlib)$/;

/** Returns the source of a stub that loads a module of Node.js when a property of it is first read. */
function lazyModuleSource(name: string): string {
  // mysql2 reads a class of `stream` at its start, for rows as a stream, and never uses it here.
  if (name === 'stream') return '';
  return `module.exports = new Proxy({}, {
    get: (_, part) => process.getBuiltinModule(${JSON.stringify(name)})[part],
  });`;
}

const unusedPaths = Object.entries(unusedClasses).flatMap(([directory, names]) =>
  names.split(' ').map((name) => `mysql2/lib/${directory}/${name}.js`),
);

/** The ends of the paths of all files that stubs replace. */
export const stubbedFiles: readonly string[] = [...unusedPaths, ...Object.keys(replacements)];

const lazyPrefix = '\0late:';

/**
 * Returns a rolldown plugin that replaces unused files by stubs. It adds each file that it replaces
 * to `found`, so that the build can fail if a package no longer has one of them.
 */
export function stubUnused(found: Set<string>): Plugin {
  const stubs = join(import.meta.dirname, 'stubs');
  return {
    name: 'stub-unused',
    resolveId: {
      filter: { id: lazyModules },
      handler: (id, importer) =>
        importer?.includes('/node_modules/mysql2/') ? `${lazyPrefix}${id}` : undefined,
    },
    load: {
      filter: {
        id: /^\0late:|node_modules\/(dns2|@colors\/colors|mysql2|sql-escaper|long|named-placeholders|iconv-lite)\//,
      },
      handler(id) {
        if (id.startsWith(lazyPrefix)) return lazyModuleSource(id.slice(lazyPrefix.length));
        const file = stubbedFiles.find((end) => id.endsWith(`/node_modules/${end}`));
        if (file === undefined) return undefined;
        found.add(file);
        const stub = replacements[file];
        if (stub !== undefined) {
          const path = JSON.stringify(join(stubs, stub));
          return id.endsWith('.mjs')
            ? `export * from ${path};`
            : `module.exports = require(${path});`;
        }
        const message = JSON.stringify(`${basename(file)} of mysql2 is not included in the build`);
        return `module.exports = class { constructor() { throw new Error(${message}); } };`;
      },
    },
  };
}
