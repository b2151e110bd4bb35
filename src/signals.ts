/*
 * The signals that end a run, and which of them are ignored.
 */

/** The signals that end a run, with their numbers (POSIX). */
export const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

export type EndingSignal = keyof typeof signalNumbers;

export const endingSignals = Object.keys(signalNumbers) as EndingSignal[];

/** How the program ends: with an exit status, or by a signal, after it has cleaned up. */
export type ProgramEnd = number | EndingSignal;

let ignored: readonly EndingSignal[] = [];

/**
 * Ignores the signals that were ignored when the program was started, such as SIGHUP under nohup.
 * This is needed because Node restores their default action at its start.
 *
 * @param mask the field SigIgn of /proc/self/status (proc(5)): hexadecimal, bit N-1 for signal N
 */
export function keepIgnoredSignals(mask: string): void {
  // The last 16 bits hold signals 1 to 16; all 64 bits would not fit into a number.
  const bits = Number.parseInt(mask.slice(-4), 16) || 0;
  ignored = endingSignals.filter((signal) => bits & (1 << (signalNumbers[signal] - 1)));
  for (const signal of ignored) process.on(signal, () => {});
}

/** Returns the signals that were ignored at the start; empty where only the library is used. */
export function getIgnoredSignals(): readonly EndingSignal[] {
  return ignored;
}

/** Returns the signals that end a run: those that were not ignored when the program was started. */
export function getEffectiveSignals(): EndingSignal[] {
  return endingSignals.filter((signal) => !ignored.includes(signal));
}

export function isEndingSignal(signal: NodeJS.Signals): signal is EndingSignal {
  return signal in signalNumbers;
}
