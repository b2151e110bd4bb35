import { readFileSync } from 'node:fs';
import { replacementCharacter, toExactText } from '../text/exact-bytes.js';

/*
 * Reads the bytes of command line arguments and environment variables that are not UTF-8. Node
 * decodes both as UTF-8 and replaces invalid bytes; the original bytes are in /proc/self. Without
 * /proc only Node's texts are left.
 */

/** Returns the arguments with all their bytes, as texts of toExactText(). */
export function toExactArguments(argv: string[]): string[] {
  if (!argv.some((word) => word.includes(replacementCharacter))) return argv;
  const words = readWords('cmdline').slice(-argv.length);
  // The process title may have been changed.
  const areSame = words.length === argv.length && words.every((bytes, i) => `${bytes}` === argv[i]);
  return areSame ? words.map(toExactText) : argv;
}

/** Returns the value of a variable with all its bytes, as a text of toExactText(). */
export function getExactVariable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  if (value === undefined || !value.includes(replacementCharacter)) return value;
  const prefix = `${name}=`;
  const word = readWords('environ').find((bytes) => bytes.toString('latin1').startsWith(prefix));
  const exact = word?.subarray(prefix.length);
  // The variable may have been changed since the start.
  return exact?.toString() === value ? toExactText(exact) : value;
}

/** Returns the words of a file in /proc/self that end at NUL bytes; none if it cannot be read. */
function readWords(name: 'cmdline' | 'environ'): Buffer[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(`/proc/self/${name}`);
  } catch {
    return [];
  }
  const words: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const nul = bytes.indexOf(0, start);
    const end = nul < 0 ? bytes.length : nul;
    words.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return words;
}
