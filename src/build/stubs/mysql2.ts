import authPlugins from '../../../node_modules/mysql2/lib/auth_plugins/index.js';
import createConnection from '../../../node_modules/mysql2/lib/create_connection.js';

/** What we use of mysql2's entry point. */
export { authPlugins, createConnection };
