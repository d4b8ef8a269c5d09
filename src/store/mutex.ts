/** Runs one task at a time, in the order asked. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    // The next task waits for this one, whether it ends well or not.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
