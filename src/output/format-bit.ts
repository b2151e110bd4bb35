/** Returns the decimal digits of a BIT value, which the server sends as big-endian bytes. */
export function formatBit(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 6) {
    let largeValue = 0n;
    for (let i = start; i < end; i++) largeValue = (largeValue << 8n) | BigInt(bytes[i] as number);
    return largeValue.toString();
  }
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + (bytes[i] as number);
  return value.toString();
}
