/**
 * Whether `text` begins with `wanted`, ignoring the case of `text`; `wanted` must be in lower case.
 */
export function startsWithIgnoringCase(text: string, wanted: string): boolean {
  const { length } = wanted;
  if (text.length < length) return false;
  // The first and the last letter rule out most texts without creating strings.
  const mayBegin =
    length === 0 || (mayBeSame(text, wanted, 0) && mayBeSame(text, wanted, length - 1));
  return mayBegin && text.slice(0, length).toLowerCase() === wanted;
}

function mayBeSame(text: string, wanted: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x80 || (code | 0x20) === (wanted.charCodeAt(index) | 0x20);
}
