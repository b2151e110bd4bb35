/** The exports that program.ts loads late: everything that needs a connection or another client. */
export { runExternalClient } from './run-external-client.js';
export { type RunShell, runSession } from './session.js';
