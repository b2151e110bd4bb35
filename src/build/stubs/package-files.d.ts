/** Files of mysql2, imported by their paths: its entry point loads ten times as much. */
declare module '*/node_modules/mysql2/lib/auth_plugins/index.js' {
  export { authPlugins as default } from 'mysql2';
}
declare module '*/node_modules/mysql2/lib/create_connection.js' {
  export { createConnection as default } from 'mysql2';
}
declare module '*/node_modules/dns2/packet.js' {
  export { Packet as default } from 'dns2';
}
