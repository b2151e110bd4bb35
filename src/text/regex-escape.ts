/** Returns the source of a regular expression that matches `text` literally (not in a character class). */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
