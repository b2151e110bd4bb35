const HOSTNAME = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/i;

/**
 * Tells whether a text is a valid host name in DNS: labels of letters, digits, `_` and, but not at an
 * end, `-` (RFC 1123 section 2.1), of at most 63 octets each and 253 octets in total (RFC 1035 section
 * 2.3.4), without a final dot.
 */
export function isHostname(text: string): boolean {
  return text.length <= 253 && HOSTNAME.test(text);
}
