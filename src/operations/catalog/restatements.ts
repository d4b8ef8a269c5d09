import { z } from "zod";

import { dayOfInstant, dayText, Failure, parseDay } from "../../domain/index.ts";
import { restatements as restated, shownAmount, type Restatement } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { day } from "../filters.ts";

const amount = z.union([z.number(), z.string()]).nullable();

const change = z.object({
  quantity: z.string(),
  unit: z.enum(["usd", "count"]),
  before: amount,
  after: amount,
  difference: amount.describe("null where either side is unknown, as after an erasure"),
});

const row = z.object({
  stream: z.string(),
  organizationId: z.string(),
  day: z.string().describe("the day that the figures are of"),
  key: z.array(z.string().nullable()).describe("of the record, without the organization"),
  kind: z.enum(["added", "changed", "vanished", "returned"]),
  versions: z.object({ before: z.int().nullable(), after: z.int() }),
  recordedAt: z.string().describe("when the present version came in"),
  changes: z.array(change),
});

const total = z.object({
  stream: z.string(),
  records: z.int(),
  added: z.int(),
  changed: z.int(),
  vanished: z.int(),
  returned: z.int(),
  days: z.int(),
  changes: z.array(change),
});

export const restatements = defineOperation({
  id: "restatements",
  title: "Restatements",
  summary: "What the source restated after a day: which records of which days, from what to what, and by how much.",
  input: z.object({
    since: day.describe("what was known at the end of this UTC day is compared with now"),
    from: day.optional().describe("first day of the figures; 90 days before `since`, if not given"),
    to: day.optional().describe("last day of the figures; `since`, if not given"),
    stream: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(5_000).default(200).describe("rows listed; totals count all"),
  }),
  output: z.object({
    since: z.string(),
    range: z.object({ from: z.string(), to: z.string() }),
    asOf: z.string(),
    /** Whether single records are kept back: their keys name people, and many are one person's day. */
    keysHidden: z.boolean(),
    /** Streams report the same use more than once: their totals are never added together. */
    totals: z.array(total),
    more: z.int().describe("rows behind those listed"),
    rows: z.array(row),
  }),
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization; single records for those alone who may see people",
  async run({ store, scope, clock, streams }, { since, from, to, stream, limit }) {
    const sinceDay = parseDay(since, "since");
    const today = dayOfInstant(clock.now());
    if (sinceDay > today) {
      const remedy = `Today is ${dayText(today)}, by UTC.`;
      throw new Failure("input.invalid", { field: "since", problem: `${since} is after today`, remedy });
    }
    const last = to === undefined ? sinceDay : parseDay(to, "to");
    const first = from === undefined ? Math.min(sinceDay, last) - LOOK_BACK : parseDay(from, "from");
    if (first > last)
      throw new Failure("input.range_reversed", { field: "from", from: dayText(first), to: dayText(last) });
    const reports = streams.filter(({ shape }) => shape.kind === "report").map(({ name }) => name);
    if (stream !== undefined && !reports.includes(stream))
      throw new Failure("input.unknown_value", { field: "stream", value: stream, choices: reports.join(", ") });
    const isNamed = scope.privacy.mode === "named";
    const totals = new Map<string, Total>();
    const rows: z.output<typeof row>[] = [];
    let found = 0;
    await store.read(async (tx) => {
      const asked = {
        since: sinceDay,
        span: { from: first, to: last + 1 },
        ...(stream === undefined ? {} : { streams: [stream] }),
      };
      for await (const one of restated(tx, scope, asked)) {
        found++;
        const own = totals.get(one.stream) ?? new Total(one.stream);
        totals.set(one.stream, own);
        own.add(one);
        if (isNamed && rows.length < limit) rows.push(rowOf(one));
      }
    });
    return {
      since: dayText(sinceDay),
      range: { from: dayText(first), to: dayText(last) },
      asOf: new Date(clock.now()).toISOString(),
      keysHidden: !isNamed,
      totals: [...totals.values()].map((one) => one.shown()),
      more: isNamed ? found - rows.length : 0,
      rows,
    };
  },
});

/** As far as the sweep of the past reaches: beyond it upstream is not asked again. */
const LOOK_BACK = 90;

function rowOf({ day: of, key, atMs, changes, ...one }: Restatement): z.output<typeof row> {
  return {
    ...one,
    day: dayText(of),
    key: key.map((part) => (part === null || typeof part === "string" ? part : JSON.stringify(part))),
    versions: { ...one.versions },
    recordedAt: new Date(atMs).toISOString(),
    changes: changes.map(({ quantity, before, after }) => changeOf(quantity, before, after)),
  };
}

function changeOf(quantity: string, before: bigint | null, after: bigint | null): z.output<typeof change> {
  const unit = quantity.startsWith("cost") ? ("usd" as const) : ("count" as const);
  const shown = (value: bigint | null) => (value === null ? null : shownAmount(value, unit));
  const difference = before === null || after === null ? null : after - before;
  return { quantity, unit, before: shown(before), after: shown(after), difference: shown(difference) };
}

/** What the restatements of one stream come to. */
class Total {
  readonly #stream: string;
  readonly #kinds = { added: 0, changed: 0, vanished: 0, returned: 0 };
  readonly #days = new Set<number>();
  readonly #sums = new Map<string, { before: bigint | null; after: bigint | null }>();

  constructor(stream: string) {
    this.#stream = stream;
  }

  add({ kind, day: of, changes }: Restatement): void {
    this.#kinds[kind]++;
    this.#days.add(of);
    for (const { quantity, before, after } of changes) {
      const sum = this.#sums.get(quantity) ?? { before: 0n, after: 0n };
      const plus = (one: bigint | null, other: bigint | null) => (one === null || other === null ? null : one + other);
      this.#sums.set(quantity, { before: plus(sum.before, before), after: plus(sum.after, after) });
    }
  }

  shown(): z.output<typeof total> {
    const records = Object.values(this.#kinds).reduce((sum, count) => sum + count, 0);
    const changes = [...this.#sums].map(([quantity, { before, after }]) => changeOf(quantity, before, after));
    return { stream: this.#stream, records, ...this.#kinds, days: this.#days.size, changes };
  }
}
