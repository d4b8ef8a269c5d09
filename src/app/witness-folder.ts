import { hash } from "node:crypto";
import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

import { Failure, type Clock, type Random } from "../domain/index.ts";
import {
  cosignNote,
  isOrigin,
  judgeContinuation,
  LedgerError,
  parseCheckpoint,
  parseVkey,
  replaceFile,
  signingKey,
  type Checkpoint,
  type SigningKey,
  type VerifierKey,
  type WitnessVerdict,
} from "../ledger/index.ts";
import { holderIsGone, holderName } from "./holder.ts";

export interface WitnessOptions {
  /** Made when it is not there. */
  readonly dir: string;
  /** Of a witness that is made; one that is there has its name for ever. */
  readonly name: string | undefined;
  /** vkeys of logs to watch from now on, besides those watched already. */
  readonly logs: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

/** Cosignature lines, or why there are none. */
export type WitnessAnswer =
  | { readonly verdict: "cosigned"; readonly lines: string }
  | Exclude<WitnessVerdict, { readonly verdict: "cosign" }>;

/** A log that is watched, and how far it was seen. */
export interface WatchedLog {
  readonly origin: string;
  readonly size: number;
}

/**
 * A witness for other people's logs, in a folder of its own: its key, the keys of the logs, and the last checkpoint it
 * cosigned of each.
 *
 * What it has seen is on the disk before it signs, so that no crash makes it sign two histories.
 */
export class WitnessFolder {
  readonly #dir: string;
  readonly #key: SigningKey;
  readonly #logs: ReadonlyMap<string, readonly VerifierKey[]>;
  readonly #clock: Clock;
  /** One question at a time: looking and keeping must not be torn apart. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(dir: string, key: SigningKey, logs: readonly VerifierKey[], clock: Clock) {
    this.#dir = dir;
    this.#key = key;
    this.#logs = Map.groupBy(logs, ({ name }) => name);
    this.#clock = clock;
  }

  /** @throws Failure `input.invalid`, `app.config` */
  static async open({ dir, name, logs, clock, random }: WitnessOptions): Promise<WitnessFolder> {
    await mkdir(join(dir, COSIGNED), { recursive: true, mode: 0o700 });
    await lock(dir);
    try {
      const key = await openKey(dir, name, random);
      return new WitnessFolder(dir, key, await watch(dir, logs), clock);
    } catch (thrown) {
      await rm(join(dir, LOCK), { force: true });
      throw thrown;
    }
  }

  get vkey(): string {
    return this.#key.vkey;
  }

  get name(): string {
    return this.#key.name;
  }

  async watched(): Promise<WatchedLog[]> {
    return Promise.all(
      [...this.#logs.keys()].map(async (origin) => ({ origin, size: (await this.#latest(origin))?.size ?? 0 })),
    );
  }

  /** Answers what a log sent. @throws Error when what was seen before cannot be read: then nothing is signed */
  answer(text: string): Promise<WitnessAnswer> {
    const answering = this.#turn.then(() => this.#answer(text));
    this.#turn = answering.catch(() => {});
    return answering;
  }

  async close(): Promise<void> {
    await this.#turn;
    await rm(join(this.#dir, LOCK), { force: true });
  }

  async #answer(text: string): Promise<WitnessAnswer> {
    const verdict = await judgeContinuation(
      text,
      (origin) => this.#logs.get(origin) ?? [],
      (origin) => this.#latest(origin),
    );
    if (verdict.verdict !== "cosign") return verdict;
    const { origin, body } = verdict.checkpoint;
    // Kept first: what is signed and forgotten could be contradicted by the next signature.
    await replaceFile(this.#place(origin), verdict.note, 0o600);
    return { verdict: "cosigned", lines: cosignNote(body, this.#key, Math.floor(this.#clock.now() / 1000)) };
  }

  async #latest(origin: string): Promise<Checkpoint | null> {
    const text = await readIfThere(this.#place(origin));
    if (text === null) return null;
    const checkpoint = parseCheckpoint(text);
    if (checkpoint.origin !== origin) throw new LedgerError("a kept checkpoint of another log");
    return checkpoint;
  }

  #place(origin: string): string {
    return join(this.#dir, COSIGNED, hash("sha256", origin, "hex"));
  }
}

const KEY = "witness-key";
const LOGS = "logs";
const LOCK = "lock";
const COSIGNED = "cosigned";
const SEED_BYTES = 32;

async function openKey(dir: string, name: string | undefined, random: Random): Promise<SigningKey> {
  const path = join(dir, KEY);
  const kept = await readIfThere(path);
  if (kept === null) {
    if (name === undefined || !isOrigin(name)) {
      throw new Failure("input.invalid", {
        field: "--name",
        problem: "a new witness needs a name: visible characters without a space, a plus or a scheme",
        remedy: "Give one such as --name witness.example.com/audit; it is the witness's for ever.",
      });
    }
    const seed = random.bytes(SEED_BYTES);
    await replaceFile(path, `${name}\n${seed.toString("hex")}\n`, 0o600);
    return signingKey(name, "cosignature", seed);
  }
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new Failure("app.config", { field: path, problem: "others may read this key; make its mode 0600" });
  }
  const [kepName = "", hex = ""] = kept.split("\n");
  if (!isOrigin(kepName) || !/^[0-9a-f]{64}$/.test(hex)) {
    throw new Failure("app.config", { field: path, problem: "it is not the key of a witness" });
  }
  if (name !== undefined && name !== kepName) {
    throw new Failure("input.invalid", {
      field: "--name",
      problem: `this witness is called ${kepName}`,
      remedy: "Leave it out: a witness keeps its name.",
    });
  }
  return signingKey(kepName, "cosignature", Buffer.from(hex, "hex"));
}

/** The keys of the logs to watch, with those that are new. A log that changed its key has several. */
async function watch(dir: string, more: readonly string[]): Promise<VerifierKey[]> {
  const path = join(dir, LOGS);
  const kept = (await readIfThere(path))?.split("\n").filter((line) => line !== "") ?? [];
  const vkeys = [...new Set([...kept, ...more])];
  const keys = vkeys.map((vkey) => logKey(vkey, kept.includes(vkey) ? path : "--log"));
  if (vkeys.length > kept.length) await replaceFile(path, vkeys.map((vkey) => `${vkey}\n`).join(""), 0o600);
  return keys;
}

function logKey(vkey: string, field: string): VerifierKey {
  const wrong = (problem: string) =>
    new Failure("input.invalid", { field, problem, remedy: "Give the log's vkey, NAME+KEYID+KEY." });
  try {
    const key = parseVkey(vkey);
    if (key.type !== "ed25519") throw wrong("this is the vkey of a witness, not of a log");
    return key;
  } catch (thrown) {
    if (thrown instanceof LedgerError) throw wrong(thrown.message);
    throw thrown;
  }
}

/** Two programs on one folder could each sign another history. */
async function lock(dir: string): Promise<void> {
  const path = join(dir, LOCK);
  const holder = holderName("witness", hostname());
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(holder);
    await file.close();
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
    const other = (await readIfThere(path)) ?? "";
    if (!holderIsGone(hostname())(other)) {
      const problem = `another program watches with this folder (${other}); if none does, remove ${path}`;
      throw new Failure("app.config", { field: dir, problem }, { cause: thrown });
    }
    await replaceFile(path, holder, 0o600);
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    throw thrown;
  }
}
