import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FarmInfo } from './farm.js';
import { projectRoot } from './sections.js';

/*
 * Describes a running farm in a file, so that tests can run on it instead of starting their own.
 */

/** The environment variable with the path of a running farm's description. */
export const runningFarmVariable = 'REPLICAS_FARM';

interface Description {
  /** A digest of the code and the dblists with which the farm was started. */
  setup: string;
  farm: FarmInfo;
}

/** Returns a digest of everything in test/farm except its tests, and of the dblists. */
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
 * Returns the farm of a description. Throws if the farm has ended, or was started with different code
 * from that of the tests.
 */
export function readRunningFarm(path: string): FarmInfo {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(
      `${runningFarmVariable} names '${path}', but these replicas have stopped: unset it, or run 'make replicas' again`,
    );
  }
  const { setup, farm } = JSON.parse(text) as Description;
  if (setup !== setupDigest()) {
    throw new Error(
      `the replicas of ${runningFarmVariable} were started from another version of test/farm: run 'make replicas' again`,
    );
  }
  return farm;
}
