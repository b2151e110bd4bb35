import { describe, expect, test } from 'vitest';
import type { EditorClient } from '../../src/terminal/editor-client.js';
import { EditorModel, type Effect } from '../../src/terminal/editor-model.js';
import { History } from '../../src/terminal/history.js';
import {
  actionOf,
  bindings,
  isFirstOfTwoKeys,
  menuBindings,
  searchBindings,
} from '../../src/terminal/key-bindings.js';

const names = ['page', 'pagelinks', 'page_props', 'page_title', 'revision', 'user_ä'];

const client: EditorClient = {
  analyze: (text) => ({
    text,
    prompts: text.split('\n').map((_, index) => (index === 0 ? '> ' : '- ')),
    spans: [],
    isComplete: text.endsWith(';'),
    complete(cursor) {
      const start = text.slice(0, cursor).search(/\w*$/);
      const prefix = text.slice(start, cursor).toLowerCase();
      const candidates = names.filter((name) => name.startsWith(prefix));
      return {
        start,
        end: cursor,
        candidates: candidates.map((name) => ({ text: name, kind: 'k' })),
      };
    },
  }),
};

function historyOf(entries: string[]) {
  const history = History.open({ file: undefined, ignore: undefined });
  for (const entry of entries) history.add(entry);
  return history;
}

/** Returns a model after the keys: a name in angle brackets is a key, other characters are typed. */
function typeKeys(keys: string, entries: string[] = []): { model: EditorModel; effects: Effect[] } {
  const model = new EditorModel(historyOf(entries), client);
  const effects: Effect[] = [];
  for (const [key] of keys.matchAll(/<[^<>]+>|./gsu)) {
    const isName = key.length > 1 && key.startsWith('<');
    const name = isName ? key.slice(1, -1) : key;
    const effect = model.handle({ kind: 'key', name, text: isName ? '' : key, sequence: name });
    if (effect !== undefined) effects.push(effect);
  }
  return { model, effects };
}

function showText({ model }: { model: EditorModel }): string {
  const { text, cursor, suggestion } = model.view();
  return `${text.slice(0, cursor)}|${text.slice(cursor)}${suggestion && `{${suggestion}}`}`;
}

describe('keys', () => {
  const tables = { bindings, searchBindings, menuBindings };
  test.each(Object.entries(tables))('no key has two actions in %s', (_, table) => {
    const keys = table.flatMap((binding) => binding.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) < index)).toEqual([]);
    expect(keys.filter((key) => isFirstOfTwoKeys(key))).toEqual([]);
  });

  test('each key triggers its action', () => {
    for (const { keys, action } of bindings)
      for (const key of keys) expect(actionOf(key)).toBe(action);
  });

  const cases: [keys: string, text: string][] = [
    ['abc<left><left>x', 'ax|bc'],
    ['ab cd<alt-b>x<home>y<end>z', 'yab xcdz|'],
    ['ab<alt-return>cd<up>x', 'abx|\ncd'],
    ['ab<alt-return>cd<ctrl-home>x<ctrl-end>y', 'xab\ncdy|'],
    ['ab cd<ctrl-w><ctrl-y><ctrl-y>', 'ab cdcd|'],
    ['ab cd<ctrl-a><alt-d><delete><ctrl-k><ctrl-y>', 'cd|'],
    ['ab<backspace><ctrl-_><ctrl-_>c', 'c|'],
    ['ab<ctrl-x><ctrl-u>c', 'c|'],
    ['ab<ctrl-x>c<ctrl-d>d', 'abd|'],
    ['ab<ctrl-t>', 'ba|'],
    ['a<f12>b<undefined><alt-z><ctrl-^>c', 'abc|'],
    ['select<return>1', 'select\n1|'],
    ['a日e\u0301<backspace><backspace>b', 'ab|'],
    ['<ctrl-v>\t', '\t|'],
  ];
  test.each(cases)('%j gives the text %j', (keys, text) => {
    expect(showText(typeKeys(keys))).toBe(text);
  });

  const ends: [keys: string, ...effects: Effect[]][] = [
    ['a;<return>', { kind: 'text', text: 'a;' }],
    ['a;<left><return>', { kind: 'text', text: 'a;' }],
    ['a<return>b;<return>', { kind: 'text', text: 'a\nb;' }],
    ['<return>', { kind: 'text', text: '' }],
    [' <return>', { kind: 'text', text: ' ' }],
    ['a;<alt-return>'],
    ['a<ctrl-c>', { kind: 'interrupted' }],
    ['<ctrl-d>', { kind: 'end' }],
    ['a<ctrl-d>'],
    ['a<ctrl-x><ctrl-e>', { kind: 'editor', text: 'a' }],
    ['a<ctrl-l>', { kind: 'clear-screen' }],
  ];
  test.each(ends)('%j has the effect %j', (keys, ...effects) => {
    expect(typeKeys(keys).effects).toEqual(effects);
  });
});

describe('pasted text', () => {
  test('is inserted literally and undone in one step', () => {
    const { model } = typeKeys('ab<left>');
    model.handle({ kind: 'paste', text: 'x;\n\ty <up>\x1b[A\n' });
    expect(model.text).toBe('ax;\n\ty <up>\x1b[A\nb');
    model.handle({ kind: 'key', name: 'ctrl-_', text: '', sequence: '' });
    expect(model.text).toBe('ab');
  });
});

const older = ['select 1;', 'SELECT a\nFROM b;', 'show x;', 'show x;', 'select 2;'];

describe('Up and Down in the history', () => {
  const cases: [keys: string, text: string][] = [
    ['<up>', 'select 2;|'],
    ['<up><up>', 'show x;|'],
    ['<up><up><up>', 'SELECT a\nFROM b;|'],
    ['<up><up><up><up>', 'SELECT |a\nFROM b;'],
    ['<up><up><up><up><up>', 'select 1;|'],
    ['<up><up><up><up><up><up>', 'select 1;|'],
    ['<up><up><down>', 'select 2;|'],
    ['<up><up><down><down>', '|'],
    ['<down>', '|'],
    ['<up><up><up><pageup>', 'select 1;|'],
    ['<up><up><up><pageup><pagedown><pagedown>', 'show x;|'],
    ['sel<up>', 'select 2;|'],
    ['sel<up><up>', 'select 1;|'],
    ['sel<up><up><up>', 'select 1;|'],
    ['sel<up><up><down><down>', 'sel|{ect 2;}'],
    ['selx<left><up><down>', 'sel|x'],
    ['sel<up><left><up>', 'select 1;|'],
    ['sel<up>x<home><up>', 'select 2;|'],
    ['nothing<up>', 'nothing|'],
    ['<up><up><ctrl-_>', 'select 2;|'],
  ];
  test.each(cases)('%j gives the text %j', (keys, text) => {
    expect(showText(typeKeys(keys, older))).toBe(text);
  });
});

describe('the suggestion', () => {
  const cases: [keys: string, text: string][] = [
    ['', '|'],
    ['s', 's|{elect 2;}'],
    ['SEL', 'SEL|{ECT a\nFROM b;}'],
    ['s<left>', '|s'],
    ['sh<right>', 'show x;|'],
    ['sh<end>', 'show x;|'],
    ['sh<ctrl-e>', 'show x;|'],
    ['sh<ctrl-f>', 'show x;|'],
    ['sh<alt-f>', 'show|{ x;}'],
    ['sh<ctrl-right><ctrl-right>', 'show x|{;}'],
    ['sh<left><end>', 'sh|{ow x;}'],
    ['q', 'q|'],
    // In another case, which becomes that of the statement.
    ['SH', 'SH|{ow x;}'],
    ['SH<right>', 'show x;|'],
    ['SH<alt-f>', 'show|{ x;}'],
    ['SH<right><ctrl-_>', 'SH|{ow x;}'],
    ['SH<up>', 'show x;|'],
    ['SH<up><down>', 'SH|{ow x;}'],
  ];
  test.each(cases)('%j gives the text %j', (keys, text) => {
    expect(showText(typeKeys(keys, older))).toBe(text);
  });

  test('is not in the final view', () => {
    expect(typeKeys('sh', older).model.finalView().suggestion).toBe('');
  });
});

describe('the search of Ctrl-R', () => {
  const cases: [keys: string, prompt: string, text: string][] = [
    ['x<ctrl-r>', "(reverse-i-search)'': ", 'x|'],
    ['<ctrl-r>from', "(reverse-i-search)'from': ", 'SELECT a\n|FROM b;'],
    ['<ctrl-r>;<ctrl-r>', "(reverse-i-search)';': ", 'show x|;'],
    ['<ctrl-r>;<ctrl-r><ctrl-s>', "(reverse-i-search)';': ", 'select 2|;'],
    ['<ctrl-r>select 2<backspace>', "(reverse-i-search)'select ': ", '|select 2;'],
    ['<ctrl-r>fromx', "(failed reverse-i-search)'fromx': ", 'SELECT a\nFROM b;|'],
    ['<ctrl-r>from<escape>x', '> ', 'SELECT a\nx|FROM b;'],
    ['<ctrl-r>from<end>x', '> ', 'SELECT a\nFROM b;x|'],
    ['ab<ctrl-r>from<ctrl-g>x', '> ', 'abx|'],
    ['ab<ctrl-r>from<escape><ctrl-_>', '> ', 'ab|'],
    ['<ctrl-r>from<ctrl-g><ctrl-r><ctrl-r>', "(reverse-i-search)'from': ", 'SELECT a\n|FROM b;'],
  ];
  test.each(cases)('%j shows the prompt %j and the text %j', (keys, prompt, text) => {
    const { model } = typeKeys(keys, older);
    const { search, prompts } = model.view();
    expect([search ?? prompts[0], showText({ model })]).toEqual([prompt, text]);
  });

  test('Enter runs the match', () => {
    const { effects } = typeKeys('<ctrl-r>from<return>', older);
    expect(effects).toEqual([{ kind: 'text', text: 'SELECT a\nFROM b;' }]);
  });

  test('the matching text is marked', () => {
    const { model } = typeKeys('<ctrl-r>from', older);
    expect(model.view().mark).toEqual({ start: 9, end: 13 });
  });
});

describe('completion', () => {
  const cases: [keys: string, text: string, menu: string][] = [
    ['r<tab>', 'revision|', ''],
    ['a (rev<tab>', 'a (revision|', ''],
    ['p<tab>', 'page|', ''],
    ['P<tab>', 'page|', ''],
    ['x<tab>', 'x|', ''],
    ['page<tab>', 'page|', 'page pagelinks page_props page_title'],
    ['PAGE<tab>', 'PAGE|', 'page pagelinks page_props page_title'],
    ['page<tab><tab>', 'page|', '[page] pagelinks page_props page_title'],
    ['page<tab><tab><tab>', 'page|', 'page [pagelinks] page_props page_title'],
    ['page<tab><shift-tab>', 'page|', 'page pagelinks page_props [page_title]'],
    ['page<tab><down><down><up>', 'page|', '[page] pagelinks page_props page_title'],
    ['page<tab>_', 'page_|', 'page_props page_title'],
    ['page<tab>_t', 'page_t|', 'page_title'],
    ['page<tab>_<backspace>l', 'pagel|', 'pagelinks'],
    ['page<tab>x', 'pagex|', ''],
    ['page<tab><backspace><backspace>', 'pa|', 'page pagelinks page_props page_title'],
    ['page<tab><tab><tab><return>', 'pagelinks|', ''],
    ['page<tab><return>', 'page\n|', ''],
    ['page<tab><tab><tab>,', 'pagelinks,|', ''],
    ['page<tab>,', 'page,|', ''],
    ['page<tab><tab><escape>', 'page|', ''],
    ['page<tab><tab><ctrl-a>', '|page', ''],
    ['page<tab><tab><tab><return><ctrl-_>', 'page|', ''],
    ['<tab>', '|', 'page page_props revision pagelinks page_title user_ä'],
    ['<tab><backspace>', '|', 'page page_props revision pagelinks page_title user_ä'],
  ];
  test.each(cases)('%j gives %j and the menu %j', (keys, text, menu) => {
    const { model } = typeKeys(keys);
    const lines = model.view().menu.map((line) => {
      const [chosen] = line.spans.filter(({ style }) => style === 'selected');
      const name = line.text.slice(chosen?.start, chosen?.end).replace(/ k *$/, '').trimEnd();
      return line.text.replace(name, chosen ? `[${name}]` : name);
    });
    const inMenu = lines
      .join(' ')
      .replace(/ +(k *)?/g, ' ')
      .trim();
    expect([showText({ model }), inMenu]).toEqual([text, menu]);
  });

  test('Tab rings the bell if there are no candidates', () => {
    expect(typeKeys('x<tab>').effects).toEqual([{ kind: 'bell' }]);
  });

  test('pasted text closes the menu', () => {
    const { model } = typeKeys('page<tab>');
    model.handle({ kind: 'paste', text: '_' });
    expect([showText({ model }), model.view().menu]).toEqual(['page_|', []]);
  });
});
