import { Failure } from "../domain/index.ts";
import {
  checkLine,
  formatContinuation,
  LedgerError,
  parseCheckpoint,
  parseSignatureLine,
  type VerifierKey,
} from "../ledger/index.ts";
import type { Outbound, OutboundAnswer } from "./outbound.ts";
import type { AnchorPost, Frozen, History } from "./way.ts";

export interface WitnessSetting {
  /** Submission prefix: `/add-checkpoint` is put behind it. */
  readonly url: URL;
  readonly key: VerifierKey;
}

/**
 * Somebody else who cosigns one history of each log only (C2SP tlog-witness).
 *
 * Its proof is its signature line, newline included.
 */
export function witness(outbound: Outbound, { url, key }: WitnessSetting): AnchorPost {
  const submit = async ({ note }: Frozen, old: number, hashes: readonly Buffer[]) =>
    outbound.send({
      method: "POST",
      url: below(url, "add-checkpoint"),
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: formatContinuation({ old, hashes, checkpoint: note }),
      largest: LARGEST,
    });
  return {
    kind: "witness",
    target: key.vkey,
    async hand(frozen, history) {
      const first = Math.min(history.seen, frozen.size);
      let answer = await submit(frozen, first, await history.consistency(first));
      const stands = standsAt(answer);
      if (stands !== null) {
        await refuseFork({ witness: key.name, frozen, history, stands, asked: first });
        answer = await submit(frozen, stands, await history.consistency(stands));
        const again = standsAt(answer);
        if (again !== null) await refuseFork({ witness: key.name, frozen, history, stands: again, asked: stands });
      }
      if (answer.status === 200) return cosignature(answer, frozen, key, url.host);
      throw refusal(answer, frozen, key, url.host);
    },
  };
}

const LARGEST = 64 * 1024;

/** The size that a conflict names, or null when the answer is none. */
function standsAt({ status, contentType, body }: OutboundAnswer): number | null {
  const size = /^(0|[1-9]\d{0,14})\n?$/.exec(body.toString("latin1"))?.[1];
  return status === 409 && contentType === "text/x.tlog.size" && size !== undefined ? Number(size) : null;
}

/**
 * A witness that stands where we have never been has cosigned another log of this name, or ours was rolled back; one
 * that stands exactly here and still refuses has another root. Both are alarms.
 *
 * @throws Failure `ledger.forked`; `anchor.unreachable` when only this checkpoint is old
 */
async function refuseFork(seen: {
  readonly witness: string;
  readonly frozen: Frozen;
  readonly history: History;
  readonly stands: number;
  readonly asked: number;
}): Promise<void> {
  const { witness, frozen, history, stands, asked } = seen;
  if (stands === frozen.size && asked === frozen.size) {
    throw new Failure("ledger.forked", { witness, problem: `it cosigned another tree of ${stands} leaves` });
  }
  if (stands <= frozen.size) return;
  const signed = await history.signedSize();
  if (stands > signed) {
    throw new Failure("ledger.forked", { witness, problem: `it has seen ${stands} leaves, signed are ${signed}` });
  }
  throw new Failure("anchor.unreachable", { host: witness, problem: "it has a newer checkpoint than this one" });
}

/** @throws Failure `anchor.unusable` unless its own line is there and all of its lines are good */
function cosignature({ body }: OutboundAnswer, { note }: Frozen, key: VerifierKey, host: string) {
  const unusable = (problem: string, cause?: unknown) =>
    new Failure("anchor.unusable", { host, problem }, cause === undefined ? undefined : { cause });
  const text = body.toString("utf8");
  if (!text.endsWith("\n")) throw unusable("no signature lines");
  const checkpoint = parseCheckpoint(note);
  let found: { line: string; time: number } | null = null;
  try {
    for (const line of text.slice(0, -1).split("\n").map(parseSignatureLine)) {
      // Lines of keys that nobody named say nothing.
      if (line.name !== key.name || line.keyId !== key.keyId) continue;
      const time = checkLine(key, line, checkpoint.body) ?? 0;
      found ??= { line: line.line, time };
    }
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw unusable(cause.message, cause);
  }
  if (found === null) throw unusable(`no line by the key ${key.keyId} of ${key.name}`);
  return {
    state: "cosigned" as const,
    proof: Buffer.from(`${found.line}\n`),
    facts: { by: key.name, at: new Date(found.time * 1000).toISOString() },
  };
}

function refusal({ status }: OutboundAnswer, { origin }: Frozen, { name }: VerifierKey, host: string): Failure {
  switch (status) {
    case 422:
      return new Failure("ledger.forked", { witness: name, problem: "our proof does not continue what it has seen" });
    case 403:
      return new Failure("anchor.misconfigured", {
        host,
        problem: "it does not know the key that signs",
        remedy: `Give the operator of ${name} the log's vkey.`,
      });
    case 404:
      return new Failure("anchor.misconfigured", {
        host,
        problem: `it does not know the origin ${origin}, or nothing is there`,
        remedy: `Give the operator of ${name} the log's origin and vkey, and check the address.`,
      });
    default:
      return new Failure("anchor.unreachable", { host, problem: `status ${status}` });
  }
}

/** A path below a prefix, with or without a slash at its end. */
export function below(prefix: URL, path: string): URL {
  return new URL(`${prefix.href.replace(/\/+$/, "")}/${path}`);
}
