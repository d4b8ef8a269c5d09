import { verifyCheckpoint, type VerifiedCheckpoint } from "./checkpoint.ts";
import { LedgerError } from "./error.ts";
import type { HashAt } from "./proof.ts";
import { rootAt } from "./proof.ts";
import type { VerifierKey } from "./vkey.ts";

/** Checks the checkpoints of an export: the latest, and those frozen in proofs and anchors. */
export class NoteChecker {
  readonly #keys: readonly VerifierKey[];
  readonly #size: number;
  readonly #hashAt: HashAt;
  readonly #roots = new Map<number, Promise<Buffer>>();
  readonly #seen: VerifiedCheckpoint[] = [];
  /** Witnesses, by vkey, with a valid line in any checkpoint. */
  readonly cosigners = new Set<string>();

  constructor(keys: readonly VerifierKey[], size: number, hashAt: HashAt) {
    this.#keys = keys;
    this.#size = size;
    this.#hashAt = hashAt;
  }

  /** Checkpoints of this very tree that had more than one signer: what a change of keys is followed by. */
  get handovers(): readonly VerifiedCheckpoint[] {
    return this.#seen;
  }

  /**
   * Checks signatures and form, and that the checkpoint's root is this tree's root at its size.
   *
   * @throws LedgerError
   */
  async check(text: string): Promise<VerifiedCheckpoint> {
    const checkpoint = this.open(text);
    if (checkpoint.size > this.#size) {
      throw new LedgerError(`a checkpoint of size ${checkpoint.size}, this export ends at ${this.#size}`);
    }
    if (!(await this.rootAt(checkpoint.size)).equals(checkpoint.root)) {
      throw new LedgerError(`the root at size ${checkpoint.size} is not the one this checkpoint signs`);
    }
    if (checkpoint.signedBy.length > 1) this.#seen.push(checkpoint);
    return checkpoint;
  }

  /**
   * Checks signatures and form.
   *
   * A line whose name or key id is a known key's, but not both, is a known line that was altered, so it is refused;
   * lines of keys wholly unknown are ignored, as the note format asks.
   *
   * @throws LedgerError
   */
  open(text: string): VerifiedCheckpoint {
    const checkpoint = verifyCheckpoint(text, this.#keys);
    for (const { name, keyId } of checkpoint.unknown) {
      if (this.#keys.some((key) => key.name === name || key.keyId === keyId)) {
        throw new LedgerError(`a signature line of ${name} by key ${keyId}, which the export does not name`);
      }
    }
    for (const { vkey } of checkpoint.cosignedBy) this.cosigners.add(vkey);
    return checkpoint;
  }

  /** This tree's root at a size, as its tiles have it. */
  rootAt(size: number): Promise<Buffer> {
    let root = this.#roots.get(size);
    if (root === undefined) {
      if (this.#roots.size >= ROOTS_KEPT) this.#roots.clear();
      root = rootAt(size, this.#hashAt);
      this.#roots.set(size, root);
    }
    return root;
  }
}

const ROOTS_KEPT = 1024;
