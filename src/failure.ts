/**
 * An error that is the user's to read: its message is one clear line that says what is wrong and
 * what to do. `code` is stable and what tests assert; `exitStatus` is what the process exits with.
 * Never put SQL, a password or a query's result into `message`.
 */
export class Failure extends Error {
  readonly code: string;
  readonly exitStatus: number;
  /** What is printed, where it is more than the program's name and the message. */
  readonly lines: readonly string[] | undefined;

  constructor(code: string, message: string, exitStatus = 1, lines?: readonly string[]) {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.exitStatus = exitStatus;
    this.lines = lines;
  }
}

/** What a Failure prints on standard error. */
export function linesOf({ lines, message }: Failure): readonly string[] {
  return lines ?? [`analytics-mysql: ${message}`];
}
