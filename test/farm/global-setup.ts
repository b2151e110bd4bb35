import type { TestProject } from 'vitest/node';
import { ensureBuild } from './build.js';
import { type FarmInfo, type FarmOptions, startFarm } from './farm.js';
import { readRunningFarm, runningFarmVariable } from './running-farm.js';

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

/** The farm of the sample's wikis: the running one that the environment names, or one of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env[runningFarmVariable];
  if (running === undefined) return provideFarm(project);
  ensureBuild();
  project.provide('farm', readRunningFarm(running));
  return async () => {};
}
