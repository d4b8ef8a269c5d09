import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { Failure } from "../domain/index.ts";
import { replaceFile } from "../ledger/index.ts";
import { IDENTIFIER_KINDS, type ErasedIdentifier } from "../store/index.ts";

/** In the data folder: one file a tenant. */
const ERASED = "erased";

/**
 * Who was erased, as keyed hashes, in a file outside the database: a restored database cannot forget it. One line of
 * JSON an identifier.
 */
export class ErasedFile {
  readonly #path: string;

  constructor(dataDir: string, tenant: string) {
    this.#path = join(dataDir, ERASED, tenant);
  }

  /** @throws Failure `store.io` for a file that cannot be read: whoever is in it would come back unseen. */
  async read(): Promise<ErasedIdentifier[]> {
    let text: string;
    try {
      text = await readFile(this.#path, "utf8");
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
      throw this.#failure("cannot be read", cause);
    }
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => this.#identifier(line));
  }

  /** Replaces the list; on return it would survive a power cut. */
  async keep(identifiers: readonly ErasedIdentifier[]): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await replaceFile(this.#path, identifiers.map((one) => `${JSON.stringify(one)}\n`).join(""), 0o600);
    } catch (cause) {
      throw this.#failure("cannot be written", cause);
    }
  }

  #identifier(line: string): ErasedIdentifier {
    try {
      // Written by `keep` alone; what is missing would match nothing, so each member is looked at.
      const { hash, kind, words, pseudonym, subject, erasedMs } = JSON.parse(line) as Partial<ErasedIdentifier>;
      const texts = [hash, pseudonym, subject].every((one) => typeof one === "string");
      const isWhole =
        texts && Number.isInteger(words) && Number.isInteger(erasedMs) && IDENTIFIER_KINDS.includes(kind!);
      if (!isWhole) throw new SyntaxError("a member is missing");
      return { hash: hash!, kind: kind!, words: words!, pseudonym: pseudonym!, subject: subject!, erasedMs: erasedMs! };
    } catch (cause) {
      throw this.#failure("holds a line that is no erased identifier", cause);
    }
  }

  #failure(problem: string, cause: unknown): Failure {
    return new Failure("store.io", { problem, path: this.#path }, { cause });
  }
}
