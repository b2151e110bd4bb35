import { type EndingSignal, effectiveSignals } from '../signals.js';

/** Listens for the signals that end a run. */
export interface Interruption {
  /** SIGINT is taken, and nothing happens. */
  deafToCtrlC: boolean;
  /** Whether a signal has come. */
  readonly happened: boolean;
  /** Resolves to the first signal. */
  first: Promise<EndingSignal>;
  /** Resolves to the second signal, which skips the graceful shutdown. */
  second: Promise<EndingSignal>;
  stop(): void;
}

/**
 * Starts to listen to the signals that were not ignored when the program was started; `stop` gives
 * them their usual meaning back.
 */
export function listenForInterruption(deafToCtrlC: boolean): Interruption {
  const resolvers: ((signal: EndingSignal) => void)[] = [];
  const next = () => new Promise<EndingSignal>((resolve) => resolvers.push(resolve));
  const first = next();
  const second = next();
  let happened = false;
  const onSignal = (signal: EndingSignal) => {
    if (interruption.deafToCtrlC && signal === 'SIGINT') return;
    happened = true;
    resolvers.shift()?.(signal);
  };
  const signals = effectiveSignals();
  for (const signal of signals) process.on(signal, onSignal);
  const interruption: Interruption = {
    deafToCtrlC,
    get happened() {
      return happened;
    },
    first,
    second,
    stop() {
      for (const signal of signals) process.removeListener(signal, onSignal);
    },
  };
  return interruption;
}
