import { describe, expect, test } from 'vitest';
import * as movement from '../../src/terminal/movement.js';
import { TextBuffer } from '../../src/terminal/text-buffer.js';

/** Returns a buffer with the cursor at `|`. */
function bufferAt(marked: string): TextBuffer {
  const text = new TextBuffer(marked.replace('|', ''));
  text.move(() => marked.indexOf('|'));
  return text;
}

const showCursor = ({ text, cursor }: TextBuffer) =>
  `${text.slice(0, cursor)}|${text.slice(cursor)}`;

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

describe('cursor movements', () => {
  test.each(movements)('%o: %j → %j', (moved, from, to) => {
    const text = bufferAt(from);
    text.move(moved);
    expect(showCursor(text)).toBe(to);
  });

  test('Up and Down return to the column where they began', () => {
    const text = bufferAt('select\na\n日本語|x');
    text.moveLine('up');
    expect(showCursor(text)).toBe('select\na|\n日本語x');
    text.moveLine('up');
    expect(showCursor(text)).toBe('sel|ect\na\n日本語x');
    expect(text.moveLine('up')).toBe(false);
    text.moveLine('down');
    text.moveLine('down');
    expect(showCursor(text)).toBe('select\na\n日本語|x');
    expect(text.moveLine('down')).toBe(false);
  });
});

describe('changes of the text', () => {
  test('each undo step removes typed characters back to a blank', () => {
    const text = new TextBuffer();
    for (const character of 'select one') text.insert(character);
    text.delete(movement.left);
    const states: string[] = [];
    for (let step = 0; step < 4; step++) {
      text.undo();
      states.push(showCursor(text));
    }
    expect(states).toEqual(['select one|', 'select|', '|', '|']);
  });

  test('delete removes a letter together with its marks', () => {
    const text = bufferAt('cafe\u0301|s');
    text.delete(movement.left);
    expect(showCursor(text)).toBe('caf|s');
  });

  test('yank inserts the texts of consecutive cuts together', () => {
    const text = bufferAt('one two three| four');
    text.kill(movement.wordLeft);
    text.kill(movement.wordLeft);
    text.kill(movement.toLineEnd);
    expect(showCursor(text)).toBe('one |');
    text.yank();
    expect(showCursor(text)).toBe('one two three four|');
  });

  test('yankEarlier replaces the inserted text with the one that was cut before it', () => {
    const text = bufferAt('one two|');
    text.kill(movement.wordLeft);
    text.move(movement.left);
    text.kill(movement.toStart);
    text.yank();
    expect(showCursor(text)).toBe('one| ');
    text.yankEarlier();
    expect(showCursor(text)).toBe('two| ');
    text.yankEarlier();
    expect(showCursor(text)).toBe('one| ');
  });

  test('a cut of nothing keeps the last cut text', () => {
    const text = bufferAt('one|');
    text.kill(movement.wordLeft);
    text.kill(movement.wordLeft);
    text.yank();
    expect(showCursor(text)).toBe('one|');
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
  test.each(transposed)('transpose turns %j into %j', (from, to) => {
    const text = bufferAt(from);
    text.transpose();
    expect(showCursor(text)).toBe(to);
  });
});
