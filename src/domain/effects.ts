/** The world as an argument: time, randomness and log arrive from outside, so that tests pass plain objects. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Resolves after `ms` of this clock, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  bytes(count: number): Buffer;
  /** At least 0, below 1. For jitter only. */
  fraction(): number;
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** Fields are ids and numbers: never a key, a token, a body or an e-mail. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  (level: LogLevel, event: string, fields?: LogFields): void;
}

export const silentLog: Log = () => {};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
      return undefined;
    }),
};
