import { type EndingSignal, getEffectiveSignals } from '../signals.js';

/** The signals that a run has received so far. */
export interface Interruption {
  /** While true, SIGINT is caught and has no effect. */
  ignoresSigint: boolean;
  /** Aborted by the first signal, whose name is the reason. */
  readonly firstSignal: AbortSignal;
  /** Aborted by the second signal, which skips the graceful shutdown. */
  readonly secondSignal: AbortSignal;
  /** Stops listening: the signals have their default effect again. */
  stop(): void;
}

/**
 * Starts to listen to the signals that end a run, except those that were ignored when the program
 * was started.
 */
export function listenForInterruption(ignoreSigint: boolean): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = (signal: EndingSignal) => {
    if (interruption.ignoresSigint && signal === 'SIGINT') return;
    const next = first.signal.aborted ? second : first;
    next.abort(signal);
  };
  const signals = getEffectiveSignals();
  for (const signal of signals) process.on(signal, onSignal);
  const interruption: Interruption = {
    ignoresSigint: ignoreSigint,
    firstSignal: first.signal,
    secondSignal: second.signal,
    stop() {
      for (const signal of signals) process.removeListener(signal, onSignal);
    },
  };
  return interruption;
}
