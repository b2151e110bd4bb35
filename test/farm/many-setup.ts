import type { TestProject } from 'vitest/node';
import { provideFarm } from './global-setup.js';
import { manyWikis } from './many-contents.js';
import { smallSizes } from './many-names.js';
import { sections } from './places.js';

/** A farm of hundreds of wikis, for the project `many`. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const wanted = sections.filter((section) => section !== 'staging');
  return provideFarm(project, { sections: wanted, contents: manyWikis(smallSizes) });
}
