/** The entry points for --wikis. program.ts imports this file only when it is needed. */
export { describeRun, describeTargets as printTargets } from './plan/show-plan.js';
export { runManyWikis } from './run.js';
