import { describe, expect, test } from 'vitest';
import { EditedText } from '../../src/terminal/edited-text.js';
import * as movement from '../../src/terminal/movement.js';

/** A text with the cursor at `|`. */
function edited(marked: string): EditedText {
  const text = new EditedText(marked.replace('|', ''));
  text.move(() => marked.indexOf('|'));
  return text;
}

const shown = ({ text, cursor }: EditedText) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

const family = '👨‍👩‍👧';
const movements: [movement: movement.Movement, from: string, to: string][] = [
  [movement.left, 'ab|', 'a|b'],
  [movement.left, '|ab', '|ab'],
  [movement.left, 'a\n|b', 'a|\nb'],
  [movement.left, 'cafe\u0301|', 'caf|e\u0301'],
  [movement.left, `a${family}|b`, `a|${family}b`],
  [movement.left, '日本|', '日|本'],
  [movement.left, '🇮🇹🇫🇷|', '🇮🇹|🇫🇷'],
  [movement.right, '|ab', 'a|b'],
  [movement.right, 'ab|', 'ab|'],
  [movement.right, 'a|\nb', 'a\n|b'],
  [movement.right, '|e\u0301a', 'e\u0301|a'],
  [movement.right, `|${family}b`, `${family}|b`],
  [movement.toLineStart, 'ab\ncd|e\nf', 'ab\n|cde\nf'],
  [movement.toLineEnd, 'ab\nc|de\nf', 'ab\ncde|\nf'],
  [movement.throughLineEnd, 'ab\nc|de\nf', 'ab\ncde|\nf'],
  [movement.throughLineEnd, 'ab|\nf', 'ab\n|f'],
  [movement.throughLineStart, 'ab\nc|d', 'ab\n|cd'],
  [movement.throughLineStart, 'ab\n|cd', 'ab|\ncd'],
  [movement.wordRight, '|select a', 'select| a'],
  [movement.wordRight, 'select| page_id, b', 'select page_id|, b'],
  [movement.wordRight, 'a |naïve b', 'a naïve| b'],
  [movement.wordRight, 'a| 🎉 𝒳b c', 'a 🎉 𝒳b| c'],
  [movement.wordLeft, 'select page_id, |b', 'select |page_id, b'],
  [movement.wordLeft, 'a 𝒳b 🎉|', 'a |𝒳b 🎉'],
  [movement.wordLeft, 'a|', '|a'],
  [movement.blankWordLeft, "a.b ='x y'  |", "a.b ='x |y'  "],
];

describe('the cursor moves', () => {
  test.each(movements)('%o: %j → %j', (moved, from, to) => {
    const text = edited(from);
    text.move(moved);
    expect(shown(text)).toBe(to);
  });

  test('up and down keep to the column they began in', () => {
    const text = edited('select\na\n日本語|x');
    text.moveLine('up');
    expect(shown(text)).toBe('select\na|\n日本語x');
    text.moveLine('up');
    expect(shown(text)).toBe('sel|ect\na\n日本語x');
    expect(text.moveLine('up')).toBe(false);
    text.moveLine('down');
    text.moveLine('down');
    expect(shown(text)).toBe('select\na\n日本語|x');
    expect(text.moveLine('down')).toBe(false);
  });
});

describe('the text changes', () => {
  test('each step of undo takes back what was typed up to a blank', () => {
    const text = new EditedText();
    for (const character of 'select one') text.insert(character);
    text.delete(movement.left);
    const states: string[] = [];
    for (let step = 0; step < 4; step++) {
      text.undo();
      states.push(shown(text));
    }
    expect(states).toEqual(['select one|', 'select|', '|', '|']);
  });

  test('deleting takes a letter with its marks', () => {
    const text = edited('cafe\u0301|s');
    text.delete(movement.left);
    expect(shown(text)).toBe('caf|s');
  });

  test('what is cut piece by piece is put in together', () => {
    const text = edited('one two three| four');
    text.kill(movement.wordLeft);
    text.kill(movement.wordLeft);
    text.kill(movement.toLineEnd);
    expect(shown(text)).toBe('one |');
    text.yank();
    expect(shown(text)).toBe('one two three four|');
  });

  test('what was cut before comes in its place', () => {
    const text = edited('one two|');
    text.kill(movement.wordLeft);
    text.move(movement.left);
    text.kill(movement.toStart);
    text.yank();
    expect(shown(text)).toBe('one| ');
    text.yankEarlier();
    expect(shown(text)).toBe('two| ');
    text.yankEarlier();
    expect(shown(text)).toBe('one| ');
  });

  test('cutting nothing keeps what was cut', () => {
    const text = edited('one|');
    text.kill(movement.wordLeft);
    text.kill(movement.wordLeft);
    text.yank();
    expect(shown(text)).toBe('one|');
  });

  const transposed: [from: string, to: string][] = [
    ['a|b', 'ba|'],
    ['ab|', 'ba|'],
    ['e\u0301|日x', '日e\u0301|x'],
    ['|ab', '|ab'],
    ['a\n|b', 'a\n|b'],
    ['ab|\nc', 'ba|\nc'],
    ['a|', 'a|'],
  ];
  test.each(transposed)('transposing %j gives %j', (from, to) => {
    const text = edited(from);
    text.transpose();
    expect(shown(text)).toBe(to);
  });
});
