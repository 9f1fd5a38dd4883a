/**
 * Handles SIGINT (Ctrl-C) and SIGTERM: the first aborts `signal`, so that a run shuts down with its state
 * saved; the second aborts `killSignal`, so that it ends at once. `stop` removes the handlers.
 */
export function untilInterrupted(): {
  readonly signal: AbortSignal;
  readonly killSignal: AbortSignal;
  readonly interrupted: Promise<void>;
  stop(): void;
} {
  const soft = new AbortController();
  const hard = new AbortController();
  const { promise: interrupted, resolve } = Promise.withResolvers<void>();
  const onSignal = () => {
    if (soft.signal.aborted) hard.abort();
    else {
      process.stderr.write("\nShutting down… press Ctrl-C again to force quit.\n");
      soft.abort();
    }
    resolve();
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: soft.signal,
    killSignal: hard.signal,
    interrupted,
    stop: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
