import type { TestProject } from 'vitest/node';
import { ensureBuild } from './build.js';
import { startFarm } from './farm.js';
import { manyWikis } from './many-contents.js';
import { smallSizes } from './many-names.js';
import { sections } from './places.js';

/** Starts a farm of hundreds of wikis once for the project `many`, in place of the sample's. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensureBuild();
  const farm = await startFarm({
    sections: sections.filter((section) => section !== 'staging'),
    template: process.env.REPLICAS_TEMPLATE,
    contents: manyWikis(smallSizes),
  });
  project.provide('farm', farm.info);
  return () => farm.stop();
}
