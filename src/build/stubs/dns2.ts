import Packet from '../../../node_modules/dns2/packet.js';

/** What we use of dns2: messages, without its servers and clients. */
export { Packet };
