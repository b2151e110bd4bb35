/*
 * Types for files of mysql2 and dns2 that are imported by path. The entry point of mysql2 loads ten
 * times as much code.
 */
declare module '*/node_modules/mysql2/lib/auth_plugins/index.js' {
  export { authPlugins as default } from 'mysql2';
}
declare module '*/node_modules/mysql2/lib/create_connection.js' {
  export { createConnection as default } from 'mysql2';
}
declare module '*/node_modules/dns2/packet.js' {
  export { Packet as default } from 'dns2';
}
