import { hash } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  canonicalJson,
  Edge,
  exportLedger,
  leafBytes,
  leafHash,
  sealPayloads,
  signCheckpoint,
  signingKey,
  type LedgerSource,
} from "../../src/ledger/index.ts";

export const ORIGIN = "ledger.example/bench";
export const key = signingKey(ORIGIN, "ed25519", Buffer.alloc(32, 1));

const made = new Map<number, Promise<string>>();

/** An export of so many leaves with payloads of 200 bytes, made once a process and gone with it. */
export function longExport(size: number): Promise<string> {
  const before = made.get(size);
  if (before !== undefined) return before;
  const making = writeExport(size);
  made.set(size, making);
  return making;
}

async function writeExport(size: number): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "bursar-bench-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const dir = join(scratch, "export");
  await exportLedger(sourceOf(size), dir);
  return dir;
}

/** Every leaf is made again when it is asked for: a million of them need not fit into memory. */
function sourceOf(size: number): LedgerSource {
  const edge = new Edge();
  for (let at = 0; at < size; at += 1) edge.append(leafHash(leafAt(at).leaf));
  return {
    checkpoint: signCheckpoint({ origin: ORIGIN, size, root: edge.root() }, [key]),
    vkeys: [key.vkey],
    async *leaves(from, to) {
      for (let at = from; at < to; at += 1) yield leafAt(at);
    },
  };
}

function leafAt(index: number) {
  const payload = canonicalJson(index === 0 ? genesis : recordOf(index));
  const bytes = hash("sha512", String(index), "buffer");
  const [seal] = sealPayloads([payload], () => bytes.subarray(0, 32));
  const leaf = leafBytes({
    at: "2026-01-02T03:04:05.000Z",
    c: seal!.commitment,
    id: bytes.toString("hex", 32, 48),
    prev: null,
    s: "usage_total",
    t: index === 0 ? "genesis" : "rec",
    v: 1,
    ver: 1,
  });
  return { index, leaf, salt: Buffer.from(seal!.salt), payload, erasedBy: null };
}

const genesis = { created_at: "2026-01-02T00:00:00.000Z", format: "ledger/1", origin: ORIGIN, vkeys: [key.vkey] };

export function recordOf(at: number): object {
  return {
    key: ["org_1234", "2025-08-01T00:00:00Z", `apikey_${at}`, "claude-x", null],
    data: { uncached_input_tokens: 1200 + at, output_tokens: at * 7, model: "claude-x", service_tier: "standard" },
    obs: at,
  };
}
