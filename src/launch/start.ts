import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { loadBundle } from './load-bundle.js';

/*
 * The program's entry. It checks the version of Node before anything is loaded that an older Node
 * cannot parse; the build compiles this file for those.
 */

const oldest = manifest.engines.node.replace('>=', '');

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function start(): void {
  const { version, execPath, versions } = process;
  if (isOlder(versions.node, oldest)) {
    const found = `found ${version} (${execPath})`;
    console.error(`analytics-mysql: Node.js ${oldest} or newer is needed, ${found}; install it`);
    process.exitCode = 1;
    return;
  }
  loadBundle(join(__dirname, '..', 'main.js'));
}

start();
