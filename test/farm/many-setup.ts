import type { TestProject } from 'vitest/node';
import { provideFarm } from './global-setup.js';
import { manyWikis } from './many-contents.js';
import { smallSizes } from './many-names.js';
import { sections } from './sections.js';

/** The global setup of the vitest project `many`: starts a farm of hundreds of wikis. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const wanted = sections.filter((section) => section !== 'staging');
  return provideFarm(project, { sections: wanted, contents: manyWikis(smallSizes) });
}
