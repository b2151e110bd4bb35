/** What session.ts loads late: a script does not pay for the editor. */
export { converse } from '../shell/converse.js';
