/** How characters of a screen are shown: what "select graphic rendition" sequences have set. */
export interface Rendition {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underlined: boolean;
  inverse: boolean;
  /** 0 to 255, of the palette; undefined: the terminal's own. */
  colour: number | undefined;
  background: number | undefined;
}

/** Neighbouring characters that are shown alike. */
export interface Run extends Rendition {
  text: string;
}

const plain: Rendition = {
  bold: false,
  dim: false,
  italic: false,
  underlined: false,
  inverse: false,
  colour: undefined,
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
  39: { colour: undefined },
  49: { background: undefined },
};

/** What the numbers of one sequence change. */
function changed(before: Rendition, numbers: number[]): Rendition {
  let after = before;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0;
    const kind = number === 38 ? 'colour' : number === 48 ? 'background' : undefined;
    if (kind !== undefined && numbers[index + 1] === 5) {
      after = { ...after, [kind]: numbers[index + 2] };
      index += 2;
    } else if (number >= 30 && number <= 37) after = { ...after, colour: number - 30 };
    else if (number >= 40 && number <= 47) after = { ...after, background: number - 40 };
    else if (number >= 90 && number <= 97) after = { ...after, colour: number - 82 };
    else if (number >= 100 && number <= 107) after = { ...after, background: number - 92 };
    else after = { ...after, ...switches[number] };
  }
  return after;
}

/** Splits a screen with its colours (`Tmux.screenWithColours`) into lines of runs. */
export function renditions(screen: string): Run[][] {
  let current = plain;
  return screen.split('\n').map((line) => {
    const runs: Run[] = [];
    // Every other piece is what stands between `ESC [` and `m`; anything else is not captured.
    for (const [index, piece] of line.split(/\x1b\[([\d;]*)m|\x0e|\x0f/).entries()) {
      if (piece === undefined) continue;
      if (index % 2 === 1) current = changed(current, piece.split(';').map(Number));
      else if (piece !== '') runs.push({ ...current, text: piece });
    }
    return runs;
  });
}

/** How the last occurrence of a text is shown; undefined if it is not there in one rendition. */
export function renditionOf(screen: string, text: string): Run | undefined {
  return renditions(screen)
    .flat()
    .findLast((run) => run.text.includes(text));
}
