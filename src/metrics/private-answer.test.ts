import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { cover, keepRecords, openTestStore } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { rosterPerson } from "../../test/support/roster-person.ts";
import { activityRow, costRow, messagesRow } from "../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../domain/index.ts";
import type { Privacy, Scope } from "../domain/index.ts";
import { listPeople, loadPeople, setActorOwner } from "../store/index.ts";
import { ask } from "./ask.ts";
import type { Answer, Condition, Question } from "./types.ts";

const D = parseDay("2026-11-02");
const MINIMUM = 3;
const TEAMS: Privacy = { mode: "teams", minimumGroup: MINIMUM };
const PSEUDONYMOUS: Privacy = { mode: "pseudonymous", key: Buffer.alloc(32, 7), minimumGroup: MINIMUM };

const REFUSED = { code: "access.individuals" };

let test: TestStore;
beforeEach(async () => {
  test = await openTestStore("sqlite");
});
afterEach(() => test.close());

/** One use of a terminal by a person of a team on a day. */
interface Use {
  readonly who: number;
  readonly terminal: number;
  readonly day: number;
  readonly sessions: number;
}

const email = (who: number) => `person${who}@x.io`;
const personId = (who: number) => `p_${String(who).padStart(12, "0")}`;

async function keep(uses: readonly Use[], teamOf: (who: number) => string | null): Promise<void> {
  const records = uses.map(({ who, terminal, day, sessions }) =>
    activityRow(D + day, { actor: email(who), terminal: `t${terminal}`, sessions }),
  );
  await keepRecords(test, "claude_code", records);
  await cover(test, "claude_code", D, D + 4);
  const people = [...new Set(uses.map(({ who }) => who))].map((who) =>
    rosterPerson(personId(who), email(who), teamOf(who)),
  );
  await test.store.write((tx) => loadPeople(tx, test.scope, people));
}

const put = (question: Omit<Question, "from" | "to">, privacy: Privacy = TEAMS, more: Partial<Scope> = {}) =>
  ask(
    test.store,
    { ...test.scope, ...more, privacy },
    { from: "2026-11-02", to: "2026-11-06", ...question },
    (D + 50) * DAY_MS,
  );

/** Twelve people in three teams of 6, 4 and 2; each with a session a day. */
const office: Use[] = Array.from({ length: 12 }, (_, who) => ({
  who,
  terminal: who % 2,
  day: who % 5,
  sessions: who + 1,
}));
const teamOf = (who: number) => (who < 6 ? "large" : who < 10 ? "middle" : "tiny");
const where = (dimension: string, value: string): Condition[] => [{ dimension, value }];

describe("where people appear as teams", () => {
  beforeEach(() => keep(office, teamOf));

  it("splits by people are refused, and say which permission is missing", async () => {
    for (const by of [["person"], ["actor"], ["team", "person"]])
      await expect(put({ metric: "sessions", by })).rejects.toMatchObject(REFUSED);
    await expect(put({ metric: "sessions", where: where("person", email(1)) })).rejects.toMatchObject(REFUSED);
  });

  it("a team under the minimum is hidden, and so is the next smallest", async () => {
    const { rows, total } = await put({ metric: "sessions", by: ["team"] });
    expect(rows).toEqual([
      { team: "large", value: 21, source: "claude_code" },
      { team: "middle", value: null, source: "claude_code", reason: "suppressed_for_privacy" },
      { team: "tiny", value: null, source: "claude_code", reason: "suppressed_for_privacy" },
    ]);
    expect(total.value).toBe(78);
  });

  it("a filter that selects or leaves out a hidden team is not answered", async () => {
    const nothing = { rows: [{ value: null }], total: { value: null, reason: "suppressed_for_privacy" } };
    expect(await put({ metric: "sessions", where: where("team", "tiny"), grain: "month" })).toMatchObject(nothing);
    const rest = ["large", "middle"].flatMap((team) => where("team", team));
    expect(await put({ metric: "sessions", where: rest, grain: "month" })).toMatchObject(nothing);
    const both = ["middle", "tiny"].flatMap((team) => where("team", team));
    expect((await put({ metric: "sessions", where: both })).total.value).toBe(57);
  });

  it("people see themselves, and nobody else", async () => {
    const own = { self: personId(1) };
    const mine = await put({ metric: "sessions", by: ["terminal"], where: where("person", email(1)) }, TEAMS, own);
    expect(mine.total.value).toBe(2);
    expect(mine.rows).toEqual([{ terminal: "t1", value: 2, source: "claude_code" }]);
    await expect(put({ metric: "sessions", where: where("person", email(2)) }, TEAMS, own)).rejects.toMatchObject(
      REFUSED,
    );
    const both = [...where("person", email(1)), ...where("person", email(2))];
    await expect(put({ metric: "sessions", where: both }, TEAMS, own)).rejects.toMatchObject(REFUSED);
  });

  it("a team of which nobody was active is hidden if it is too small to be seen idle", async () => {
    await test.store.write(async (tx) => {
      const person = { name: "x", costCentre: null, manager: null, startsOn: null, endsOn: null, inRoster: true };
      const one = { ...person, personId: "p_ffffffffffff", emails: ["idle@x.io"], team: "idle" };
      await loadPeople(tx, test.scope, [...(await listPeople(tx, test.scope)), one]);
    });
    expect((await put({ metric: "sessions", where: where("team", "idle") })).total.value).toBeNull();
    const { rows } = await put({ metric: "sessions", by: ["team"] });
    expect(rows.find((row) => row["team"] === "idle")).toMatchObject({ value: null, reason: "suppressed_for_privacy" });
    const first = (await put({ metric: "sessions", by: ["team"], grain: "week" })).rows;
    expect(first.map((row) => row["team"])).toEqual(["idle", "large", "middle", "tiny"]);
    const table = await put({ metric: "sessions", by: ["team", "terminal"] });
    expect(table.rows.filter((row) => row["team"] === "tiny" || row["team"] === "idle")).toEqual([]);
  });
});

describe("where people appear under pseudonyms", () => {
  beforeEach(() => keep(office, teamOf));

  it("everybody has a row, and values are those of the named record", async () => {
    const named = await put({ metric: "sessions", by: ["person"] }, { mode: "named" });
    const hidden = await put({ metric: "sessions", by: ["person"] }, PSEUDONYMOUS);
    expect(hidden.rows.map((row) => row.value)).toEqual(named.rows.map((row) => row.value));
    expect(hidden.rows.every((row) => /^p-[a-z2-7]{16}$/.test(String(row["person"])))).toBe(true);
  });

  it("who was active outside the roster stands under a pseudonym, or is only counted", async () => {
    const stranger = activityRow(D, { actor: "stranger@x.io" });
    await keepRecords(test, "claude_code", [stranger]);
    const listed = await put({ metric: "adoption_rate" }, PSEUDONYMOUS);
    expect(listed.activeOutsideDenominator).toEqual([expect.stringMatching(/^p-/)]);
    expect((await put({ metric: "adoption_rate" })).activeOutsideDenominator).toEqual([]);
  });

  it("keys that nobody claimed have pseudonyms, and a service keeps its name", async () => {
    await keepRecords(
      test,
      "claude_code",
      ["ada-laptop", "ci"].map((actor) => activityRow(D, { actor })),
    );
    await test.store.write((tx) =>
      setActorOwner(tx, test.scope, { actor: "key:ci", kind: "service", personId: null, service: "builds" }),
    );
    const answer = await put({ metric: "sessions", by: ["person"], population: "all" }, PSEUDONYMOUS);
    const labels = answer.rows.map((row) => String(row["person"]));
    expect(labels).toContain("service: builds");
    expect(JSON.stringify(answer)).not.toContain("ada-laptop");
    const [key] = labels.filter((label) => label.startsWith("k-"));
    expect(answer.unmapped.names).toEqual([key]);
    expect((await put({ metric: "sessions" })).unmapped).toMatchObject({ actors: 1, names: [] });
  });
});

describe("reports that do not say whose", () => {
  const keys = ["a", "b", "c", "d", "e"];
  beforeEach(async () => {
    const usage = keys.map((key, at) =>
      messagesRow(
        D,
        { api_key_id: `apikey_${key}`, workspace_id: at < 4 ? "wrkspc_big" : "wrkspc_one", model: "m" },
        { uncached: 10 },
      ),
    );
    await keepRecords(test, "usage_by_key", usage);
    await keepRecords(test, "cost_report", [
      costRow(D, { workspace_id: "wrkspc_big" }, "400"),
      costRow(D, { workspace_id: "wrkspc_one" }, "100"),
    ]);
    for (const stream of ["usage_by_key", "cost_report"]) await cover(test, stream, D, D + 4);
  });

  it("take it from those that do: a workspace with one key is hidden from the cost report", async () => {
    const { rows, total } = await put({ metric: "cost", kind: "net", by: ["workspace"] });
    expect(rows.map((row) => [row["workspace"], row.value])).toEqual([
      ["wrkspc_big", null],
      ["wrkspc_one", null],
    ]);
    expect(total.value).toBe("5.00");
  });

  it("show what a key of a service used, and of no other key", async () => {
    await test.store.write((tx) =>
      setActorOwner(tx, test.scope, { actor: "apikey_a", kind: "service", personId: null, service: "builds" }),
    );
    const { rows } = await put({ metric: "tokens", by: ["api_key"] });
    expect(rows.map((row) => [row["api_key"], row.value])).toEqual([["apikey_a", 10]]);
    await expect(put({ metric: "tokens", where: where("api_key", "apikey_b") })).rejects.toMatchObject(REFUSED);
  });
});

const byText = (a: string, b: string) => (a < b ? -1 : 1);

describe("models of one family", () => {
  it("hide each other, as the sum of the family is shown", async () => {
    const use = (who: number, model: string) => activityRow(D, { actor: email(who), models: [[model, 10, 5]] });
    const many = [0, 1, 2, 3, 4, 5].flatMap((who) => [use(who, "claude-opus-5-5"), use(who + 10, "claude-sonnet-5-5")]);
    await keepRecords(test, "claude_code", [
      ...many,
      use(20, "claude-opus-4-1"),
      ...[1, 2, 3].map((who) => use(who + 30, "claude-haiku-5-5")),
    ]);
    await cover(test, "claude_code", D, D + 4);
    const shown = async (by: string) =>
      (await put({ metric: "cost", by: [by] })).rows
        .flatMap((row) => (row.value === null ? [] : [String(row[by])]))
        .toSorted(byText);
    expect(await shown("model_family")).toEqual(["haiku", "opus", "sonnet"]);
    expect(await shown("model")).toEqual(["claude-haiku-5-5", "claude-sonnet-5-5"]);
    expect((await put({ metric: "cost", where: where("model", "claude-opus-5-5") })).total.value).toBeNull();
  });
});

describe("no hidden figure of an answer", () => {
  const uses = fc.uniqueArray(
    fc.record({ who: fc.nat(11), terminal: fc.nat(3), day: fc.nat(4), sessions: fc.integer({ min: 1, max: 50 }) }),
    { minLength: 1, maxLength: 60, selector: ({ who, terminal, day }) => `${who} ${terminal} ${day}` },
  );

  it("can be solved from those that are shown, alone or with the splits by one dimension", async () => {
    await fc.assert(
      fc.asyncProperty(uses, fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }), async (kept, teams) => {
        await test.close();
        test = await openTestStore("sqlite");
        await keep(kept, (who) => `team${teams[who]}`);
        const shown = await put({ metric: "sessions", by: ["team", "terminal"] });
        // Small teams are in none of the table's rows, and in its sums: whoever solves has to reckon with them.
        const sizes = Map.groupBy(new Set(kept.map(({ who }) => who)), (who) => `team${teams[who]}`);
        const small = [...sizes].filter(([, own]) => own.length < MINIMUM).map(([team]) => team);
        const unlisted = small.flatMap((team) =>
          [0, 1, 2, 3].map((terminal) => ({ team, terminal: `t${terminal}`, value: null, source: "claude_code" })),
        );
        const table = { ...shown, rows: shown.rows.length === 0 ? [] : [...shown.rows, ...unlisted] };
        const lines = [
          await put({ metric: "sessions", by: ["team"] }),
          await put({ metric: "sessions", by: ["terminal"] }),
        ];
        const people = (row: Answer["rows"][number]) =>
          new Set(
            kept
              .filter(({ who, terminal }) => `team${teams[who]}` === row["team"] && `t${terminal}` === row["terminal"])
              .map(({ who }) => who),
          ).size;
        for (const answer of lines) expect(solved(answer.rows, [sumOf(answer.rows, answer.total)])).toEqual([]);
        const known = [
          sumOf(table.rows, table.total),
          ...lines.flatMap((line) => line.rows.map((row) => sumOf(table.rows.filter(isWithin(row)), row))),
        ];
        expect(solved(table.rows, known).filter((row) => people(row) < MINIMUM)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

type Row = Answer["rows"][number];

/** What an answer says of the sum of some rows; null when that is hidden too. */
function sumOf(rows: readonly Row[], { value }: Pick<Row, "value">): { rows: readonly Row[]; sum: number | null } {
  return { rows, sum: value === null ? null : Number(value) };
}

function isWithin(line: Row) {
  return (row: Row) => ["team", "terminal"].every((id) => line[id] === undefined || line[id] === row[id]);
}

/** The hidden rows that follow from the shown ones and these sums, by elimination. */
function solved(rows: readonly Row[], sums: readonly ReturnType<typeof sumOf>[]): Row[] {
  const hidden = rows.filter(({ value }) => value === null);
  const matrix = sums
    .filter(({ sum }) => sum !== null)
    .map((one) => hidden.map((row): number => (one.rows.includes(row) ? 1 : 0)));
  let rank = 0;
  for (let column = 0; column < hidden.length; column++) {
    const pivot = matrix.findIndex((row, at) => at >= rank && Math.abs(row[column]!) > 1e-9);
    if (pivot < 0) continue;
    [matrix[rank], matrix[pivot]] = [matrix[pivot]!, matrix[rank]!];
    const scale = matrix[rank]![column]!;
    matrix[rank] = matrix[rank]!.map((value) => value / scale);
    for (const [at, row] of matrix.entries()) {
      if (at === rank || Math.abs(row[column]!) < 1e-9) continue;
      const factor = row[column]!;
      matrix[at] = row.map((value, index) => value - factor * matrix[rank]![index]!);
    }
    rank++;
  }
  const single = matrix.filter((row) => row.filter((value) => Math.abs(value) > 1e-9).length === 1);
  return single.map((row) => hidden[row.findIndex((value) => Math.abs(value) > 1e-9)]!);
}
