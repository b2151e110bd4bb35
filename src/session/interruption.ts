import { type EndingSignal, effectiveSignals } from '../signals.js';

/** Listens for the signals that end a run. */
export interface Interruption {
  /** SIGINT is taken, and nothing happens. */
  ignoresSigint: boolean;
  /** Aborted by the first signal, whose name is the reason. */
  readonly first: AbortSignal;
  /** Aborted by the second signal, which skips the graceful shutdown. */
  readonly second: AbortSignal;
  stop(): void;
}

/**
 * Starts to listen to the signals that were not ignored when the program was started; `stop` gives
 * them their usual meaning back.
 */
export function listenForInterruption(deafToCtrlC: boolean): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = (signal: EndingSignal) => {
    if (interruption.ignoresSigint && signal === 'SIGINT') return;
    const next = first.signal.aborted ? second : first;
    next.abort(signal);
  };
  const signals = effectiveSignals();
  for (const signal of signals) process.on(signal, onSignal);
  const interruption: Interruption = {
    ignoresSigint: deafToCtrlC,
    first: first.signal,
    second: second.signal,
    stop() {
      for (const signal of signals) process.removeListener(signal, onSignal);
    },
  };
  return interruption;
}
