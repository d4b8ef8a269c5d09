const BLOCK = 512;

/** One file of an archive. */
interface TarFile {
  readonly name: string;
  readonly content: Uint8Array | string;
}

/**
 * An archive in the form that every tar reads (ustar), a file at a time: memory does not grow with it.
 *
 * @param folder what the files unpack into
 * @param seconds their date, since 1970
 */
export async function* tarOf(
  folder: string,
  files: AsyncIterable<TarFile>,
  seconds: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { name, content } of files) {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    yield headerOf(folder, name, bytes.length, seconds);
    yield bytes;
    const rest = bytes.length % BLOCK;
    if (rest > 0) yield Buffer.alloc(BLOCK - rest);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function headerOf(folder: string, name: string, size: number, seconds: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const text = (at: number, longest: number, value: string) => {
    if (Buffer.byteLength(value) > longest) throw new RangeError(`${value} is too long a name for an archive`);
    header.write(value, at);
  };
  const octal = (at: number, width: number, value: number) =>
    text(at, width, `${value.toString(8).padStart(width - 1, "0")}\0`);
  text(0, 100, name);
  octal(100, 8, 0o644);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, seconds);
  text(148, 8, "        ");
  text(156, 1, "0");
  text(257, 8, "ustar\x0000");
  text(345, 155, folder);
  const sum = header.reduce((total, byte) => total + byte, 0);
  text(148, 8, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}
