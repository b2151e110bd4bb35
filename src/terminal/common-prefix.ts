/**
 * What all of `texts` begin with, upper and lower case alike, in the letters of the first one: a text
 * for `typed`, which is given back itself if there is nothing to add to it.
 */
export function commonPrefix(texts: readonly string[], typed: string): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) {
    let at = 0;
    while (at < length && isSameLetter(first[at], text[at])) at++;
    length = at;
  }
  // Half a surrogate pair is no letter.
  if (/[\ud800-\udbff]/.test(first[length - 1] ?? '')) length--;
  const prefix = first.slice(0, length);
  const goesOn = prefix.toLowerCase().startsWith(typed.toLowerCase());
  return goesOn && prefix.length >= typed.length ? prefix : typed;
}

function isSameLetter(one: string | undefined, other: string | undefined): boolean {
  return one === other || one?.toLowerCase() === other?.toLowerCase();
}
