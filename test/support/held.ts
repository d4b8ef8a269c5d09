import { afterAll, beforeAll } from "vitest";

/** What a file's tests share: made before the first of them by whatever closes it when it is done, which is after the last. */
export function held<T>(within: (use: (it: T) => Promise<void>) => Promise<void>, timeoutMs = 60_000): () => T {
  let release: () => void = () => {};
  let ended: Promise<void> = Promise.resolve();
  let made: { readonly it: T } | undefined;
  beforeAll(async () => {
    await new Promise<void>((ready, fail) => {
      ended = within(async (it) => {
        made = { it };
        await new Promise<void>((end) => {
          release = end;
          ready();
        });
      });
      ended.catch(fail);
    });
  }, timeoutMs);
  afterAll(async () => {
    release();
    await ended;
  });
  return () => {
    if (made === undefined) throw new Error("asked before it was made");
    return made.it;
  };
}
