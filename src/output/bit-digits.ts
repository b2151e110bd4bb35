/** A BIT value, which the server sends as bytes, as the digits of the number that it is. */
export function bitDigits(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 6) {
    let wide = 0n;
    for (let i = start; i < end; i++) wide = (wide << 8n) | BigInt(bytes[i] as number);
    return wide.toString();
  }
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + (bytes[i] as number);
  return value.toString();
}
