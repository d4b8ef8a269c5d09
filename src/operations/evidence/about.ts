import { dayOfInstant, dayText, parseDay, Failure, type DayNumber, type Span } from "../../domain/index.ts";
import { askFigures, identityLabel, metrics, readIdentities, type Question } from "../../metrics/index.ts";
import type { Stream } from "../../source/index.ts";
import { listPeople } from "../../store/index.ts";
import { withTenantDefaults } from "../tenant-defaults.ts";
import type { Asker } from "../money/asking.ts";

/** What a bundle is asked to be about. Days are inclusive, UTC. */
export interface EvidenceQuestion extends Omit<Question, "metric"> {
  readonly about: "period" | "person" | "report" | "access";
  /** Of a person. */
  readonly personId?: string | undefined;
  readonly email?: string | undefined;
  /** Of a report. */
  readonly metric?: string | undefined;
}

/** The same, found: which records, and which figures they stand behind. */
export interface EvidenceSubject {
  readonly about: EvidenceQuestion["about"];
  /** In words, for the page. */
  readonly title: string;
  readonly streams: readonly string[];
  /** Null: lists alone, as they stand. */
  readonly span: Span | null;
  readonly asOf: DayNumber | null;
  readonly questions: readonly Question[];
  readonly narrowed: Pick<Question, "metric" | "where" | "population">;
  /** Of a person: what lists call them. */
  readonly names: ReadonlySet<string> | null;
  /** As the roster numbers them. */
  readonly personId: string | null;
}

const ACCESS = ["organization", "users", "invites", "workspaces", "workspace_members", "api_keys", "rate_limits"];
const OF_A_PERSON = ["users", "invites", "workspace_members", "api_keys"];
/** Of a period or a person: every sum that the reports allow. */
const SUMS = metrics.filter(({ measure }) => measure.kind === "sum");
/** A period that nobody chose. */
const USUAL_DAYS = 30;

/** @throws Failure `input.*`, `access.unknown` for a person whom nobody knows */
export async function subjectOf(
  asker: Asker,
  streams: readonly Stream[],
  question: EvidenceQuestion,
): Promise<EvidenceSubject> {
  const reports = streams.filter(({ shape }) => shape.kind === "report").map(({ name }) => name);
  const { about, asOf: asOfText, from, to } = question;
  const asOf = asOfText === undefined ? null : parseDay(asOfText, "asOf");
  refuseStrangers(question);
  if (about === "access") {
    const title = `Who had access${asOf === null ? "" : `, as known on ${dayText(asOf)}`}`;
    const none = { questions: [], narrowed: { metric: "tokens" }, names: null, personId: null };
    return { about, title, streams: ACCESS, span: null, asOf, ...none };
  }
  if (about === "report") return reportOf(asker, reports, question, asOf);
  const days = spanOf(asker.now, from, to);
  const range = {
    from: dayText(days.from),
    to: dayText(days.to - 1),
    ...(asOfText === undefined ? {} : { asOf: asOfText }),
  };
  const words = `${range.from} to ${range.to}${asOf === null ? "" : `, as known on ${dayText(asOf)}`}`;
  const questions = (narrowed: Partial<Question>): Question[] =>
    SUMS.flatMap((metric) => kindsOf(metric.id).map((kind) => ({ metric: metric.id, ...range, ...kind, ...narrowed })));
  if (about === "period") {
    const own = { questions: questions({}), narrowed: { metric: "tokens" }, names: null, personId: null };
    return { about, title: `All use from ${words}`, streams: reports, span: days, asOf, ...own };
  }
  const { person, names, personId } = await personOf(asker, question);
  const narrowed = { where: [{ dimension: "person", value: person }], population: "all" as const };
  return {
    about,
    title: `${person} from ${words}`,
    streams: [...OF_A_PERSON, ...reports],
    span: days,
    asOf,
    questions: questions(narrowed),
    narrowed: { metric: "tokens", ...narrowed },
    names,
    personId,
  };
}

async function reportOf(
  asker: Asker,
  reports: readonly string[],
  asked: EvidenceQuestion,
  asOf: DayNumber | null,
): Promise<EvidenceSubject> {
  const { metric, where, by, grain, kind, population, activeRule, denominator, source } = asked;
  if (metric === undefined) throw missing("metric", "Name the metric that the report is about.");
  const how = { where, by, grain, kind, population, activeRule, denominator, source };
  const question: Question = { metric, from: asked.from, to: asked.to, asOf: asked.asOf, ...how };
  const answer = await askFigures(asker.store, asker.scope, withTenantDefaults(question, asker.defaults), asker.now);
  const { from, to } = answer.range;
  return {
    about: "report",
    title: `${answer.title} from ${from} to ${to}${asOf === null ? "" : `, as known on ${dayText(asOf)}`}`,
    streams: reports.filter((name) => answer.source.includes(name)),
    span: { from: parseDay(from), to: parseDay(to) + 1 },
    asOf,
    questions: [{ ...question, from, to }],
    narrowed: { metric, where, population },
    names: null,
    personId: null,
  };
}

async function personOf({ store, scope }: Asker, { personId, email }: EvidenceQuestion) {
  if ((personId === undefined) === (email === undefined)) throw missing("personId", "Give one of personId and email.");
  return store.read(async (tx) => {
    const who = await readIdentities(tx, scope);
    const people = await listPeople(tx, scope);
    const listed = people.find((row) => row.personId === personId);
    const address = listed?.emails[0] ?? email;
    if (address === undefined) throw new Failure("access.unknown", { what: "person", field: "personId" });
    const person = identityLabel(who.ofEmail(address));
    const row = who.known.get(person);
    const names = new Set([person, address.toLowerCase(), ...(row?.emails ?? []).map((one) => one.toLowerCase())]);
    return { person, names, personId: row?.personId ?? null };
  });
}

/** Every kind of money is a figure of its own. */
function kindsOf(metric: string): { readonly kind?: NonNullable<Question["kind"]> }[] {
  return metric === "cost" ? (["estimated", "notional", "net", "list"] as const).map((kind) => ({ kind })) : [{}];
}

function spanOf(now: number, from: string | undefined, to: string | undefined): Span {
  const last = to === undefined ? dayOfInstant(now) : parseDay(to, "to");
  const first = from === undefined ? last - USUAL_DAYS + 1 : parseDay(from, "from");
  if (first > last)
    throw new Failure("input.range_reversed", { field: "from", from: dayText(first), to: dayText(last) });
  return { from: first, to: last + 1 };
}

/** What belongs to another kind of bundle would be left out without a word. */
function refuseStrangers({ about, ...given }: EvidenceQuestion): void {
  const always = ["asOf"];
  const days = ["from", "to"];
  const known = {
    access: always,
    period: [...always, ...days],
    person: [...always, ...days, "personId", "email"],
    report: Object.keys(given).filter((name) => name !== "personId" && name !== "email"),
  }[about];
  const strange = Object.entries(given).find(([name, value]) => value !== undefined && !known.includes(name));
  if (strange === undefined) return;
  const problem = `means nothing for evidence about ${about === "access" ? "who had access" : `a ${about}`}`;
  throw new Failure("input.invalid", { field: strange[0], problem, remedy: "Leave it out, or choose another kind." });
}

function missing(field: string, remedy: string): Failure {
  return new Failure("input.invalid", { field, problem: "is needed", remedy });
}
