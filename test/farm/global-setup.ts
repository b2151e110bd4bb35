import type { TestProject } from 'vitest/node';
import { ensureBuild } from './build.js';
import { type FarmInfo, startFarm } from './farm.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The farm that runs beside the tests; set in the project `farm` of vitest.config.ts. */
    farm: FarmInfo;
  }
}

/** Starts the farm once for a whole run; vitest calls what it returns at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensureBuild();
  const farm = await startFarm();
  // Other projects of this run spare themselves making one.
  process.env.REPLICAS_TEMPLATE = farm.template;
  project.provide('farm', farm.info);
  return () => farm.stop();
}
