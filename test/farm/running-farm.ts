import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FarmInfo } from './farm.js';
import { projectRoot } from './places.js';

/** The environment variable that names the description of a running farm, for tests to run on it. */
export const runningFarmVariable = 'REPLICAS_FARM';

interface Description {
  /** A digest of the code and the lists that the farm was started from. */
  setup: string;
  farm: FarmInfo;
}

/** Changes with everything in test/farm but its tests, and with the lists of wikis. */
function setupDigest(): string {
  const hash = createHash('sha256');
  for (const directory of [import.meta.dirname, join(projectRoot, 'dblists')]) {
    for (const name of readdirSync(directory).sort()) {
      if (name.endsWith('.test.ts')) continue;
      hash.update(`${name}\n`).update(readFileSync(join(directory, name)));
    }
  }
  return hash.digest('hex');
}

/** Writes the description of a farm into the farm's own directory; returns its path. */
export function describeFarm(farm: FarmInfo): string {
  const path = join(farm.directory, 'farm.json');
  const description: Description = { setup: setupDigest(), farm };
  writeFileSync(path, JSON.stringify(description), { mode: 0o600 });
  return path;
}

/**
 * Returns the farm that a description names.
 * Throws if it has ended, or was started from other code than the tests'.
 */
export function readRunningFarm(path: string): FarmInfo {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(
      `${runningFarmVariable} names '${path}', but these replicas have stopped: unset it, or start make replicas again`,
    );
  }
  const { setup, farm } = JSON.parse(text) as Description;
  if (setup !== setupDigest()) {
    throw new Error(
      `the replicas of ${runningFarmVariable} were started from another version of test/farm: start make replicas again`,
    );
  }
  return farm;
}
