import { describe } from 'vitest';
import { Tmux } from '../farm/tmux.js';
import { test } from './on-terminal.js';

/*
 * Compares the editor's keys with those of readline, as bash uses it. A case is a list of keys by
 * their tmux names, in which `{…}` is typed text. Enter follows.
 */

const readline = (mode: 'emacs' | 'vi') => [
  'bash',
  '--norc',
  '-c',
  `set -o ${mode}; while IFS= read -r -e -p 'sql> ' line; do printf '<%s>\\n' "$line"; done`,
];

/** Presses the keys of a case and Enter; resolves to the text that the editor returned. */
async function readText(terminal: Tmux, keys: string): Promise<string> {
  for (const [, text, key] of keys.matchAll(/\{(.*?)\}|(\S+)/g)) {
    if (text !== undefined) await terminal.type(text);
    else if (key !== undefined) await terminal.press(key);
  }
  await terminal.press('Enter');
  const screen = await terminal.waitForPrompt(/^sql>$/);
  const [result = ''] = screen.split('\n').slice(-2);
  return result.startsWith('{') ? JSON.parse(result).text : result.slice(1, -1);
}

async function readTexts(terminal: Tmux, cases: readonly string[]): Promise<string[]> {
  await terminal.waitForPrompt(/^sql>$/);
  const texts: string[] = [];
  for (const keys of cases) texts.push(`${keys}: ${await readText(terminal, keys)}`);
  return texts;
}

const emacsCases = [
  // A word is changed from the cursor to its end, and the cursor moves behind it.
  '{one two three;} C-a M-u {X}',
  '{ONE TWO three;} C-a C-f M-l {x}',
  '{one two;} C-a C-f M-c {x}',
  '{éa ßa, x;} C-a M-u M-l M-c {-}',
  '{one;} M-u {;}',
  '{one two;} C-a M-c C-_ {x}',
  '{one two three;} C-a M-f C-f M-t {x}',
  '{one two three;} C-a M-t C-e',
  '{one, two three;} M-t {;}',
  '{one, two} M-t {;}',
  '{one;} M-t',
  '{one two three;} C-a M-f C-f C-f M-t C-_ {x}',
  '{abc;} C-b C-t {x} C-e',
  '{ab} C-t {;}',
  '{abc;} C-a C-t {x} C-e',
  '{abc;} C-a C-f C-t C-t {x} C-e',
  '{one two three;} C-a M-d M-f M-d C-e C-y M-y {;}',
  '{one two;} C-b C-w C-a C-k C-y M-y M-y {;}',
  '{one two;} C-b C-w C-a C-k C-y M-y C-b M-y {x;}',
  '{one two;} M-y C-y {;}',
  '{one two three;} C-a M-f C-k C-_ {x}',
  '{one two three;} C-a M-f C-d C-_ {x}',
  '{one two;} M-BSpace C-_ C-e',
  '{one two;} C-u C-_ C-e {x;}',
];

describe.concurrent('keys have the same effect as in readline', () => {
  test('with the keys of emacs', async ({ editor, expect }) => {
    const terminal = await editor([], { env: { SINGLE_LINES: '1' } });
    const reference = await Tmux.start(readline('emacs'), { columns: 60, rows: 15 });
    try {
      const [ours, theirs] = await Promise.all([
        readTexts(terminal, emacsCases),
        readTexts(reference, emacsCases),
      ]);
      expect(ours).toEqual(theirs);
    } finally {
      await reference.close();
    }
  });
});
