/** The entry points for --wikis. program.ts imports this file only when it is needed. */
export { describeLists, describeWikis } from './plan/list-wikis.js';
export { describeRun, describeTargets as printTargets } from './plan/show-plan.js';
export { runManyWikis } from './run.js';
