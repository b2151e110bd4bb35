import { cellWidth, widthRulesOf } from '../../src/text/width.js';
import { type Run, renditions } from './renditions.js';

/** Pixels of a cell, and around the screen. */
const cell = { width: 8.4, height: 18 };
const margin = 16;
const fontSize = 14;

const ground = '#1d2026';
const ink = '#d6d9de';

/** The sixteen colours that a terminal's owner chooses, readable on `ground`. */
const palette = [
  '#3b4048',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d6d9de',
  '#7f858f',
  '#f08a93',
  '#b1d69a',
  '#f0d399',
  '#8cc6f5',
  '#d79ae8',
  '#7fcfd8',
  '#ffffff',
];

/** The colour of a number of the palette; the cube and the greys behind the sixteen are fixed. */
function colourOf(number: number): string {
  if (number < 16) return palette[number] ?? ink;
  if (number >= 232)
    return `rgb(${Array(3)
      .fill(8 + (number - 232) * 10)
      .join(' ')})`;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = number - 16;
  const steps = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return `rgb(${steps.map(level).join(' ')})`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function drawn(run: Run, column: number, row: number, cells: number): string {
  const shown = run.colour === undefined ? undefined : colourOf(run.colour);
  const behind = run.background === undefined ? undefined : colourOf(run.background);
  const [front, back] = run.inverse ? [behind ?? ground, shown ?? ink] : [shown, behind];
  const top = margin + row * cell.height;
  const text = run.text.trim();
  const x = (cellsBefore: number) => (margin + (column + cellsBefore) * cell.width).toFixed(1);
  const width = (cellsWide: number) => (cellsWide * cell.width).toFixed(1);
  const rectangle =
    back === undefined
      ? ''
      : `<rect x="${x(0)}" y="${top}" width="${width(cells)}" height="${cell.height}" fill="${back}"/>`;
  if (text === '') return rectangle;
  // Blanks at the ends are left to the place: not every renderer measures them.
  const blanks = run.text.length - text.length;
  const blanksBefore = run.text.length - run.text.trimStart().length;
  const place = `x="${x(blanksBefore)}" y="${top + 13}" textLength="${width(cells - blanks)}"`;
  const style = [
    front === undefined ? '' : ` fill="${front}"`,
    run.bold ? ' font-weight="bold"' : '',
    run.dim ? ' opacity="0.6"' : '',
    run.italic ? ' font-style="italic"' : '',
    run.underlined ? ' text-decoration="underline"' : '',
  ].join('');
  return `${rectangle}<text ${place}${style}>${escaped(text)}</text>`;
}

/** Parts wide characters from others: no renderer's font has them exactly twice as wide. */
function byWidth(run: Run): Run[] {
  return run.text
    .split(/((?:\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Kana}|\p{Script=Hangul})+)/u)
    .filter((text) => text !== '')
    .map((text) => ({ ...run, text }));
}

/**
 * Draws a screen with its colours (`Tmux.screenWithColours`) as an SVG picture, `columns` wide.
 * `title` says what it shows to those who cannot see it.
 */
export function svgOf(screen: string, columns: number, title: string): string {
  const rules = widthRulesOf('tmux-256color');
  const lines = renditions(screen);
  const parts = lines.flatMap((runs, row) => {
    let column = 0;
    return runs.flatMap(byWidth).map((run) => {
      const cells = cellWidth(run.text, rules);
      const part = drawn(run, column, row, cells);
      column += cells;
      return part;
    });
  });
  const width = Math.ceil(margin * 2 + columns * cell.width);
  const height = margin * 2 + lines.length * cell.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${ground}"/>
<g fill="${ink}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${fontSize}" xml:space="preserve">
${parts.filter((part) => part !== '').join('\n')}
</g>
</svg>
`;
}
