/** The signals that end a run, with their numbers (POSIX). */
export const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

export type EndingSignal = keyof typeof signalNumbers;

export const endingSignals = Object.keys(signalNumbers) as EndingSignal[];

/** How the program ends: with an exit status, or of a signal after it has cleaned up. */
export type ProgramEnd = number | EndingSignal;

let ignored: readonly EndingSignal[] = [];

/**
 * Keeps the signals ignored that were ignored when the program was started, such as SIGHUP by nohup.
 * Node gives them back their default action when it starts.
 *
 * @param mask the field SigIgn of /proc/self/status (proc(5)): hexadecimal, bit N-1 for signal N
 */
export function keepIgnoredSignals(mask: string): void {
  // The last 16 bits hold signals 1 to 16; 64 bits would not fit a number.
  const bits = Number.parseInt(mask.slice(-4), 16) || 0;
  ignored = endingSignals.filter((signal) => bits & (1 << (signalNumbers[signal] - 1)));
  for (const signal of ignored) process.on(signal, () => {});
}

/** The signals that were ignored when the program was started; none in another program's process. */
export function ignoredSignals(): readonly EndingSignal[] {
  return ignored;
}

/** The signals that end a run and were not ignored when the program was started. */
export function effectiveSignals(): EndingSignal[] {
  return endingSignals.filter((signal) => !ignored.includes(signal));
}

export function isEndingSignal(signal: NodeJS.Signals): signal is EndingSignal {
  return signal in signalNumbers;
}
