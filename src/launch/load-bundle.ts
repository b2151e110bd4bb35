import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/*
 * Loads the bundles of the build with V8's code cache, which makes the program start faster.
 */

/**
 * Returns the path of a bundle's code cache for the running Node.js. The name contains the exact
 * engine, because V8 checks only its own version number in a cache. Observed (V8 11.3): bytecode of
 * Node 20.20.2 crashed Node 20.19.2. Caches of several versions of Node.js can exist side by side.
 */
export function codeCachePath(bundle: string): string {
  const { version, versions, arch } = process;
  return `${bundle}.${version}-${versions.v8}-${arch}.v8cache`;
}

/** A callback for each bundle that is loaded; make-code-cache.ts uses it. */
export type OnLoad = (bundle: string, script: Script) => void;

const loaded = new Map<string, { exports: unknown }>();

/**
 * Loads a CommonJS bundle of the build, and the bundles that it requires by a relative path, as
 * `require` does, but with V8's compiled code from the cache next to the bundle. This saves a third of
 * the time until the first row. Without a cache for this engine the program only starts more slowly.
 *
 * Node's own cache (module.enableCompileCache) needs Node 22 and a writable directory.
 */
export function loadBundle(bundle: string, onLoad?: OnLoad): unknown {
  const cached = loaded.get(bundle);
  if (cached !== undefined) return cached.exports;
  // The bundles are ASCII (see src/build/build.ts). Node reads latin1 faster than UTF-8.
  const source = readFileSync(bundle, 'latin1');
  const cachedData = readIfExists(codeCachePath(bundle));
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${source}\n})`,
    { filename: bundle, ...(cachedData !== undefined && { cachedData }) },
  );
  onLoad?.(bundle, script);
  const directory = dirname(bundle);
  const module = { exports: {} };
  loaded.set(bundle, module);
  script.runInThisContext()(
    module.exports,
    // A bundle requires only other bundles, and modules of Node.js.
    (id: string) => (id.startsWith('.') ? loadBundle(join(directory, id), onLoad) : require(id)),
    module,
    bundle,
    directory,
  );
  return module.exports;
}

function readIfExists(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
