import { describe, expect, it } from 'vitest';
import {
  CompletionMenu,
  fitToCells,
  type MenuCandidate,
  type MenuLine,
} from '../../src/terminal/completion-menu.js';
import { commonPrefix } from '../../src/terminal/menu-mode.js';

/** Returns candidates that are written as text and kind, `page:table`. */
function candidates(...written: string[]): MenuCandidate[] {
  return written.map((each) => {
    const [text = '', kind = ''] = each.split(':');
    return { text, kind };
  });
}

const letters = candidates(...'abcdefghijklmnopqrstuvwxyz');

/** Returns the lines with the selection in `[]`, kinds in `{}`, and the position line in `<>`. */
function drawLines(lines: readonly MenuLine[]): string[] {
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

/** Keys: `n` next, `p` previous, `l` left, `r` right, `D` page down, `U` page up, `x` unselect. */
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
    ['no candidates give no lines', [], 20, 5, '', []],
    ['one candidate is one line', candidates('page:table'), 20, 5, '', ['page{ table}']],
    [
      'the widest text and kind set the width of the column',
      candidates('page:table', 'user_groups:t'),
      20,
      5,
      '',
      ['page       { table}', 'user_groups{ t    }'],
    ],
    ['candidates may have no kinds', candidates('a', 'bb'), 2, 5, '', ['a ', 'bb']],
    [
      'text and kind of the selected candidate are both marked',
      candidates('a:k', 'bb:k'),
      5,
      5,
      'nn',
      ['a { k}', '[bb k]'],
    ],
    [
      'candidates fill one column after the other',
      candidates('a', 'b', 'c', 'd', 'e'),
      7,
      5,
      'n',
      ['[a]  c  e', 'b  d'],
    ],
    ['there are no empty columns', candidates('a', 'b', 'c', 'd'), 7, 5, '', ['a  c', 'b  d']],
    ['one line is used if all fit', candidates('a', 'b', 'c'), 7, 5, '', ['a  b  c']],
    ['many candidates are paged', letters, 7, 3, '', ['a  c  e', 'b  d  f', '<1–6 of…>']],
    [
      'the page with the selection is shown',
      letters,
      7,
      3,
      'nnnnnnn',
      ['[g]  i  k', 'h  j  l', '<7–12 o…>'],
    ],
    ['the last page may be shorter', letters, 9, 3, 'p', ['y', '[z]', '<25–26 of…>']],
    ['a menu of one line has no position line', letters, 7, 1, 'r', ['[a]  b  c']],
    ['a menu without height has no lines', letters, 7, 0, '', []],
    ['a menu without width has no lines', letters, 0, 3, '', []],
    ['kanji take two cells', candidates('日本:x', 'a:日'), 9, 5, '', ['日本{ x }', 'a   { 日}']],
    ['control characters have placeholders', candidates('a\x1b[2J:k'), 9, 5, '', ['a^[[2J{ k}']],
    [
      'a narrow terminal truncates the text',
      candidates('a_very_long_name:table'),
      18,
      5,
      '',
      ['a_very_long…{ table}'],
    ],
    [
      'a very narrow terminal leaves out the kind',
      candidates('a_very_long_name:table'),
      14,
      5,
      '',
      ['a_very_long_n…'],
    ],
    ['three columns are enough for a menu', candidates('name:table'), 3, 5, '', ['na…']],
  ])('%s', (_, all, columns, lines, keys, screen) => {
    const menu = new CompletionMenu(all, { columns, lines });
    press(menu, keys);
    expect(drawLines(menu.lines())).toEqual(screen);
  });

  it('truncates one long name if that makes room for another column', () => {
    const long = 'x'.repeat(90);
    const menu = new CompletionMenu(candidates(long, 'a', 'b'), { columns: 100, lines: 5 });
    expect(drawLines(menu.lines())).toEqual([
      `${'x'.repeat(39)}…  b${' '.repeat(39)}`,
      `a${' '.repeat(39)}`,
    ]);
  });

  it('is laid out again when its size changes', () => {
    const menu = new CompletionMenu(letters, { columns: 7, lines: 3 });
    press(menu, 'nnnnnnn');
    menu.resize({ columns: 100, lines: 3 });
    expect(drawLines(menu.lines())).toEqual([
      `${[...'abcdef'].join('  ')}  [g]  ${[...'hijklmnopqrstuvwxyz'].join('  ')}`,
    ]);
  });
});

describe('the selection', () => {
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
  ])('of 26 candidates in three columns and two rows, after the keys %j: %s', (keys, selected) => {
    const menu = new CompletionMenu(letters, { columns: 7, lines: 3 });
    press(menu, keys);
    expect(menu.selected?.text ?? '-').toBe(selected);
  });

  it('stays empty if there are no candidates', () => {
    const menu = new CompletionMenu([], { columns: 7, lines: 3 });
    press(menu, 'nprlDU');
    expect(menu.selected).toBeUndefined();
  });
});

describe('when the text changes', () => {
  it('keeps the candidates that begin with the text, and the selection if it is one of them', () => {
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

  it('distinguishes candidates with the same name by their kinds', () => {
    const menu = new CompletionMenu(candidates('a:table', 'a:column'), { columns: 9, lines: 5 });
    press(menu, 'nn');
    menu.replace(candidates('b:table', 'a:table', 'a:column'));
    expect(menu.selected).toEqual({ text: 'a', kind: 'column' });
  });
});

describe('the common prefix of several candidates', () => {
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
  ])('of %j, with %j typed, is %s', (texts, typed, prefix) => {
    expect(commonPrefix(texts, typed)).toBe(prefix);
  });
});

describe('a text fitted to a number of cells', () => {
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
  ])('%j in %i cells is %j', (text, cells, expected) => {
    expect(fitToCells(text, cells)).toBe(expected);
  });
});
