/** What comes from the terminal. */
export type KeyInput =
  /** A key by its name (`a`, `ctrl-a`, `alt-f`, `shift-tab`, `up`), and the text that it types. */
  | { kind: 'key'; name: string; text: string; sequence: string }
  /** Text that was pasted, with its line breaks as `\n`. */
  | { kind: 'paste'; text: string }
  /** A whole line, from a terminal that edits its lines by itself. */
  | { kind: 'line'; text: string }
  /** The terminal is gone, or says that nothing more comes. */
  | { kind: 'end' };
