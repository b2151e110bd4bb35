import type { TestProject } from 'vitest/node';
import { ensureBuild } from './build.js';
import { type FarmInfo, type FarmOptions, startFarm } from './farm.js';
import { readRunningFarm, runningFarmVariable } from './running-farm.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The running farm; set in the projects `farm` and `many` of vitest.config.ts. */
    farm: FarmInfo;
  }
}

/** Starts a project's farm once per run; returns the function that vitest calls at the end. */
export async function provideFarm(
  project: TestProject,
  options: FarmOptions = {},
): Promise<() => Promise<void>> {
  ensureBuild();
  const farm = await startFarm(options);
  project.provide('farm', farm.info);
  return () => farm.stop();
}

/** The setup of the project `farm`: uses the running farm that the environment names, or starts one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env[runningFarmVariable];
  if (running === undefined) return provideFarm(project);
  ensureBuild();
  project.provide('farm', readRunningFarm(running));
  return async () => {};
}
