const HOSTNAME = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i;

/**
 * Tells whether a text can be a host's name in DNS: labels of letters, digits, `-` and `_`, each
 * of 63 octets at most and 253 in all (RFC 1035 section 2.3.4), without a final dot.
 */
export function isHostname(text: string): boolean {
  return text.length <= 253 && HOSTNAME.test(text);
}
