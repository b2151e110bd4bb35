/** What program.ts loads late: everything that a connection, or another client, needs. */
export { delegate } from './delegate.js';
export { type RunShell, runSession } from './session.js';
