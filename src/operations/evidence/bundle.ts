import { dayText, Failure } from "../../domain/index.ts";
import { askedRecords, shownAmount, type AskedRecord } from "../../metrics/index.ts";
import {
  anchorFiles,
  keyFiles,
  parseCheckpoint,
  type AnchorFolder,
  type ExportFile,
  type LedgerSource,
} from "../../ledger/index.ts";
import type { StoredVersion } from "../../store/index.ts";
import { ledgerSource, recordProofs } from "../../sync/index.ts";
import { anchorsFor } from "../anchoring/export.ts";
import type { OperationContext } from "../context.ts";
import { withAsker, type Asker } from "../money/asking.ts";
import { requireNamed } from "../privacy.ts";
import { subjectOf, type EvidenceQuestion, type EvidenceSubject } from "./about.ts";
import { addingUp, COUNTED_BY, sumsOf } from "./adding-up.ts";
import { explained } from "./explained.ts";
import { figuresOf, type Figure } from "./figures.ts";
import { asHtml, asMarkdown } from "./page.ts";

/** More records than this are no evidence for a reader but an export. */
export const MOST_RECORDS = 20_000;

/** What was found for a question, and the files that prove it. */
export interface EvidenceBundle {
  readonly origin: string;
  readonly size: number;
  readonly records: number;
  /** False: the proofs without what they are about, as whoever may not see people gets them. */
  readonly payloads: boolean;
  readonly personId: string | null;
  readonly files: AsyncIterable<ExportFile>;
}

/**
 * Everything that a stranger needs to check the figures of a period, a person, a report or an access review.
 *
 * @throws Failure `access.individuals`, `ledger.unsigned`, `input.*`
 */
export async function evidenceOf(context: OperationContext, question: EvidenceQuestion): Promise<EvidenceBundle> {
  const { scope } = context;
  const payloads = scope.privacy.mode === "named";
  // How many records there are of somebody says how much somebody did.
  if (question.about === "person") requireNamed(scope, "about", "Ask for the evidence of a period.");
  if (question.where !== undefined) requireNamed(scope, "where", "Ask for the whole, without conditions.");
  return withAsker(context, async (asker) => {
    const source = await ledgerSource(asker.store, scope);
    const { origin, size } = parseCheckpoint(source.checkpoint);
    const subject = await subjectOf(asker, context.streams, question);
    const found = await gather(asker, subject, size);
    if (found.records === 0) refuseNothing(subject, found.unsigned);
    const figures = await figuresOf(asker, subject.questions, found.sums);
    const anchors = await anchorsFor({ store: asker.store, scope }, source);
    const files = filesOf(context, { source, subject, found, figures, anchors });
    return { origin, size, records: found.records, payloads, personId: subject.personId, files };
  });
}

interface Gathered {
  /** Ascending, of records and of the responses that they were read from. */
  readonly leaves: readonly number[];
  readonly records: number;
  readonly unsigned: number;
  readonly byStream: ReadonlyMap<string, number>;
  readonly sums: ReadonlyMap<string, bigint | null>;
  readonly counts: ReadonlyMap<string, number>;
}

async function gather({ store, scope }: Asker, subject: EvidenceSubject, size: number): Promise<Gathered> {
  const { streams, asOf, narrowed } = subject;
  const span = subject.span ?? { from: 0, to: Number.MAX_SAFE_INTEGER };
  const leaves = new Set<number>();
  const byStream = new Map<string, number>(streams.map((name) => [name, 0]));
  const sums = new Map<string, bigint | null>(sumsOf(streams).map(({ id }) => [id, null]));
  const counts = new Map<string, number>();
  const names = await namesIn(subject, store, scope);
  let [records, unsigned] = [0, 0];
  await store.read(async (tx) => {
    for await (const record of askedRecords(tx, scope, { streams, span, asOf, narrowed })) {
      const { version } = record;
      if (names !== null && version.day === null && !isNamed(version, names)) continue;
      if (version.leafIndex >= size) {
        unsigned += 1;
        continue;
      }
      if (++records > MOST_RECORDS) refuseSize();
      leaves.add(version.leafIndex);
      byStream.set(version.stream, byStream.get(version.stream)! + 1);
      add(record, sums, counts);
      const fetched = fetchedWith(version);
      if (fetched !== null && fetched < size) leaves.add(fetched);
    }
  });
  return { leaves: [...leaves].sort((a, b) => a - b), records, unsigned, byStream, sums, counts };
}

function add({ version, amounts }: AskedRecord, sums: Map<string, bigint | null>, counts: Map<string, number>): void {
  for (const [quantity, amount] of amounts) {
    const id = `${version.stream}.${quantity}`;
    if (amount !== null) sums.set(id, (sums.get(id) ?? 0n) + amount);
  }
  const member = COUNTED_BY[version.stream];
  if (member === undefined || version.state === "gone" || version.payload === null || version.conflicted) return;
  const { data } = JSON.parse(version.payload) as { data: Record<string, unknown> };
  const told = data[member];
  const [archived, other] = [told == null ? "active" : "archived", typeof told === "string" ? told : "unknown"];
  const id = `${version.stream}.${member === "archived_at" ? archived : other}`;
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

/** Lists call a person by their address and by an id, which the list of users tells. */
async function namesIn(
  { names, asOf }: EvidenceSubject,
  store: Asker["store"],
  scope: Asker["scope"],
): Promise<ReadonlySet<string> | null> {
  if (names === null) return null;
  const all = new Set(names);
  await store.read(async (tx) => {
    const everybody = { streams: ["users"], span: { from: 0, to: 0 }, asOf, narrowed: { metric: "tokens" } };
    for await (const { version } of askedRecords(tx, scope, everybody)) {
      const id = (JSON.parse(version.nk) as unknown[])[1];
      if (isNamed(version, names) && typeof id === "string") all.add(id);
    }
  });
  return all;
}

function isNamed({ payload, nk }: StoredVersion, names: ReadonlySet<string>): boolean {
  return textsIn(JSON.parse(payload ?? nk)).some((text) => names.has(text) || names.has(text.toLowerCase()));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The leaf of the response that a record was read from. */
function fetchedWith({ payload }: StoredVersion): number | null {
  const { obs } = payload === null ? {} : (JSON.parse(payload) as { obs?: unknown });
  return typeof obs === "number" ? obs : null;
}

interface Parts {
  readonly source: LedgerSource;
  readonly subject: EvidenceSubject;
  readonly found: Gathered;
  readonly figures: readonly Figure[];
  readonly anchors: readonly AnchorFolder[];
}

async function* filesOf(
  { store, scope, clock, streams }: OperationContext,
  { source, subject, found, figures, anchors }: Parts,
): AsyncGenerator<ExportFile> {
  const { origin, size, root } = parseCheckpoint(source.checkpoint);
  const { about, title, span, asOf } = subject;
  const madeAt = new Date(clock.now()).toISOString();
  const hasContent = scope.privacy.mode === "named";
  const told = subject.streams.map((name) => {
    const stream = streams.find((one) => one.name === name);
    const { title: what = name, docs = null } = stream ?? {};
    return { name, title: what, docs, records: found.byStream.get(name)! };
  });
  const page = explained({
    title,
    madeAt,
    origin,
    size,
    records: found.records,
    hasContent,
    unsigned: found.unsigned,
    streams: told,
    figures,
    anchors: anchors.length,
  });
  yield { name: "README.md", content: asMarkdown(title, page) };
  yield { name: "README.html", content: asHtml(title, page) };
  const queries = {
    format: "bursar-evidence/1",
    about,
    title,
    madeAt,
    range: span === null ? null : { from: dayText(span.from), to: dayText(span.to - 1) },
    asOf: asOf === null ? null : dayText(asOf),
    log: { origin, size, root: root.toString("base64") },
    proofs: found.leaves.length,
    records: found.records,
    unsigned: found.unsigned,
    streams: told,
    // Without their content nobody could add the records up.
    sums: hasContent ? sumsShown(subject, found) : {},
    figures,
  };
  yield { name: "queries.json", content: `${JSON.stringify(queries, null, 1)}\n` };
  yield { name: "sums.jq", content: addingUp(hasContent ? subject.streams : []) };
  let checkpoint = source.checkpoint;
  for (const file of keyFiles(source, { anchors })) {
    if (file.name === "checkpoint") checkpoint = String(file.content);
    yield file;
  }
  yield* anchorFiles(anchors);
  for await (const { index, proof } of recordProofs(store, scope, checkpoint, found.leaves)) {
    yield { name: `proof/${index}.tlog-proof`, content: proof };
  }
}

function sumsShown({ streams }: EvidenceSubject, { sums, counts }: Gathered): Record<string, string> {
  return Object.fromEntries([
    ...sumsOf(streams).map(({ id, unit }) => [id, String(shownAmount(sums.get(id) ?? 0n, unit))] as const),
    ...[...counts].map(([id, count]) => [id, String(count)] as const),
  ]);
}

function refuseSize(): never {
  throw new Failure("input.invalid", {
    field: "from",
    problem: `these days hold more than ${MOST_RECORDS} records`,
    remedy: "Ask for fewer days, or for the whole ledger with bursar ledger export.",
  });
}

/** A folder without a proof proves nothing, and the commands that check one would only say that it fails. */
function refuseNothing({ asOf, span }: EvidenceSubject, unsigned: number): never {
  if (unsigned > 0) {
    const problem = "none of these records is signed yet";
    throw new Failure("input.invalid", {
      field: "about",
      problem,
      remedy: "Ask again after the next sync, which signs.",
    });
  }
  if (asOf !== null) {
    const problem = `nothing of this was recorded by the end of ${dayText(asOf)}`;
    const remedy = "Ask as of a later day: the ledger knows of none before its first sync.";
    throw new Failure("input.invalid", { field: "asOf", problem, remedy });
  }
  const field = span === null ? "about" : "from";
  const remedy = "bursar status says which days are held.";
  throw new Failure("input.invalid", { field, problem: "no record of this is held", remedy });
}
