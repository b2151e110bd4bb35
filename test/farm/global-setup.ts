import type { TestProject } from 'vitest/node';
import { ensureBuild } from './build.js';
import { type FarmInfo, type FarmOptions, startFarm } from './farm.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The farm that runs beside the tests; set in the projects `farm` and `many` of vitest.config.ts. */
    farm: FarmInfo;
  }
}

/** Starts a project's farm once for a whole run; vitest calls what it returns at the end. */
export async function provideFarm(
  project: TestProject,
  options: FarmOptions = {},
): Promise<() => Promise<void>> {
  ensureBuild();
  const farm = await startFarm(options);
  project.provide('farm', farm.info);
  return () => farm.stop();
}

/** The farm of the sample's wikis. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideFarm(project);
}
