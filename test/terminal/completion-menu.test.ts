import { describe, expect, it } from 'vitest';
import {
  CompletionMenu,
  fitted,
  type MenuCandidate,
  type MenuLine,
} from '../../src/terminal/completion-menu.js';
import { commonPrefix } from '../../src/terminal/menu-mode.js';

/** `page:table` is a text and its kind. */
function candidates(...written: string[]): MenuCandidate[] {
  return written.map((each) => {
    const [text = '', kind = ''] = each.split(':');
    return { text, kind };
  });
}

const letters = candidates(...'abcdefghijklmnopqrstuvwxyz');

/** Lines with what is selected in brackets, kinds in braces, what is more in angles. */
function drawn(lines: readonly MenuLine[]): string[] {
  const marks = { selected: '[]', kind: '{}', more: '<>' };
  return lines.map(({ text, spans }) => {
    let line = '';
    let at = 0;
    for (const { start, end, style } of spans) {
      line += `${text.slice(at, start)}${marks[style][0]}${text.slice(start, end)}${marks[style][1]}`;
      at = end;
    }
    return line + text.slice(at);
  });
}

/** Keys: `n` next, `p` previous, `l` `r` left and right, `D` `U` a page, `x` nothing selected. */
function press(menu: CompletionMenu, keys: string): void {
  for (const key of keys) {
    if (key === 'n') menu.next();
    else if (key === 'p') menu.previous();
    else if (key === 'l') menu.left();
    else if (key === 'r') menu.right();
    else if (key === 'D') menu.pageDown();
    else if (key === 'U') menu.pageUp();
    else menu.unselect();
  }
}

describe('the menu on the screen', () => {
  it.each<[string, MenuCandidate[], number, number, string, string[]]>([
    ['nothing', [], 20, 5, '', []],
    ['one', candidates('page:table'), 20, 5, '', ['page{ table}']],
    [
      'as wide as the widest',
      candidates('page:table', 'user_groups:t'),
      20,
      5,
      '',
      ['page       { table}', 'user_groups{ t    }'],
    ],
    ['without kinds', candidates('a', 'bb'), 2, 5, '', ['a ', 'bb']],
    [
      'what is selected is marked as a whole',
      candidates('a:k', 'bb:k'),
      5,
      5,
      'nn',
      ['a { k}', '[bb k]'],
    ],
    [
      'columns, filled one after the other',
      candidates('a', 'b', 'c', 'd', 'e'),
      7,
      5,
      'n',
      ['[a]  c  e', 'b  d'],
    ],
    ['no more columns than are needed', candidates('a', 'b', 'c', 'd'), 7, 5, '', ['a  c', 'b  d']],
    ['one line if that is enough', candidates('a', 'b', 'c'), 7, 5, '', ['a  b  c']],
    ['a page of many', letters, 7, 3, '', ['a  c  e', 'b  d  f', '<1–6 of…>']],
    [
      'the page of what is selected',
      letters,
      7,
      3,
      'nnnnnnn',
      ['[g]  i  k', 'h  j  l', '<7–12 o…>'],
    ],
    ['the last page', letters, 9, 3, 'p', ['y', '[z]', '<25–26 of…>']],
    ['a single line has no room for more', letters, 7, 1, 'r', ['[a]  b  c']],
    ['no room at all', letters, 7, 0, '', []],
    ['no width at all', letters, 0, 3, '', []],
    ['kanji', candidates('日本:x', 'a:日'), 9, 5, '', ['日本{ x }', 'a   { 日}']],
    ['controls are shown', candidates('a\x1b[2J:k'), 9, 5, '', ['a^[[2J{ k}']],
    [
      'cut in a narrow terminal',
      candidates('a_very_long_name:table'),
      18,
      5,
      '',
      ['a_very_long…{ table}'],
    ],
    [
      'without kinds in a very narrow one',
      candidates('a_very_long_name:table'),
      14,
      5,
      '',
      ['a_very_long_n…'],
    ],
    ['in a tiny one', candidates('name:table'), 3, 5, '', ['na…']],
  ])('%s', (_, all, columns, lines, keys, screen) => {
    const menu = new CompletionMenu(all, { columns, lines });
    press(menu, keys);
    expect(drawn(menu.lines())).toEqual(screen);
  });

  it('cuts one long name rather than lose a column', () => {
    const long = 'x'.repeat(90);
    const menu = new CompletionMenu(candidates(long, 'a', 'b'), { columns: 100, lines: 5 });
    expect(drawn(menu.lines())).toEqual([
      `${'x'.repeat(39)}…  b${' '.repeat(39)}`,
      `a${' '.repeat(39)}`,
    ]);
  });

  it('is laid out again when the room changes', () => {
    const menu = new CompletionMenu(letters, { columns: 7, lines: 3 });
    press(menu, 'nnnnnnn');
    menu.resize({ columns: 100, lines: 3 });
    expect(drawn(menu.lines())).toEqual([
      `${[...'abcdef'].join('  ')}  [g]  ${[...'hijklmnopqrstuvwxyz'].join('  ')}`,
    ]);
  });
});

describe('what is selected', () => {
  it.each<[string, string]>([
    ['', '-'],
    ['n', 'a'],
    ['p', 'z'],
    ['np', 'z'],
    ['pn', 'a'],
    ['r', 'a'],
    ['rr', 'c'],
    ['rrl', 'a'],
    ['nl', 'a'],
    ['rrrr', 'g'],
    ['nD', 'g'],
    ['nnD', 'h'],
    ['nDU', 'a'],
    ['nDDDDDD', 'z'],
    ['pr', 'z'],
    ['nnx', '-'],
    ['nnxn', 'a'],
  ])('of 26 in three columns of two, after %j: %s', (keys, selected) => {
    const menu = new CompletionMenu(letters, { columns: 7, lines: 3 });
    press(menu, keys);
    expect(menu.selected?.text ?? '-').toBe(selected);
  });

  it('is nothing where there is nothing', () => {
    const menu = new CompletionMenu([], { columns: 7, lines: 3 });
    press(menu, 'nprlDU');
    expect(menu.selected).toBeUndefined();
  });
});

describe('as the text goes on', () => {
  it('keeps those that begin so, and what is selected if it is one of them', () => {
    const menu = new CompletionMenu(candidates('page', 'Pagelinks', 'user'), {
      columns: 9,
      lines: 5,
    });
    press(menu, 'nn');
    menu.narrow('page');
    expect(menu.candidates.map(({ text }) => text)).toEqual(['page', 'Pagelinks']);
    expect(menu.selected?.text).toBe('Pagelinks');
    menu.narrow('x');
    expect(menu.selected).toBeUndefined();
    expect(menu.lines()).toEqual([]);
  });

  it('tells those of one name apart by their kinds', () => {
    const menu = new CompletionMenu(candidates('a:table', 'a:column'), { columns: 9, lines: 5 });
    press(menu, 'nn');
    menu.replace(candidates('b:table', 'a:table', 'a:column'));
    expect(menu.selected).toEqual({ text: 'a', kind: 'column' });
  });
});

describe('the common prefix', () => {
  it.each([
    [['page_id', 'page_title'], 'p', 'page_'],
    [['page_id', 'page_title'], 'page_', 'page_'],
    [['page'], 'p', 'page'],
    [['page', 'user'], 'p', 'p'],
    [[], 'p', 'p'],
    [['select', 'SELF'], 'SE', 'sel'],
    [['Page', 'pagelinks'], 'pa', 'Page'],
    [['`page-x`', 'page'], 'p', 'p'],
    [['a', 'ab'], '', 'a'],
    [['x😀a', 'x😁a'], 'x', 'x'],
    [['日本', '日光'], '日', '日'],
  ])('of %j, for %j: %s', (texts, typed, prefix) => {
    expect(commonPrefix(texts, typed)).toBe(prefix);
  });
});

describe('a text fitted to cells', () => {
  it.each([
    ['abc', 5, 'abc  '],
    ['abc', 3, 'abc'],
    ['abc', 2, 'a…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['日本', 3, '日…'],
    ['日本', 2, '… '],
    ['a\nb', 4, 'a^Jb'],
    ['a\tb', 4, 'a…  '],
  ])('%j to %i: %j', (text, cells, shown) => {
    expect(fitted(text, cells)).toBe(shown);
  });
});
