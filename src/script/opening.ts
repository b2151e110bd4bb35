/** What is open where a line begins: nothing, a statement, a quote, or a comment. */
export type Opening = '' | '-' | "'" | '"' | '`' | '/*';

/** Observed of mariadb 10.11: whatever its own prompt is, and however long. */
const prompts = {
  '-': '    -> ',
  "'": "    '> ",
  '"': '    "> ',
  '`': '    `> ',
  '/*': '   /*> ',
} as const;

/** The client's prompt for a line that goes on with something; where nothing is open it is its own. */
export function continuationPrompt(opening: Exclude<Opening, ''>): string {
  return prompts[opening];
}
