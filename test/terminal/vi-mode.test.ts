import { describe, expect, test } from 'vitest';
import type { EditorClient } from '../../src/terminal/editor-client.js';
import { EditorModel, type Effect } from '../../src/terminal/editor-model.js';
import { KillRing } from '../../src/terminal/kill-ring.js';

const client: EditorClient = {
  analyze: (text) => ({
    text,
    prompts: text.split('\n').map(() => '> '),
    spans: [],
    isComplete: text.endsWith(';'),
    complete: (cursor) => ({
      start: text.slice(0, cursor).search(/\w*$/),
      end: cursor,
      candidates: [
        { text: 'page', kind: 'k' },
        { text: 'past', kind: 'k' },
      ],
    }),
  }),
};

function createModel(entries: string[] = []): EditorModel {
  const history = {
    entries,
    suggest: (prefix: string) => entries.findLast((entry) => entry.startsWith(prefix)),
  };
  return new EditorModel(history, client, '', { killRing: new KillRing(), lastQuery: '', vi: {} });
}

/** Types keys: `<name>` is a key, and `¶` a line break. */
function typeKeys(model: EditorModel, keys: string): Effect[] {
  const effects: Effect[] = [];
  for (const [key] of keys.matchAll(/<[a-z-]+>|[\s\S]/gu)) {
    const isName = key.length > 1 && key.startsWith('<');
    const name = isName ? key.slice(1, -1) : key;
    const effect =
      key === '¶'
        ? model.handle({ kind: 'paste', text: '\n' })
        : model.handle({ kind: 'key', name, text: isName ? '' : key, sequence: name });
    if (effect !== undefined) effects.push(effect);
  }
  return effects;
}

function showText(model: EditorModel): string {
  const { text, cursor } = model.view();
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`.replaceAll('\n', '¶');
}

/** Returns the text after keys, with a bar before the cursor's character, and `¶` for line breaks. */
function textAfter(keys: string, entries: string[] = []): string {
  const model = createModel(entries);
  typeKeys(model, keys);
  return showText(model);
}

const cases: Record<string, [keys: string, text: string][]> = {
  'motions in several lines': [
    ['ab¶cd<escape>k', 'a|b¶cd'],
    ['ab¶cd<escape>kj', 'ab¶c|d'],
    ['ab¶cd<escape>l', 'ab¶c|d'],
    ['ab¶cd<escape>0h', 'ab¶|cd'],
    ['a¶b¶c<escape>2k', '|a¶b¶c'],
    ['a¶  b<escape>k+', 'a¶  |b'],
    ['  a¶b<escape>-', '  |a¶b'],
    ['a¶b¶c<escape>gg', '|a¶b¶c'],
    ['a¶b¶c<escape>ggG', 'a¶b¶|c'],
    ['a¶b¶c<escape>2G', 'a¶|b¶c'],
    ['a¶b¶c<escape>2gg', 'a¶|b¶c'],
    ['ab¶cd<escape>ggw', 'ab¶|cd'],
    ['ab¶¶cd<escape>ggw', 'ab¶|¶cd'],
    ['ab¶¶cd<escape>ggww', 'ab¶¶|cd'],
    ['ab¶cd<escape>0b', '|ab¶cd'],
    ['ab¶cd<escape>gg0ee', 'ab¶c|d'],
    ['ab cd<escape>ge', 'a|b cd'],
    ['a,b cd<escape>gE', 'a,|b cd'],
    ['ab cd<escape>3ge', '|ab cd'],
    ['ab¶cd<escape>ggf', '|ab¶cd'],
    ['ab¶cd<escape>ggfd', '|ab¶cd'],
    ['(a¶b)<escape>%', '|(a¶b)'],
    ['[{a}]<escape>h%', '[|{a}]'],
    ['ab¶cd<escape>gg2$', 'ab¶c|d'],
    ['日本e\u0301x<escape>hh', '日|本e\u0301x'],
    ['日本<escape>x', '|日'],
  ],
  'operators over lines': [
    ['a¶b¶c<escape>kdd', 'a¶|c'],
    ['a¶b¶c<escape>dd', 'a¶|b'],
    ['a¶b¶c<escape>gg2dd', '|c'],
    ['a¶b¶c<escape>ggdj', '|c'],
    ['a¶b¶c<escape>dk', '|a'],
    ['a¶b¶c<escape>dgg', '|'],
    ['a¶b¶c<escape>ggdG', '|'],
    ['a¶b¶c<escape>kddp', 'a¶c¶|b'],
    ['a¶b¶c<escape>ddggP', '|c¶a¶b'],
    ['a¶b<escape>yy2p', 'a¶b¶|b¶b'],
    ['a¶b<escape>kyyjp', 'a¶b¶|a'],
    ['ab<escape>ddp', 'a|b'],
    ['a¶  bc¶d<escape>kccX', 'a¶X|¶d'],
    ['ab cd¶ef<escape>gg0wdw', 'ab| ¶ef'],
    ['ab cd¶ef<escape>gg02dw', '|¶ef'],
    ['ab cd¶ef<escape>gg03dw', '|'],
    ['a¶¶b<escape>kdw', 'a¶|¶b'],
    ['a¶¶b<escape>kcwX', 'a¶X|¶b'],
    ['a¶b<escape>kCX', 'X|¶b'],
    ['a¶b<escape>kD', '|¶b'],
    ['a b¶c d<escape>gg0c2wX', 'X|¶c d'],
  ],
  'text objects': [
    ['ab cd ef<escape>bbdiw', 'ab | ef'],
    ['ab cd ef<escape>bbdaw', 'ab |ef'],
    ['ab cd<escape>daw', 'a|b'],
    ['ab cd ef<escape>02daw', '|ef'],
    ['a.b c<escape>0diW', '| c'],
    ['a.b c<escape>0diw', '|.b c'],
    ["f('a b', 'c')<escape>0fbci'X", "f('X|', 'c')"],
    ["f('a b', 'c')<escape>0fbda'", "f(|, 'c')"],
    ['f(a, (b), c)<escape>0fcdi(', 'f(|)'],
    ['f(a, (b), c)<escape>0fbdib', 'f(a, (|), c)'],
    ['f(a, (b), c)<escape>0fb2dib', 'f(|)'],
    ['f(a, (b))<escape>0fbdab', 'f(a, |)'],
    ['f(¶a¶)<escape>kdi(', 'f(|)'],
    ['a[b]{c}<escape>0fbdi[', 'a[|]{c}'],
    ['a[b]{c}<escape>0fcci{X', 'a[b]{X|}'],
    ['ab cd<escape>yiwP', 'ab cc|dd'],
    ['ab<escape>di(', 'a|b'],
    ['ab cd<escape>gUiw', 'ab |CD'],
  ],
  'case and joining': [
    ['ab cd<escape>0gUw', '|AB cd'],
    ['AB CD<escape>0guu', '|ab cd'],
    ['aB<escape>0g~~', '|Ab'],
    ['ab cd<escape>0gUe.', '|AB cd'],
    ['a¶  b¶c<escape>ggJ', 'a| b¶c'],
    ['a¶b¶c<escape>gg3J', 'a b| c'],
    ['(a¶)<escape>ggJ', '(a|)'],
    ['a<escape>J', '|a'],
  ],
  'insert mode': [
    ['a¶b<escape>koX', 'a¶X|¶b'],
    ['a¶b<escape>OX', 'a¶X|¶b'],
    ['a¶b<escape>2oX<escape>', 'a¶b¶X¶|X'],
    ['a¶ b<escape>IX', 'a¶ X|b'],
    ['a¶b<escape>kAX', 'aX|¶b'],
    ['a<escape>3Ax<escape>', 'axx|x'],
    ['a<escape>2ix<escape>', 'x|xa'],
    ['abcd<escape>0Rxy<backspace><backspace><escape>', '|abcd'],
    ['ab¶c<escape>ggRxyz<escape>', 'xy|z¶c'],
    ['abcd<escape>02Rx<escape>', 'x|xcd'],
    ['ab<escape><up>', 'a|b'],
    ['a<escape>ipa<tab>g', 'pag|a'],
  ],
  repetition: [
    ['a b c<escape>0cwxy<backspace><escape>ww.', 'x b |x'],
    ['a¶b¶c<escape>ggAx<escape>j.', 'ax¶b|x¶c'],
    ['a¶b<escape>ggox<escape>j.', 'a¶x¶b¶|x'],
    ['a¶b¶c¶d<escape>ggdd.', '|c¶d'],
    ['a¶b¶c¶d<escape>ggdd2.', '|d'],
    ['ab<escape>02ix<escape>$.', 'xxax|xb'],
    ['ab ab<escape>0Rx<escape>w.', 'xb |xb'],
    // What was typed at two places is not repeated.
    ['a a<escape>0xu0iz<left>y<escape>.', '|za a'],
    ["'a' 'b'<escape>0ci'x<escape>fb.", "'x' '|x'"],
    ['a b<escape>0dwyyp.', 'b¶b¶|b'],
  ],
  undo: [
    ['a<escape>Axy z<escape>u', '|a'],
    ['ab cd<escape>0cwxy z<escape>u', 'ab| cd'],
    ['a¶b¶c<escape>ggJJuu', 'a¶|b¶c'],
    ['ab<escape>xxuu', 'a|b'],
    ['abc<escape>0xx2u', 'a|bc'],
  ],
};

describe.each(Object.entries(cases))('vi keys: %s', (_topic, topicCases) => {
  test.each(topicCases)('%j gives the text %j', (keys, text) => {
    expect(textAfter(keys)).toBe(text);
  });
});

const older = ['select 1;', 'update a\nset b;', 'show x;', 'Select 2;'];

describe('vi keys in the history', () => {
  const historyCases: [keys: string, text: string][] = [
    ['sel<escape>k', '|Select 2;'],
    ['sel<escape>kk', '|show x;'],
    ['sel<escape>kkj', '|Select 2;'],
    ['sel<escape>kjx', '|el'],
    ['<escape>kkk', '|update a¶set b;'],
    ['<escape>kkkk', '|select 1;'],
    ['<escape>kkkkj', 'update a¶|set b;'],
    ['<escape>/sel<return>', '|Select 2;'],
    ['<escape>/sel<return>n', '|select 1;'],
    ['<escape>/sel<return>nn', '|select 1;'],
    ['<escape>/sel<return>nN', '|Select 2;'],
    ['<escape>/Sel<return>n', '|Select 2;'],
    ['<escape>/set<return>', '|update a¶set b;'],
    ['<escape>/^set<return>', '|'],
    ['<escape>/^sh<return>', '|show x;'],
    ['<escape>/sel<return>n?x<return>', '|show x;'],
    ['<escape>/sel<return>n?x<return>n', '|show x;'],
    ['<escape>/sel<return>k', '|show x;'],
    ['<escape>/selx<backspace><return>', '|Select 2;'],
    ['<escape>/<backspace>k', '|Select 2;'],
    ['x<escape>/sel<escape>', '|x'],
    ['<escape>/sel<return>/<return>', '|select 1;'],
  ];
  test.each(historyCases)('%j gives the text %j', (keys, text) => {
    expect(textAfter(keys, older)).toBe(text);
  });

  test('the text to search for is shown after its slash', () => {
    const model = createModel(older);
    typeKeys(model, 'x<escape>/sel');
    const { prompts, text, cursor } = model.view();
    expect([prompts, text, cursor]).toEqual([['/'], 'sel', 3]);
  });

  test('. repeats the last change in the next text', () => {
    const persistent = { killRing: new KillRing(), lastQuery: '', vi: {} };
    const history = { entries: [], suggest: () => undefined };
    typeKeys(new EditorModel(history, client, 'a b', persistent), '<escape>0cwX<escape>');
    const next = new EditorModel(history, client, 'c d', persistent);
    typeKeys(next, '<escape>0.');
    expect(next.text).toBe('X d');
  });
});

describe('the mode of vi', () => {
  const modes: [keys: string, prompt: string][] = [
    ['', '(ins)> '],
    ['a<escape>', '(cmd)> '],
    ['a<escape>R', '(rep)> '],
    ['a<escape>c', '(cmd)> '],
    ['a<escape>cw', '(ins)> '],
    ['a<escape>cw<escape>', '(cmd)> '],
    ['a<escape><return>', '(ins)> '],
    ['pa<tab><escape>', '(cmd)> '],
    ['a<escape><ctrl-r>', "(reverse-i-search)'': "],
  ];
  test.each(modes)('%j shows %j', (keys, prompt) => {
    const model = createModel();
    typeKeys(model, keys);
    expect(model.view().search ?? model.view().prompts[0]).toBe(prompt);
    expect(model.finalView().prompts[0]).toBe('> ');
  });

  const effects: [keys: string, ...effects: Effect[]][] = [
    ['a;<escape><return>', { kind: 'text', text: 'a;' }],
    ['a<escape>v', { kind: 'editor', text: 'a' }],
    ['a<escape>Q', { kind: 'bell' }],
    ['a<escape><escape>', { kind: 'bell' }],
    ['a<escape>dfx', { kind: 'bell' }],
    ['a<escape>.', { kind: 'bell' }],
    ['a<escape>n', { kind: 'bell' }],
    ['a<escape>p', { kind: 'bell' }],
    ['a<escape><tab>', { kind: 'bell' }],
    ['a<escape><ctrl-c>', { kind: 'interrupted' }],
    ['<escape><ctrl-d>', { kind: 'end' }],
  ];
  test.each(effects)('%j has the effect %j', (keys, ...expected) => {
    expect(typeKeys(createModel(), keys)).toEqual(expected);
  });

  test('Escape and a character that arrive together are not a key with Alt', () => {
    const model = createModel();
    typeKeys(model, 'ab');
    model.handle({ kind: 'key', name: 'alt-x', text: '', sequence: '\x1bx' });
    expect([showText(model), model.view().prompts[0]]).toEqual(['|a', '(cmd)> ']);
  });

  test('text pasted in command mode comes behind the character at the cursor', () => {
    const model = createModel();
    typeKeys(model, 'ab<escape>');
    model.handle({ kind: 'paste', text: 'x y' });
    expect(showText(model)).toBe('abx |y');
  });

  test('the history is suggested in insert mode only', () => {
    const model = createModel(['select 1;']);
    typeKeys(model, 'sel');
    const typing = model.view().suggestion;
    typeKeys(model, '<escape>');
    expect([typing, model.view().suggestion]).toEqual(['ect 1;', '']);
  });
});
