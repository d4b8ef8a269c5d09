import { isUtf8 } from "node:buffer";
import { parseCanonical } from "./canonical.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { commitment, SALT_BYTES } from "./commitment.ts";
import { LedgerError } from "./error.ts";
import { messageOf, type Findings } from "./findings.ts";
import { NEVER_ERASED, type Leaf } from "./leaf.ts";
import { noFacts, type PayloadFacts } from "./payload-facts.ts";
import { parseDecimal } from "./spelling.ts";
import { parseVkey } from "./vkey.ts";

/** Checks payload files line by line, and notes what other files are held against. */
export class PayloadChecker {
  readonly #findings: Findings;
  readonly #origin: string;
  readonly #salt = Buffer.alloc(SALT_BYTES);
  #facts = noFacts();

  constructor(findings: Findings, origin: string) {
    this.#findings = findings;
    this.#origin = origin;
  }

  /** All that was noted since this was last asked for. */
  takeFacts(): PayloadFacts {
    const facts = this.#facts;
    this.#facts = noFacts();
    return facts;
  }

  /**
   * Checks a whole payload file.
   *
   * @param leaves the leaves it belongs to; undefined where a leaf could not be read
   */
  checkFile(file: string, bytes: Buffer, first: number, leaves: readonly (Leaf | undefined)[]): void {
    if (!isUtf8(bytes)) {
      this.#findings.add(file, "is not UTF-8");
      return;
    }
    let at = 0;
    for (const [place, leaf] of leaves.entries()) {
      const index = first + place;
      const end = bytes.indexOf(NEWLINE, at);
      if (end < 0) {
        this.#findings.add(file, `ends before the line of leaf ${index}`, index);
        return;
      }
      try {
        this.#checkLine(bytes.subarray(at, end), index, leaf);
      } catch (error) {
        this.#findings.add(file, messageOf(error), index);
      }
      at = end + 1;
    }
    if (at !== bytes.length) this.#findings.add(file, "goes on after its last line");
  }

  #checkLine(line: Buffer, index: number, leaf: Leaf | undefined): void {
    const name = `${index} `;
    const head = line.toString("latin1", 0, name.length + SALT_AND_SPACE);
    if (!head.startsWith(name)) throw new LedgerError(`a line that does not begin with ${index} and a space`);
    const salt = head.slice(name.length);
    if (!/^[0-9a-f]{64} $/.test(salt)) {
      const rest = line.toString("latin1", name.length);
      if (!rest.startsWith("erased ")) throw new LedgerError("a line that is neither salt and payload nor `erased`");
      this.checkErased(index, leaf, parseDecimal(rest.slice("erased ".length)));
      return;
    }
    this.#salt.write(salt, "hex");
    this.checkPayload(index, leaf, this.#salt, line.subarray(name.length + SALT_AND_SPACE));
  }

  /**
   * Checks the payload of one leaf, wherever it stands. Called in the order of the leaves, as is `checkErased`.
   *
   * @throws LedgerError
   */
  checkPayload(index: number, leaf: Leaf | undefined, salt: Uint8Array, payload: Buffer): void {
    if (leaf !== undefined && commitment(salt, payload) !== leaf.c) {
      throw new LedgerError("payload and salt are not what the leaf commits to");
    }
    const value = parseCanonical(payload.toString("utf8"));
    if (leaf !== undefined) this.#checkMeaning(index, leaf, value);
  }

  /** Notes that leaf `by` is said to have erased this one's payload. @throws LedgerError */
  checkErased(index: number, leaf: Leaf | undefined, by: number): void {
    if (leaf !== undefined && NEVER_ERASED.has(leaf.t))
      throw new LedgerError(`a ${leaf.t} payload can never be erased`);
    this.#facts.missing.push({ index, by });
  }

  #checkMeaning(index: number, leaf: Leaf, payload: unknown): void {
    switch (leaf.t) {
      case "genesis":
        this.#checkGenesis(index, membersOf(payload));
        break;
      case "key":
        this.#declare(index, membersOf(payload).get("vkeys"));
        break;
      case "erase":
        this.#checkErase(index, membersOf(payload).get("leaves"));
        break;
      case "anchor":
        this.#noteAnchor(membersOf(payload));
        break;
      default:
        membersOf(payload);
    }
  }

  #checkGenesis(index: number, payload: ReadonlyMap<string, unknown>): void {
    if (payload.get("format") !== "ledger/1") throw new LedgerError("a genesis of another format than ledger/1");
    if (payload.get("origin") !== this.#origin)
      throw new LedgerError("a genesis of another origin than the checkpoint");
    if (typeof payload.get("created_at") !== "string") throw new LedgerError("a genesis without created_at");
    const predecessor = payload.get("predecessor");
    if (predecessor !== undefined) {
      const checkpoint = membersOf(predecessor).get("checkpoint");
      if (typeof checkpoint !== "string") throw new LedgerError("a predecessor without its checkpoint");
      parseCheckpoint(checkpoint);
    }
    this.#declare(index, payload.get("vkeys"));
  }

  #declare(index: number, vkeys: unknown): void {
    if (!Array.isArray(vkeys) || vkeys.length === 0) throw new LedgerError("a payload that names no vkeys");
    const texts = vkeys.map((vkey: unknown) => {
      const key = parseVkey(String(vkey));
      if (key.type !== "ed25519" || key.name !== this.#origin) throw new LedgerError("a vkey that is not this log's");
      return key.vkey;
    });
    this.#facts.declared.push({ index, vkeys: texts });
  }

  #checkErase(index: number, leaves: unknown): void {
    if (!Array.isArray(leaves)) throw new LedgerError("an erase payload without the leaves it erases");
    const indices = leaves.map(Number);
    if (leaves.some((leaf) => typeof leaf !== "number") || indices.some((leaf) => leaf < 0 || leaf >= index)) {
      throw new LedgerError("an erase payload that names a leaf which is not before it");
    }
    this.#facts.named.push({ by: index, leaves: indices });
  }

  #noteAnchor(payload: ReadonlyMap<string, unknown>): void {
    const size = payload.get("size");
    for (const hash of [payload.get("checkpoint_sha256"), payload.get("proof_sha256")]) {
      if (typeof size === "number" && typeof hash === "string") this.#facts.anchored.push(`${size} ${hash}`);
    }
  }
}

const NEWLINE = 0x0a;
const SALT_AND_SPACE = 2 * SALT_BYTES + 1;

/** Members by name: a Map, so that a member called `__proto__` is only a member. */
function membersOf(payload: unknown): ReadonlyMap<string, unknown> {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw new LedgerError("a payload that is not an object");
  }
  return new Map<string, unknown>(Object.entries(payload));
}
