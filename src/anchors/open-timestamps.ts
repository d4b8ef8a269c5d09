import { Failure, isFailure, type Random } from "../domain/index.ts";
import {
  applyOts,
  attestationsOf,
  formatOts,
  graftOts,
  LedgerError,
  mergeOts,
  parseOts,
  readOtsStamp,
  stampThrough,
  type OtsOperation,
  type OtsStamp,
} from "../ledger/index.ts";
import { readBlockHeader, type BlockHeader } from "./block-header.ts";
import type { Outbound } from "./outbound.ts";
import { below } from "./witness.ts";
import type { AnchorPost, Handed } from "./way.ts";

export interface CalendarSetting {
  readonly calendars: readonly URL[];
  /** A node or an explorer that headers of Bitcoin blocks are asked of; null: they are not checked. */
  readonly headers: URL | null;
}

/**
 * Calendars that put digests into Bitcoin blocks (OpenTimestamps). The proof is an `.ots` file.
 *
 * Only configured calendars are ever asked: an address that stands in a proof is compared with them, not followed.
 */
export function openTimestamps(outbound: Outbound, random: Random, setting: CalendarSetting): AnchorPost {
  return {
    kind: "ots",
    target: "calendars",
    hand: ({ digest }) => stamp({ outbound, setting, headerOf: headerReader(outbound, setting) }, digest, random),
    // Once in a block it waits for nothing but a look at that block's header.
    isOpen: (state, facts) =>
      state === "pending" || (state === "confirmed" && facts["headerChecked"] !== true && setting.headers !== null),
    async goOn(proof) {
      const asking = { outbound, setting, headerOf: headerReader(outbound, setting) };
      const before = parseOts(proof);
      const grown = isInBlock(before) ? before : await upgraded(asking, before);
      const handed = await judged(asking, grown);
      const isNew = handed.facts["headerChecked"] === true || !formatOts(grown).equals(proof);
      return isNew ? handed : null;
    },
  };
}

interface Asking {
  readonly outbound: Outbound;
  readonly setting: CalendarSetting;
  /** Null when there is nobody to ask, or nobody answers. */
  readonly headerOf: (height: number) => Promise<BlockHeader | null>;
}

const MEDIA_TYPE = "application/vnd.opentimestamps.v1";
// As other clients have it.
const LARGEST = 10_000;
const NONCE_BYTES = 16;

async function stamp(asking: Asking, digest: Buffer, random: Random): Promise<Handed> {
  // A calendar publishes what it is sent: behind a nonce that says nothing about the checkpoint.
  const nonce: OtsOperation = { name: "append", bytes: random.bytes(NONCE_BYTES) };
  const salted = applyOts(nonce, digest);
  const sent = applyOts({ name: "sha256" }, salted);
  const answers = await Promise.allSettled(asking.setting.calendars.map((calendar) => submit(asking, calendar, sent)));
  const taken = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const [first, ...more] = taken;
  if (first === undefined) throw failureOf(answers);
  const merged = stampThrough(digest, nonce, stampThrough(salted, { name: "sha256" }, more.reduce(mergeOts, first)));
  return judged(asking, merged);
}

async function submit(asking: Asking, calendar: URL, sent: Buffer): Promise<OtsStamp> {
  const { outbound, setting } = asking;
  const { host } = calendar;
  const url = below(calendar, "digest");
  const { status, body } = await outbound.send({ method: "POST", url, headers: ASKING, body: sent, largest: LARGEST });
  if (status !== 200) throw new Failure("anchor.unreachable", { host, problem: `status ${status}` });
  const answer = await readAnswer(asking, body, sent, host);
  const known = [...attestationsOf(answer)].some(
    ({ attestation }) =>
      attestation.kind === "bitcoin" ||
      (attestation.kind === "pending" && calendarOf(setting, attestation.uri) !== undefined),
  );
  if (!known) {
    throw new Failure("anchor.unusable", { host, problem: "its answer names no calendar that is configured" });
  }
  return answer;
}

/** Asks each calendar that the proof is pending at, and grafts what came of it. */
async function upgraded(asking: Asking, before: OtsStamp): Promise<OtsStamp> {
  const { outbound, setting } = asking;
  const pending = [...attestationsOf(before)].flatMap(({ message, attestation }) => {
    const calendar = attestation.kind === "pending" ? calendarOf(setting, attestation.uri) : undefined;
    return calendar === undefined ? [] : [{ message, calendar }];
  });
  if (pending.length === 0) {
    throw new Failure("anchor.misconfigured", {
      host: "OpenTimestamps",
      problem: "the calendars that hold it are not configured any more",
      remedy: "Add them to the calendars again (Settings, Anchors).",
    });
  }
  const answers = await Promise.allSettled(
    pending.map(async ({ message, calendar }) => {
      const url = below(calendar, `timestamp/${message.toString("hex")}`);
      const { status, body } = await outbound.send({ method: "GET", url, headers: ASKING, largest: LARGEST });
      if (status === 404) return null;
      if (status !== 200) throw new Failure("anchor.unreachable", { host: calendar.host, problem: `status ${status}` });
      return readAnswer(asking, body, message, calendar.host);
    }),
  );
  const grafts = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  if (grafts.length === 0) throw failureOf(answers);
  return grafts.reduce<OtsStamp>((stamp, graft) => (graft === null ? stamp : graftOts(stamp, graft)), before);
}

/** What a proof amounts to: the earliest block it leads to, or what it waits for. */
async function judged({ headerOf }: Asking, proof: OtsStamp): Promise<Handed> {
  const bytes = formatOts(proof);
  const [height] = blocksOf(proof)
    .map((block) => block.height)
    .toSorted((a, b) => a - b);
  if (height === undefined) {
    const at = [...attestationsOf(proof)].flatMap(({ attestation }) =>
      attestation.kind === "pending" ? [attestation.uri] : [],
    );
    return { state: "pending", proof: bytes, facts: { at: [...new Set(at)] } };
  }
  const header = await headerOf(height);
  const blockAt = header === null ? null : new Date(header.atMs).toISOString();
  return { state: "confirmed", proof: bytes, facts: { height, headerChecked: header !== null, blockAt } };
}

/**
 * Reads a calendar's answer. A block whose header says otherwise is worth nothing; where nobody is there to show the
 * header, the block stands as not checked.
 */
async function readAnswer(
  { headerOf }: Pick<Asking, "headerOf">,
  body: Buffer,
  message: Buffer,
  host: string,
): Promise<OtsStamp> {
  const unusable = (problem: string, cause?: unknown) => new Failure("anchor.unusable", { host, problem }, { cause });
  let answer: OtsStamp;
  try {
    answer = readOtsStamp(body, message);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw unusable(cause.message, cause);
  }
  for (const { height, root } of blocksOf(answer)) {
    if (root.length !== 32) throw unusable("a block for what is no Merkle root");
    const header = await headerOf(height);
    if (header !== null && !header.merkleRoot.equals(root)) {
      throw unusable(`Bitcoin block ${height} has another Merkle root than its answer leads to`);
    }
  }
  return answer;
}

/** Asks for each header once. */
function headerReader(outbound: Outbound, { headers }: CalendarSetting): Asking["headerOf"] {
  const asked = new Map<number, Promise<BlockHeader | null>>();
  return (height) => {
    if (headers === null) return Promise.resolve(null);
    const known = asked.get(height);
    if (known !== undefined) return known;
    const asking = readBlockHeader(outbound, headers, height).catch((thrown: unknown) => {
      if (isFailure(thrown, "anchor.unreachable")) return null;
      throw thrown;
    });
    asked.set(height, asking);
    return asking;
  };
}

function blocksOf(stamp: OtsStamp): { height: number; root: Buffer }[] {
  return [...attestationsOf(stamp)].flatMap(({ message, attestation }) =>
    attestation.kind === "bitcoin" ? [{ height: attestation.height, root: message }] : [],
  );
}

const ASKING = { accept: MEDIA_TYPE, "content-type": "application/x-www-form-urlencoded" } as const;

function calendarOf({ calendars }: CalendarSetting, uri: string): URL | undefined {
  return calendars.find((calendar) => withoutSlash(calendar.href) === withoutSlash(uri));
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, "");
}

function isInBlock(stamp: OtsStamp): boolean {
  return blocksOf(stamp).length > 0;
}

/** Why nobody answered: the first reason. */
function failureOf(answers: readonly PromiseSettledResult<unknown>[]): unknown {
  return answers.find((answer) => answer.status === "rejected")?.reason ?? new Error("nobody was asked");
}
