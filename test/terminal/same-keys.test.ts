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
  const screen = await terminal.waitForPrompt(/^(\(ins\))?sql>$/);
  const [result = ''] = screen.split('\n').slice(-2);
  return result.startsWith('{') ? JSON.parse(result).text : result.slice(1, -1);
}

async function readTexts(terminal: Tmux, cases: readonly string[]): Promise<string[]> {
  await terminal.waitForPrompt(/^(\(ins\))?sql>$/);
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

/** `.` marks the cursor: `i.` inserts it there. */
const viCases = [
  // Motions.
  '{one two;} Escape {i.}',
  '{one, two_2 three;} Escape {0wi.}',
  '{one, two_2 three;} Escape {02wi.}',
  '{one, two_2 three;} Escape {0Wi.}',
  '{one, two_2 three;} Escape {0ei.}',
  '{one, two_2 three;} Escape {03ei.}',
  '{one, two_2 three;} Escape {0Ei.}',
  '{one, two three;} Escape {bi.}',
  '{one, two three;} Escape {2bi.}',
  '{one, two three;} Escape {9bi.}',
  '{one, two three;} Escape {Bi.}',
  '{one, two;} Escape {0$i.}',
  '{one, two;} Escape {hhi.}',
  '{one, two;} Escape {3hi.}',
  '{one, two;} Escape {0lli.}',
  '{one, two;} Escape {03li.}',
  '{one, two;} Escape {03} Space {i.}',
  '{  one, two;} Escape {^i.}',
  '{  one, two;} Escape {0i.}',
  '{one, two;} Escape {4|i.}',
  '{f(a, (b), c);} Escape {0f(%i.}',
  '{f(a, (b), c);} Escape {h%i.}',
  '{a,b,c,d;} Escape {0f,i.}',
  '{a,b,c,d;} Escape {02f,i.}',
  '{a,b,c,d;} Escape {0f,;i.}',
  '{a,b,c,d;} Escape {02f,,i.}',
  '{a,b,c,d;} Escape {F,i.}',
  '{a,b,c,d;} Escape {T,i.}',
  '{a,b,c,d;} Escape {0t,i.}',
  '{abc,d;} Escape {0t,i.}',
  // Operators.
  '{one two three;} Escape {0dwi.}',
  '{one two three;} Escape {02dwi.}',
  '{one two three;} Escape {0d2wi.}',
  '{one two three;} Escape {0dei.}',
  '{one two three;} Escape {0d$i.}',
  '{one two three;} Escape {0wDa.}',
  '{one two three;} Escape {dbi.}',
  '{one two three;} Escape {bd0i.}',
  '{one two three;} Escape {0dfti.}',
  '{one two three;} Escape {0dtti.}',
  '{one two three;} Escape {dFti.}',
  '{one (two) three;} Escape {0f(d%i.}',
  '{one two;} Escape {ddi.}',
  '{one two;} Escape {0cwX} Escape {a.}',
  '{one two;} Escape {0c2wX} Escape {a.}',
  '{one two three;} Escape {0wcwX.}',
  '{one   two;} Escape {03lcwX.}',
  '{one two;} Escape {0wCX.}',
  '{one two;} Escape {ccX.}',
  '{one two;} Escape {SX.}',
  '{one two;} Escape {0sX.}',
  '{one two;} Escape {03sX.}',
  '{one two;} Escape {0xi.}',
  '{one two;} Escape {03xi.}',
  '{one two;} Escape {Xi.}',
  '{one two;} Escape {0rXi.}',
  '{one two;} Escape {03rXi.}',
  '{one two;} Escape {0~~i.}',
  '{one two;} Escape {03~i.}',
  '{one two;} Escape {0RXY} Escape {i.}',
  '{one two;} Escape {0RXYZ} BSpace {.} Escape',
  '{one two;} Escape {0A.}',
  '{one two;} Escape {I.}',
  '{one two;} Escape {0ax} Escape {i.}',
  // Cut and copied text.
  '{one two;} Escape {0dwPi.}',
  '{one two;} Escape {0dwpi.}',
  '{one two;} Escape {0xpi.}',
  '{one two;} Escape {0ywPi.}',
  '{one two;} Escape {0yw$pi.}',
  '{one two;} Escape {0wYPi.}',
  '{one two;} Escape {0wy03pi.}',
  // Undo and repetition.
  '{one two three;} Escape {0dwui.}',
  '{one two three;} Escape {0dwdwuui.}',
  '{one two three;} Escape {0dw.i.}',
  '{one two three four;} Escape {0dw2.i.}',
  '{one two three;} Escape {0cwX} Escape {w.0i.}',
  '{one two three;} Escape {0ix } Escape {w.a.}',
  '{one two three;} Escape {0x..i.}',
  '{one two three;} Escape {03x.i.}',
  '{one two three;} Escape {0rXw.a.}',
  '{one two three;} Escape {0~w.i.}',
  // Keys that do not exist, or lead nowhere.
  '{one two;} Escape {0Z} Escape Escape {i.}',
  '{one;} Escape {fzi.}',
  '{one;} Escape {dfzi.}',
  '{one two;} Escape {0d} Escape {wi.}',
];

describe.concurrent('keys have the same effect as in readline', () => {
  const modes = [
    ['emacs', emacsCases],
    ['vi', viCases],
  ] as const;
  test.for(modes)('with the keys of %s', async ([keys, cases], { editor, expect }) => {
    const terminal = await editor([], { env: { SINGLE_LINES: '1', KEYS: keys } });
    const reference = await Tmux.start(readline(keys), { columns: 60, rows: 15 });
    try {
      const [ours, theirs] = await Promise.all([
        readTexts(terminal, cases),
        readTexts(reference, cases),
      ]);
      expect(ours).toEqual(theirs);
    } finally {
      await reference.close();
    }
  });
});
