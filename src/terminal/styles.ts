import type { Style } from './editor-client.js';

/** The parameters of an SGR ("select graphic rendition") sequence: `1;32` is bold and green. */
export type Rendition = string;

/** Uses the eight basic colors alone, since users adjust those so that they are readable. */
const styleColors: Readonly<Record<Style, Rendition>> = {
  keyword: '1;32',
  function: '36',
  name: '',
  'quoted-name': '',
  string: '33',
  number: '35',
  comment: '2;36',
  operator: '',
  variable: '34',
  command: '1;35',
};

/** Returns the rendition of a style; the terminal's default if colors are off. */
export function renditionOf(style: Style, useColor: boolean): Rendition {
  return useColor ? styleColors[style] : '';
}

/** Returns the rendition of a suggestion: gray, or dim without colors, to show that it is not typed. */
export function suggestionRendition(useColor: boolean): Rendition {
  return useColor ? '90' : '2';
}

/** Returns the rendition of a part of the menu; it uses no colors. */
export function menuRendition(style: 'kind' | 'selected' | 'more'): Rendition {
  return style === 'selected' ? '7' : '2';
}

/** True unless NO_COLOR is set (see no-color.org) or the terminal is dumb. */
export function wantsColors(environment: NodeJS.ProcessEnv): boolean {
  return !environment.NO_COLOR && !isDumb(environment);
}

/** True if TERM says that the terminal supports no escape sequences. */
export function isDumb(environment: NodeJS.ProcessEnv): boolean {
  const term = environment.TERM;
  return term === undefined || term === '' || term === 'dumb';
}
