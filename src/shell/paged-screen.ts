import { createCellCounter } from '../output/cell-count.js';
import { PagedOutput } from '../output/paged-output.js';
import type { ScreenShape } from '../output/screen-shape.js';
import type { Sink } from '../output/sink.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ShellPager } from './context.js';
import { measureCells } from './screen-format.js';

interface PagedScreenOptions {
  terminal: Terminal;
  characterSet: string;
  /** The program; undefined: everything goes to `directSink`. */
  pager: ShellPager | undefined;
  /** Returns the shape of what is written; by default everything is text. */
  shape?(): ScreenShape;
  /** Receives what fits on the screen. */
  directSink: Sink;
  /** Called before the program takes over the terminal. */
  onStart?(): void;
  /** Called if the program exits before the end of the output. */
  onQuit?(): void;
}

/** Returns an output for the screen, through the pager if it does not fit. */
export function openPagedScreen(options: PagedScreenOptions): PagedOutput {
  const { terminal, characterSet, pager, shape, directSink, onStart, onQuit } = options;
  return new PagedOutput({
    command: pager?.command,
    commands: pager?.commands,
    ...(shape && { shape }),
    alwaysPage: pager?.isUserChoice ?? false,
    rows: terminal.rows,
    columns: terminal.columns,
    displayWidth: createCellCounter(characterSet, measureCells),
    directSink,
    onStart() {
      onStart?.();
      terminal.release();
    },
    onExit() {
      terminal.acquire();
      terminal.moveToRowStart();
    },
    onQuit() {
      onQuit?.();
    },
  });
}
