import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A folder being written so that it survives a power cut: every file, then every folder, is flushed to the disk. */
export class DurableFolder {
  readonly path: string;
  readonly #folders = new Map<string, Promise<unknown>>();
  readonly #writing = new Set<Promise<void>>();
  #failed: unknown;
  #files = 0;
  #bytes = 0;

  constructor(path: string) {
    this.path = path;
    this.#folders.set(path, Promise.resolve());
  }

  get files(): number {
    return this.#files;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Begins to write a new file; returns when there is room for another.
   *
   * Several are under way at once: waiting for each flush alone takes most of the time of an export.
   */
  async write(name: string, content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    this.#files += 1;
    this.#bytes += bytes.length;
    const writing = this.#writeFile(join(this.path, name), bytes)
      .catch((error: unknown) => {
        this.#failed ??= error;
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    if (this.#writing.size >= AT_ONCE) await Promise.race(this.#writing);
    this.#throwIfFailed();
  }

  /** Waits until everything written so far is on the disk and can be read back. */
  async settle(): Promise<void> {
    await this.idle();
    this.#throwIfFailed();
  }

  /** Waits until nothing is being written, whether it came about or not: after it the folder can be taken away. */
  async idle(): Promise<void> {
    await Promise.all(this.#writing);
  }

  /** {@link settle}, and flushes the folders: after it the whole can be renamed to its place. */
  async finish(): Promise<void> {
    await this.settle();
    for (const folder of this.#folders.keys()) await syncFolder(folder);
  }

  async #writeFile(path: string, bytes: Uint8Array): Promise<void> {
    await this.#folder(dirname(path));
    const file = await open(path, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  #folder(path: string): Promise<unknown> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const made = this.#folder(dirname(path)).then(() => mkdir(path));
    this.#folders.set(path, made);
    return made;
  }

  #throwIfFailed(): void {
    if (this.#failed !== undefined) throw this.#failed;
  }
}

/**
 * Puts a file in its place whole, over what may be there; on return it would survive a power cut.
 *
 * @throws the system's error; the place is then as it was
 */
export async function replaceFile(path: string, content: Uint8Array | string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.partial`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Flushes a folder's list of names, without which a rename may be forgotten. Windows has no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const AT_ONCE = 8;
