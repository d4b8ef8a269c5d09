import type { X509Certificate } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseCertificates, tidyCertificates } from "./certificates.ts";
import { parseCheckpoint, verifyCheckpoint, type VerifiedCheckpoint } from "./checkpoint.ts";
import { LedgerError } from "./error.ts";
import { exportedHashes } from "./exported-hashes.ts";
import { Findings, type VerifyFailure } from "./findings.ts";
import type { LeafKind } from "./leaf.ts";
import { GatheredFacts } from "./payload-facts.ts";
import { ScratchFile } from "./scratch-file.ts";
import { checkAnchors, checkConsistency, checkProofs } from "./verify-evidence.ts";
import { ExportFolder, hasPayloads } from "./verify-files.ts";
import { noLeaves } from "./verify-leaves.ts";
import { NoteChecker } from "./verify-notes.ts";
import type { StampReport } from "./verify-stamps.ts";
import { checkTree, type TreeContext } from "./verify-tree.ts";
import { checkPartsIn } from "./verify-workers.ts";
import { parseVkey, type SignatureType, type VerifierKey } from "./vkey.ts";

export interface VerifyOptions {
  /**
   * The log's vkey as the reader knows it **from elsewhere**; several when it has changed. Without it the key is taken
   * from the export, which then only proves that the export is whole, not whose it is.
   */
  readonly vkey?: string | readonly string[];
  /** A checkpoint kept from an earlier time: the export must continue that very history. */
  readonly checkpoint?: string;
  /** vkeys of witnesses the reader trusts: so many of them as `quorum` says must have cosigned the latest checkpoint. */
  readonly witnesses?: readonly string[];
  /** Default: all of `witnesses`. */
  readonly quorum?: number;
  /** Certificates of time stamp authorities **from elsewhere**, PEM. Without them those in the export are used. */
  readonly authorities?: string;
  readonly progress?: (leaves: number, size: number) => void;
  /** How many threads may check a large export at once. Default 1: the caller's own. */
  readonly threads?: number;
}

/** What an export turned out to be. */
export interface VerifyReport {
  /** Whether every byte was checked and nothing is wrong. */
  readonly ok: boolean;
  readonly origin: string;
  readonly size: number;
  /** Root of the signed tree, lower-case hex. */
  readonly root: string;
  readonly leaves: Readonly<Record<LeafKind, number>>;
  /** False when the export holds no payloads: then the leaves are proved, what they stand for was not looked at. */
  readonly contentChecked: boolean;
  /** How many leaves' payloads were erased. */
  readonly erased: number;
  /** vkeys of the log whose signature of the latest checkpoint verifies. */
  readonly signedBy: readonly string[];
  /** Witnesses whose cosignature of the latest checkpoint verifies; time in seconds since 1970. */
  readonly cosignedBy: readonly { readonly name: string; readonly time: number }[];
  /** Stamps on earlier checkpoints, and what each says; those that could not be read stand among the failures. */
  readonly stamps: readonly StampReport[];
  /** The first hundred failures. */
  readonly failures: readonly VerifyFailure[];
  readonly failureCount: number;
  /** What the reader must know to judge the result. */
  readonly notes: readonly string[];
}

/**
 * Checks an exported ledger, every byte of it, trusting nothing in it but the key.
 *
 * One spelling only is accepted: lower-case hex, canonical base64, canonical JSON, no unknown file. Memory does not
 * grow with the export but for a bit a leaf where payloads were erased: above some ten thousand leaves, what has to be
 * known of all of them (48 bytes each, no content) waits in a temporary file, and in memory only where none can be made.
 *
 * Never throws for what is in the folder.
 *
 * @throws LedgerError when an option is not a vkey or a checkpoint, or when there is no folder.
 */
export async function verifyExport(dir: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const trusted = [options.vkey ?? []].flat().map(parseVkey);
  const kept = options.checkpoint === undefined ? undefined : parseCheckpoint(options.checkpoint);
  const watched = parseWitnesses(options);
  const authorities = options.authorities === undefined ? undefined : readAuthorities(options.authorities);
  const folder = new ExportFolder(resolve(dir));
  if (!(await stat(folder.path).catch(() => undefined))?.isDirectory()) throw new LedgerError(`${dir} is no folder`);

  const findings = new Findings();
  const keys = await readKeys(folder, findings);
  const [text, latest] = await readLatest(folder, findings, [...keys.log, ...trusted]);
  if (latest === undefined || !(await folder.findStrangers(latest.size, findings))) return failed(findings, latest);

  const all = distinct([...keys.log, ...trusted, ...keys.witnesses, ...watched.keys]);
  const notes = new NoteChecker(all, latest.size, exportedHashes(folder.path, latest.size));
  const scratch = new ScratchFile();
  const facts = (await hasPayloads(folder)) ? new GatheredFacts(scratch) : null;
  const { origin, size } = latest;
  const threads = options.threads ?? 1;
  const counts = await checkLeaves(latest.root, {
    folder,
    findings,
    facts,
    scratch,
    origin,
    size,
    progress: options.progress,
    checkParts: (orders) => checkPartsIn(threads, orders),
  });

  const signed = await findings.guard("checkpoint", () => notes.check(text));
  const evidence = { folder, findings, notes, keys: all, facts };
  await checkProofs(evidence);
  await checkConsistency(evidence);
  const stamps = await checkAnchors(evidence, authorities);
  checkKeys(keys, notes, facts, findings);
  if (signed !== undefined) checkTrust(signed, trusted, notes, facts, findings);
  if (signed !== undefined) checkQuorum(signed, watched, findings);
  if (options.checkpoint !== undefined) {
    const { checkpoint } = options;
    await findings.guard("checkpoint", () => continues(checkpoint, notes, latest.size));
  }

  return {
    ok: findings.count === 0,
    origin: latest.origin,
    size: latest.size,
    root: latest.root.toString("hex"),
    leaves: counts,
    contentChecked: facts !== null || latest.size === 0,
    erased: facts?.erasures.count ?? 0,
    signedBy: signed?.signedBy ?? [],
    cosignedBy: (signed?.cosignedBy ?? []).map(({ name, time }) => ({ name, time })),
    stamps,
    failures: findings.kept,
    failureCount: findings.count,
    notes: remarks({
      trusted,
      kept,
      hasPayloads: facts !== null,
      stamps,
      watched,
      cosigned: signed?.cosignedBy.length ?? 0,
      size: latest.size,
    }),
  };
}

/** The leaves and what they commit to, up to the root. */
async function checkLeaves(signed: Buffer, context: TreeContext): Promise<Record<LeafKind, number>> {
  const { findings, facts, scratch } = context;
  try {
    const { root, counts } = await checkTree(context);
    if (!root.equals(signed)) findings.add("checkpoint", "signs another root than that of the leaves");
    facts?.erasures.check(findings);
    return counts;
  } finally {
    scratch.close();
  }
}

interface Keys {
  readonly log: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
}

async function readKeys(folder: ExportFolder, findings: Findings): Promise<Keys> {
  const log = await findings.guard("vkey", async () => parseKeys(folder.readText("vkey"), "ed25519"));
  const witnesses = await findings.guard("witness-vkey", async () => {
    const text = folder.readTextIfThere("witness-vkey");
    return text === undefined ? [] : parseKeys(text, "cosignature");
  });
  return { log: log ?? [], witnesses: witnesses ?? [] };
}

function parseKeys(text: string, type: SignatureType): VerifierKey[] {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length === 0) throw new LedgerError("is not one vkey a line");
  const keys = lines.map(parseVkey);
  if (keys.some((key) => key.type !== type)) throw new LedgerError("holds a key of another kind");
  if (distinct(keys).length !== keys.length) throw new LedgerError("names a key twice");
  return keys;
}

async function readLatest(
  folder: ExportFolder,
  findings: Findings,
  keys: readonly VerifierKey[],
): Promise<[text: string, latest: VerifiedCheckpoint | undefined]> {
  let text = "";
  const latest = await findings.guard("checkpoint", async () => {
    text = folder.readText("checkpoint");
    const checkpoint = verifyCheckpoint(text, keys);
    if (keys.some(({ name }) => name !== checkpoint.origin)) {
      throw new LedgerError("is of another origin than the keys");
    }
    return checkpoint;
  });
  return [text, latest];
}

/** The key files must name exactly the keys that the log declares, and the witnesses that have cosigned. */
function checkKeys(keys: Keys, notes: NoteChecker, facts: GatheredFacts | null, findings: Findings): void {
  for (const { vkey, name } of keys.witnesses) {
    if (!notes.cosigners.has(vkey)) findings.add("witness-vkey", `names ${name}, which has cosigned nothing here`);
  }
  if (facts === null || facts.declared.length === 0) return;
  const declared = new Set(facts.declared.flatMap(({ vkeys }) => vkeys));
  const named = new Set(keys.log.map(({ vkey }) => vkey));
  if (declared.size !== named.size || [...declared].some((vkey) => !named.has(vkey))) {
    findings.add("vkey", "does not name exactly the keys that the genesis and key leaves declare");
  }
}

/**
 * The latest checkpoint must be signed by a key the reader knows, or by one that such a key has vouched for: a
 * checkpoint signed by both, of a tree that holds the `key` leaf of the newer.
 */
function checkTrust(
  latest: VerifiedCheckpoint,
  trusted: readonly VerifierKey[],
  notes: NoteChecker,
  facts: GatheredFacts | null,
  findings: Findings,
): void {
  if (trusted.length === 0) return;
  const known = new Set(trusted.map(({ vkey }) => vkey));
  const handovers = [...notes.handovers].sort((a, b) => a.size - b.size);
  for (const { signedBy, size } of handovers) {
    if (!signedBy.some((vkey) => known.has(vkey))) continue;
    const declared = (facts?.declared ?? []).filter(({ index }) => index < size);
    const vouched = new Set(declared.flatMap(({ vkeys }) => vkeys));
    for (const vkey of signedBy) if (vouched.has(vkey)) known.add(vkey);
  }
  if (!latest.signedBy.some((vkey) => known.has(vkey))) {
    findings.add("checkpoint", "is not signed by the key you gave, nor by one it has vouched for");
  }
}

interface Watched {
  readonly keys: readonly VerifierKey[];
  readonly quorum: number;
}

function parseWitnesses({ witnesses = [], quorum }: VerifyOptions): Watched {
  const keys = distinct(witnesses.map(parseVkey));
  if (keys.some(({ type }) => type !== "cosignature"))
    throw new LedgerError("the vkey of a witness is of another kind");
  if (quorum !== undefined && (quorum < 1 || quorum > keys.length)) {
    throw new LedgerError(`a quorum of ${quorum} of ${keys.length} witnesses`);
  }
  return { keys, quorum: quorum ?? keys.length };
}

function readAuthorities(pem: string): X509Certificate[] {
  return parseCertificates(tidyCertificates(pem));
}

/** One history for all: so many witnesses have seen this checkpoint, each of which cosigns one history only. */
function checkQuorum({ cosignedBy }: VerifiedCheckpoint, { keys, quorum }: Watched, findings: Findings): void {
  const cosigned = keys.filter((key) => cosignedBy.some(({ vkey }) => vkey === key.vkey));
  if (cosigned.length < quorum) {
    findings.add(
      "checkpoint",
      `is cosigned by ${cosigned.length} of the ${keys.length} witnesses you named, not by ${quorum}`,
    );
  }
}

async function continues(checkpoint: string, notes: NoteChecker, size: number): Promise<void> {
  const kept = notes.open(checkpoint);
  if (kept.size > size) {
    throw new LedgerError(
      `ends at ${size} while the checkpoint you kept is of ${kept.size}: the log was cut or rolled back`,
    );
  }
  if (!(await notes.rootAt(kept.size)).equals(kept.root)) {
    throw new LedgerError(`is of another history than the checkpoint of ${kept.size} that you kept`);
  }
}

function remarks(facts: {
  trusted: readonly VerifierKey[];
  kept: { readonly size: number } | undefined;
  hasPayloads: boolean;
  stamps: readonly StampReport[];
  watched: Watched;
  cosigned: number;
  size: number;
}): string[] {
  const notes: string[] = [];
  if (facts.trusted.length === 0) {
    notes.push("The key was taken from the ledger itself: compare vkey with the one you know from elsewhere.");
  }
  if (!facts.hasPayloads && facts.size > 0) {
    notes.push("There are no payloads in this export: the content was not checked.");
  }
  if (facts.kept === undefined && facts.watched.keys.length === 0) {
    notes.push("No earlier checkpoint was given: a history rewritten by the holder of the key would not be noticed.");
  }
  if (facts.cosigned > 0 && facts.watched.keys.length === 0) {
    notes.push("The witnesses' keys were taken from the ledger itself: compare witness-vkey with those you know.");
  }
  if (facts.stamps.length > 0 && !facts.hasPayloads) {
    notes.push("Whether the log recorded these stamps was not checked: that stands in the payloads.");
  }
  return [...notes, ...stampNotes(facts.stamps)];
}

/** What a stamp leaves open, once for each thing that is open; of a great many only the newest. */
function stampNotes(stamps: readonly StampReport[]): string[] {
  const open = stamps.flatMap(({ size, notChecked }) => notChecked.map((what) => ({ size, what })));
  const newest = new Map(open.map(({ size, what }) => [what, size]));
  return [...newest]
    .slice(-STAMP_NOTES)
    .map(([what, size]) => `Not checked for the stamp on the checkpoint of ${size}: ${what}.`);
}

function failed(findings: Findings, latest: VerifiedCheckpoint | undefined): VerifyReport {
  return {
    ok: false,
    origin: latest?.origin ?? "",
    size: latest?.size ?? 0,
    root: latest?.root.toString("hex") ?? "",
    leaves: noLeaves(),
    contentChecked: false,
    erased: 0,
    signedBy: latest?.signedBy ?? [],
    cosignedBy: [],
    stamps: [],
    failures: findings.kept,
    failureCount: findings.count,
    notes: ["The export could not be read further: nothing else was checked."],
  };
}

function distinct(keys: readonly VerifierKey[]): VerifierKey[] {
  return [...new Map(keys.map((key) => [key.vkey, key])).values()];
}

const STAMP_NOTES = 20;
