import { cellWidth, widthRulesOf } from '../../src/text/width.js';
import { parseRenditions, type TextRun } from './renditions.js';

/*
 * Draws a terminal's screen as an SVG picture, for the README.
 */

/** The size of a cell, in pixels. */
const cell = { width: 8.4, height: 18 };
const margin = 16;
const fontSize = 14;

const backgroundColor = '#1d2026';
const textColor = '#d6d9de';

/** The sixteen colors that a terminal's user can choose, readable on `backgroundColor`. */
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

/** Returns the CSS color of a palette number; the color cube and the grays from 16 on are fixed. */
function colorOf(number: number): string {
  if (number < 16) return palette[number] ?? textColor;
  if (number >= 232)
    return `rgb(${Array(3)
      .fill(8 + (number - 232) * 10)
      .join(' ')})`;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = number - 16;
  const steps = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return `rgb(${steps.map(level).join(' ')})`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function drawRun(run: TextRun, column: number, row: number, cells: number): string {
  const foreground = run.color === undefined ? undefined : colorOf(run.color);
  const background = run.background === undefined ? undefined : colorOf(run.background);
  const [front, back] = run.inverse
    ? [background ?? backgroundColor, foreground ?? textColor]
    : [foreground, background];
  const top = margin + row * cell.height;
  const text = run.text.trim();
  const x = (cellsBefore: number) => (margin + (column + cellsBefore) * cell.width).toFixed(1);
  const width = (cellsWide: number) => (cellsWide * cell.width).toFixed(1);
  const rectangle =
    back === undefined
      ? ''
      : `<rect x="${x(0)}" y="${top}" width="${width(cells)}" height="${cell.height}" fill="${back}"/>`;
  if (text === '') return rectangle;
  // Blanks at the ends become part of the position, since not every renderer measures them.
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
  return `${rectangle}<text ${place}${style}>${escapeXml(text)}</text>`;
}

/** Separates wide characters from others: in no renderer's font are they exactly twice as wide. */
function splitByWidth(run: TextRun): TextRun[] {
  return run.text
    .split(/((?:\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Kana}|\p{Script=Hangul})+)/u)
    .filter((text) => text !== '')
    .map((text) => ({ ...run, text }));
}

/**
 * Returns an SVG picture of a screen with its colors (`Tmux.screenWithColors`), `columns` wide. `title`
 * describes the picture for readers who cannot see it.
 */
export function renderSvg(screen: string, columns: number, title: string): string {
  const rules = widthRulesOf('tmux-256color');
  const lines = parseRenditions(screen);
  const parts = lines.flatMap((runs, row) => {
    let column = 0;
    return runs.flatMap(splitByWidth).map((run) => {
      const cells = cellWidth(run.text, rules);
      const part = drawRun(run, column, row, cells);
      column += cells;
      return part;
    });
  });
  const width = Math.ceil(margin * 2 + columns * cell.width);
  const height = margin * 2 + lines.length * cell.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${backgroundColor}"/>
<g fill="${textColor}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${fontSize}" xml:space="preserve">
${parts.filter((part) => part !== '').join('\n')}
</g>
</svg>
`;
}
