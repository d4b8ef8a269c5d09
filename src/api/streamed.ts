/**
 * Chunks at the reader's pace as a body. `leave` is called when the last one is sent or the reader is gone, also one that
 * takes nothing for so long: a snapshot stands open behind it, and the database cannot tidy up.
 */
export function streamed(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  leave: () => void,
  patienceMs: number,
): ReadableStream<Uint8Array> {
  let waiting: NodeJS.Timeout | undefined;
  const end = async () => {
    clearTimeout(waiting);
    leave();
    await chunks.return(undefined);
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(waiting);
      try {
        const next = await chunks.next();
        if (next.done === true) {
          leave();
          return controller.close();
        }
        controller.enqueue(next.value);
        waiting = setTimeout(() => {
          end().catch(() => {});
          controller.error(new Error("the reader was away"));
        }, patienceMs).unref();
      } catch (thrown) {
        leave();
        controller.error(thrown);
      }
    },
    cancel: end,
  });
}
