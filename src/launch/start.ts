import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { loadBundle } from './load-bundle.js';

/*
 * The entry point of the program. It checks the version of Node.js before it loads code that an older
 * version cannot parse; the build compiles this file for older versions.
 */

const oldestNode = manifest.engines.node.replace('>=', '');

function isOlder(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = minimum.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function start(): void {
  const { version, execPath, versions } = process;
  if (isOlder(versions.node, oldestNode)) {
    const found = `found ${version} (${execPath})`;
    console.error(
      `analytics-mysql: Node.js ${oldestNode} or newer is needed, ${found}; install it`,
    );
    process.exitCode = 1;
    return;
  }
  loadBundle(join(__dirname, '..', 'main.js'));
}

start();
