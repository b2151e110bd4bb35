/** What program.ts loads late: one script over many wikis. */
export { describeRun, printTargets } from './plan/show-plan.js';
export { runManyWikis } from './run.js';
