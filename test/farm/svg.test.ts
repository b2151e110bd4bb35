import { describe, expect, test } from 'vitest';
import { findRendition, parseRenditions } from './renditions.js';
import { renderSvg } from './svg.js';

const screen = [
  'plain \x1b[1m\x1b[32mbold green\x1b[0m plain',
  '\x1b[33mgoes on',
  'here\x1b[39m, \x1b[7mturned\x1b[27m \x1b[2;96mdim\x1b[0m',
  '\x1b[38;5;208m<&>\x1b[48;5;17m \x1b[0m漢🦉a',
].join('\n');

describe('a screen with colors', () => {
  test('is split into runs where the rendition changes, which continues in the next line', () => {
    const seen = parseRenditions(screen).map((line) =>
      line.map(({ text, bold, dim, inverse, color, background }) => [
        text,
        ...(bold ? ['bold'] : []),
        ...(dim ? ['dim'] : []),
        ...(inverse ? ['inverse'] : []),
        ...(color === undefined ? [] : [color]),
        ...(background === undefined ? [] : [`on ${background}`]),
      ]),
    );
    expect(seen).toEqual([
      [['plain '], ['bold green', 'bold', 2], [' plain']],
      [['goes on', 3]],
      [['here', 3], [', '], ['turned', 'inverse'], [' '], ['dim', 'dim', 14]],
      [['<&>', 208], [' ', 208, 'on 17'], ['漢🦉a']],
    ]);
    expect(findRendition(screen, 'green')?.bold).toBe(true);
    expect(findRendition(screen, 'nowhere')).toBeUndefined();
  });

  test('becomes a picture in which each run has the position of its cells', () => {
    const svg = renderSvg(screen, 40, 'A <screen>');
    expect(svg).toContain('<title>A &lt;screen&gt;</title>');
    expect(svg).toContain('viewBox="0 0 368 104"');
    expect(svg).toMatch(
      /x="66.4" y="29" textLength="84.0" fill="#98c379" font-weight="bold">bold green</,
    );
    expect(svg).toContain('fill="rgb(255 135 0)">&lt;&amp;&gt;<');
    // Wide characters are a separate run: two of them take four cells.
    expect(svg).toContain('x="49.6" y="83" textLength="33.6">漢🦉<');
    expect(svg).toContain('x="83.2" y="83" textLength="8.4">a<');
  });
});
