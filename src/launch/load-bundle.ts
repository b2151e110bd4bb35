import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Where the build puts the code cache of a bundle. */
export function codeCacheOf(bundle: string): string {
  return `${bundle}.v8cache`;
}

/** Told of each bundle that is loaded; what makes the caches uses it. */
export type OnLoad = (bundle: string, script: Script) => void;

const loaded = new Map<string, { exports: unknown }>();

/**
 * Loads one of the build's bundles (CommonJS) as `require` does, and those that it requires by a
 * relative path, but takes V8's compiled code from the cache beside it. That saves a third of the
 * time until the first row. A cache that is missing, or that another version of V8 has made, is
 * passed over by V8 itself.
 *
 * Node's own cache (module.enableCompileCache) needs Node 22 and a folder that it may write to.
 */
export function loadBundle(bundle: string, onLoad?: OnLoad): unknown {
  const known = loaded.get(bundle);
  if (known !== undefined) return known.exports;
  // A build is ASCII (esbuild's own choice), which is read faster so.
  const source = readFileSync(bundle, 'latin1');
  const cachedData = readIfThere(codeCacheOf(bundle));
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${source}\n})`,
    { filename: bundle, ...(cachedData !== undefined && { cachedData }) },
  );
  onLoad?.(bundle, script);
  const folder = dirname(bundle);
  const module = { exports: {} };
  loaded.set(bundle, module);
  script.runInThisContext()(
    module.exports,
    // Besides other bundles there are Node's own modules alone.
    (id: string) => (id.startsWith('.') ? loadBundle(join(folder, id), onLoad) : require(id)),
    module,
    bundle,
    folder,
  );
  return module.exports;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
