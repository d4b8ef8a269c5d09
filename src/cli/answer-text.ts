import type { Answer, Value } from "../metrics/index.ts";
import type { Io } from "./io.ts";
import { styleOf } from "./style.ts";
import { tableText } from "./table.ts";
import { counted, grouped, shown, wrapped } from "./text.ts";

const REASONS: Readonly<Record<string, string>> = {
  zero_denominator: "nothing to divide by",
  not_reported_by_source: "the source does not report it",
  not_collected_yet: "not collected yet",
  below_minimum_sample: "too few people",
  suppressed_for_privacy: "suppressed for privacy",
  mixed_currency: "several currencies",
};

/** An answer for people: the figures, their unit and range, and how far they are complete. */
export function answerText(answer: Answer, io: Io): string {
  const style = styleOf(io);
  const { title, unit, range, rows, total, by } = answer;
  const marks = [
    unitText(answer),
    `${range.from} to ${range.to} UTC`,
    answer.population === "all" ? null : answer.population,
    ...answer.where.map(({ dimension, value }) => `${dimension}=${value === null ? "null" : shown(value, 60)}`),
  ].filter((mark) => mark !== null);
  const head = `${style.bold(title)} (${marks.join(", ")})`;
  const grain = range.grain;
  const columns = [
    ...(grain === null ? [] : [{ title: grain }]),
    ...by.map((dimension) => ({ title: dimension })),
    { title: unit === "usd" ? "USD" : unit, align: "right" as const },
    { title: "" },
  ];
  const cells = rows.map((row) => [
    ...(grain === null ? [] : [textOf(row[grain])]),
    ...by.map((dimension) => textOf(row[dimension])),
    valueText(row.value, unit),
    noteOf(row),
  ]);
  const body = rows.length === 0 ? [] : [tableText(columns, cells, io.columns())];
  const totalLine = `Total: ${style.bold(valueText(total.value, unit))}${unit === "usd" ? " USD" : unit === "ratio" ? "" : ` ${unit}`}${
    total.reason === undefined ? "" : ` (${REASONS[total.reason] ?? total.reason})`
  }`;
  const notes = notesOf(answer).flatMap((note) =>
    wrapped(note, Math.max(16, io.columns() - 2)).map((line, at) => `${at === 0 ? "" : "  "}${line}`),
  );
  return `${[head, ...body, totalLine, ...notes.map((note) => style.dim(note))].join("\n")}\n`;
}

/** A value as people read it; "—" where there is none, never 0. */
export function valueText(value: Value, unit: Answer["unit"]): string {
  if (value === null) return "—";
  if (unit === "ratio" && typeof value === "number") return value.toFixed(4);
  if (typeof value === "number" && !Number.isInteger(value)) return grouped(value.toFixed(4));
  return grouped(value);
}

function unitText({ unit, kind }: Answer): string {
  const name = unit === "usd" ? "USD" : unit.replace("_", " ");
  return kind === null ? name : `${kind} ${name}`;
}

function textOf(value: Value | boolean | undefined): string {
  return value === null || value === undefined ? "(none)" : shown(String(value), 80);
}

function noteOf(row: Answer["rows"][number]): string {
  const notes = [
    row.reason === undefined ? null : (REASONS[row.reason] ?? row.reason),
    row.partial === true ? "in part" : null,
    row.provisional === true ? "provisional" : null,
    row.lowSample === true ? "few" : null,
  ];
  return notes.filter((note) => note !== null).join(", ");
}

function notesOf(answer: Answer): string[] {
  const { coverage, completeThrough, provisional, unmapped, unpriced, conflicted, warnings, source, asOf } = answer;
  const missing = coverage.days - coverage.covered;
  const complete = completeThrough === null ? "Nothing of it is complete yet" : `Complete through ${completeThrough}`;
  return [
    `${complete}; ${grouped(coverage.covered)} of ${counted(coverage.days, "day")} covered; as of ${asOf}; from ${source.join(", ") || "no stream"}.`,
    ...(missing > 0 && coverage.missing.length > 0
      ? [
          `Missing: ${coverage.missing
            .slice(0, 5)
            .map(({ from, to }) => (from === to ? from : `${from} to ${to}`))
            .join(", ")}${coverage.missing.length > 5 ? ", …" : ""}. ${adviceFor(coverage)}`,
        ]
      : []),
    ...(provisional.length > 0
      ? [`${counted(provisional.length, "day is", "days are")} provisional: the source may still restate them.`]
      : []),
    ...(unmapped.actors !== null && unmapped.actors > 0
      ? [
          `${counted(unmapped.actors, "key")} without an owner: ${unmapped.names
            .slice(0, 5)
            .map((name) => shown(name, 60))
            .join(", ")}${unmapped.names.length > 5 ? ", …" : ""}. Set one with bursar people owner.`,
        ]
      : []),
    ...(unpriced.models.length > 0
      ? [`Without a price: ${unpriced.models.map((model) => shown(model, 60)).join(", ")}.`]
      : []),
    ...(conflicted > 0 ? [`${counted(conflicted, "record")} left out: the source gave contradicting rows.`] : []),
    ...warnings.map(({ message }) => shown(message, 300)),
  ];
}

/** A sync goes on from what is held; days before that come by a backfill only. */
function adviceFor({ missing, heldFrom }: Answer["coverage"]): string {
  const [first] = missing;
  if (heldFrom === null || first === undefined || first.from >= heldFrom) return "Run bursar sync.";
  const later = missing.some(({ from }) => from >= heldFrom);
  return `Run bursar backfill --from ${first.from}${later ? ", and bursar sync" : ""}.`;
}
