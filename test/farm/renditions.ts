/*
 * Parses the SGR ("select graphic rendition") sequences of a captured screen.
 */

/** The attributes and colors of characters on a screen. */
export interface Rendition {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underlined: boolean;
  inverse: boolean;
  /** A number of the palette, 0 to 255; undefined: the terminal's default. */
  color: number | undefined;
  background: number | undefined;
}

/** Adjacent characters with the same rendition. */
export interface TextRun extends Rendition {
  text: string;
}

const plain: Rendition = {
  bold: false,
  dim: false,
  italic: false,
  underlined: false,
  inverse: false,
  color: undefined,
  background: undefined,
};

const switches: Record<number, Partial<Rendition>> = {
  0: plain,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underlined: true },
  7: { inverse: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underlined: false },
  27: { inverse: false },
  39: { color: undefined },
  49: { background: undefined },
};

/** Returns the rendition after the parameters of one sequence. */
function applyParameters(before: Rendition, numbers: number[]): Rendition {
  let after = before;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0;
    const kind = number === 38 ? 'color' : number === 48 ? 'background' : undefined;
    if (kind !== undefined && numbers[index + 1] === 5) {
      after = { ...after, [kind]: numbers[index + 2] };
      index += 2;
    } else if (number >= 30 && number <= 37) after = { ...after, color: number - 30 };
    else if (number >= 40 && number <= 47) after = { ...after, background: number - 40 };
    else if (number >= 90 && number <= 97) after = { ...after, color: number - 82 };
    else if (number >= 100 && number <= 107) after = { ...after, background: number - 92 };
    else after = { ...after, ...switches[number] };
  }
  return after;
}

/** Splits a screen with its colors (`Tmux.screenWithColors`) into the runs of each line. */
export function parseRenditions(screen: string): TextRun[][] {
  let current = plain;
  return screen.split('\n').map((line) => {
    const runs: TextRun[] = [];
    // Every second piece has the parameters between `ESC [` and `m`; undefined for other controls.
    for (const [index, piece] of line.split(/\x1b\[([\d;]*)m|\x0e|\x0f/).entries()) {
      if (piece === undefined) continue;
      if (index % 2 === 1) current = applyParameters(current, piece.split(';').map(Number));
      else if (piece !== '') runs.push({ ...current, text: piece });
    }
    return runs;
  });
}

/** Returns the last run that contains a text; undefined if no single run does. */
export function findRendition(screen: string, text: string): TextRun | undefined {
  return parseRenditions(screen)
    .flat()
    .findLast((run) => run.text.includes(text));
}
