/**
 * An error that is reported to the user. Its message is one line that says what is wrong and what
 * to do. `code` is stable, so tests and callers compare it; `exitStatus` is the exit status of the
 * process. The message must never contain SQL, a password or rows of a result set.
 */
export class Failure extends Error {
  readonly code: string;
  readonly exitStatus: number;
  /** The lines to print in place of the program's name and the message. */
  readonly lines: readonly string[] | undefined;
  /** The own options that the message is about; nameOptionFiles adds the files in which they stand. */
  options: readonly string[] = [];

  constructor(code: string, message: string, exitStatus = 1, lines?: readonly string[]) {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.exitStatus = exitStatus;
    this.lines = lines;
  }

  /** Sets `options`, and returns this. */
  about(...options: readonly string[]): this {
    this.options = options;
    return this;
  }
}

/** The client's exit status for an invalid argument of an option. */
const invalidArgumentStatus = 13;

/**
 * Returns the error of a wrong value of an option that the client does not have, or of options that
 * cannot be used together.
 *
 * @param options the names of the options that the message is about, without the leading `--`
 */
export function createOptionFailure(
  code: string,
  message: string,
  ...options: readonly string[]
): Failure {
  return new Failure(code, message, invalidArgumentStatus).about(...options);
}

/** Returns the lines that a Failure prints on standard error. */
export function formatFailure({ lines, message }: Failure): readonly string[] {
  return lines ?? [`analytics-mysql: ${message}`];
}
