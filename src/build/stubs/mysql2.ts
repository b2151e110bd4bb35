import authPlugins from '../../../node_modules/mysql2/lib/auth_plugins/index.js';
import createConnection from '../../../node_modules/mysql2/lib/create_connection.js';

/** Replaces the entry point of mysql2: exports only what the program uses. */
export { authPlugins, createConnection };
