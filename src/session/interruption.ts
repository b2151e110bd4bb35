import { constants } from 'node:os';

/** The signals that end a run; its exit status is 128 + the signal's number. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for the signals that end a run. */
export interface Interruption {
  /** SIGINT is taken, and nothing happens. */
  deafToCtrlC: boolean;
  /** Whether a signal has come. */
  readonly happened: boolean;
  /** Settled by the first signal, with the exit status that it asks for. */
  first: Promise<number>;
  /** Settled by the second: whoever presses Ctrl-C twice does not want to wait. */
  second: Promise<number>;
  stop(): void;
}

/** Starts to listen; `stop` gives the signals their usual meaning back. */
export function listenForInterruption(deafToCtrlC: boolean): Interruption {
  const resolvers: ((status: number) => void)[] = [];
  const next = () => new Promise<number>((resolve) => resolvers.push(resolve));
  const first = next();
  const second = next();
  let happened = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (interruption.deafToCtrlC && signal === 'SIGINT') return;
    happened = true;
    resolvers.shift()?.(128 + constants.signals[signal]);
  };
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
