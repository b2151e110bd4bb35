import type { Style } from './editor-client.js';

/** Parameters of the terminal's "select graphic rendition": `1;32` is bold and green. */
export type Rendition = string;

/** The eight colours, which every terminal's owner can set to what is readable there. */
const colours: Readonly<Record<Style, Rendition>> = {
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

/** How the parts of the text are shown; without colours, where nobody wants them. */
export function renditionOf(style: Style, inColour: boolean): Rendition {
  return inColour ? colours[style] : '';
}

/** What is suggested is told apart even where no colours are wanted: it has not been typed. */
export function suggestionRendition(inColour: boolean): Rendition {
  return inColour ? '90' : '2';
}

/** The menu is told apart from the text without colours. */
export function menuRendition(style: 'kind' | 'selected' | 'more'): Rendition {
  return style === 'selected' ? '7' : '2';
}

/** Whether colours are wanted: see no-color.org; a dumb terminal has none. */
export function wantsColours(environment: NodeJS.ProcessEnv): boolean {
  return !environment.NO_COLOR && !isDumb(environment);
}

/** Whether the terminal knows no escape sequences, so that it edits its lines by itself. */
export function isDumb(environment: NodeJS.ProcessEnv): boolean {
  const term = environment.TERM;
  return term === undefined || term === '' || term === 'dumb';
}
