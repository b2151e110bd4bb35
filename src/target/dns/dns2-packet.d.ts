/** dns2's file of packets, imported by its path: see message.ts. */
declare module '*/node_modules/dns2/packet.js' {
  import { Packet } from 'dns2';
  export default Packet;
}
