import Packet from '../../../node_modules/dns2/packet.js';

/** Replaces the entry point of dns2: exports its messages, without its servers and clients. */
export { Packet };
