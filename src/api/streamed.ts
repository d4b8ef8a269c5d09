/** Chunks at the reader's pace as a body. `leave` is called when the last one is sent or the reader is gone. */
export function streamed(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  leave: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done !== true) return controller.enqueue(next.value);
        leave();
        controller.close();
      } catch (thrown) {
        leave();
        controller.error(thrown);
      }
    },
    async cancel() {
      leave();
      await chunks.return(undefined);
    },
  });
}
