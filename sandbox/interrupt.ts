/**
 * Milliseconds in which signals are one press of Ctrl-C: a command that `npm run` started gets it from the
 * terminal and, once more, from npm.
 */
const ONE_PRESS = 1000;

/** What a person's Ctrl-C asks of a command. */
export interface Interrupt {
  /** Aborted at the first press: the run shuts down with its state saved. */
  readonly signal: AbortSignal;
  /** Aborted at the second press: the run ends at once. */
  readonly killSignal: AbortSignal;
  readonly interrupted: Promise<void>;
  /** Removes the handlers. */
  stop(): void;
}

/** What sends signals: this process, and in tests something else. */
interface SignalSource {
  on(name: NodeJS.Signals, listener: () => void): unknown;
  off(name: NodeJS.Signals, listener: () => void): unknown;
}

/** Handles SIGINT (Ctrl-C) and SIGTERM. @param now milliseconds of a clock that only goes forward */
export function untilInterrupted(
  source: SignalSource = process,
  now: () => number = () => performance.now(),
): Interrupt {
  const soft = new AbortController();
  const hard = new AbortController();
  const { promise: interrupted, resolve } = Promise.withResolvers<void>();
  let pressed = 0;
  const onSignal = () => {
    if (soft.signal.aborted) {
      if (now() - pressed >= ONE_PRESS) hard.abort();
      return;
    }
    pressed = now();
    process.stderr.write("\nShutting down… press Ctrl-C again to force quit.\n");
    soft.abort();
    resolve();
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  for (const name of signals) source.on(name, onSignal);
  return {
    signal: soft.signal,
    killSignal: hard.signal,
    interrupted,
    stop: () => {
      for (const name of signals) source.off(name, onSignal);
    },
  };
}
