import { describe, expect, it } from "vitest";

import { parseDay } from "../../src/domain/index.ts";
import { loadPeople } from "../../src/store/index.ts";
import { rosterRow } from "../support/activity-rows.ts";
import { testApi, type TestApi } from "../support/api.ts";
import { withSyncedBursar, type TestBursar } from "../support/bursar.ts";
import { virtualClock } from "../support/clock.ts";
import { openTestStore } from "../support/metrics-store.ts";
import {
  added,
  at,
  cell,
  everybody,
  exact,
  hold,
  kindsOf,
  one,
  sum,
  surfacesOf,
  type Found,
  type Loose,
  type Population,
  type Surfaces,
  type Unit,
} from "../support/surfaces.ts";
import { saidByTools } from "../support/tool-figures.ts";
import { keepWorkedExample } from "../support/worked-example.ts";

/** A figure as the metrics name it, and where else it stands. */
interface Line {
  readonly unit: Unit;
  /** A sum may be added up again from its parts. */
  readonly isSum: boolean;
  readonly elsewhere: Readonly<Record<string, (surfaces: Surfaces, population: Population) => Promise<Found>>>;
}

const measure =
  (id: string) =>
  async ({ json }: Surfaces, population: Population) => {
    const { measures } = await json("coding-activity", { population });
    return at(one(measures, "id", id), "total.value");
  };
const measureCsv =
  (id: string) =>
  async ({ csv }: Surfaces, population: Population) =>
    cell(await csv("coding-activity", { population }), "id", id)["total.value"];
const terminals =
  (id: string) =>
  async ({ json }: Surfaces, population: Population) =>
    added((await json("coding-activity", { population }))["terminals"], id);
const series =
  (id: string) =>
  async ({ json }: Surfaces, population: Population) =>
    added((await json("coding-activity", { population }))["series"], id);
const populations =
  (page: string, id: string) =>
  async ({ json }: Surfaces, population: Population) =>
    added(
      ((await json(page)) as unknown as { populations: { population: string }[] }).populations.filter(
        (row) => population === "all" || row.population === "humans",
      ),
      id,
    );
const people = (column: string) => async (surfaces: Surfaces, population: Population) =>
  sum((await everybody(surfaces, population)).map((row) => at(row, column)));
const peopleCsv =
  (column: string) =>
  async ({ csv }: Surfaces, population: Population) => {
    const lists = await Promise.all(
      kindsOf(population).map((kind) => csv("list-people-usage", { population: kind, limit: "5000" })),
    );
    return sum(lists.flat().map((row) => row[column]));
  };
const persons = (column: string) => async (surfaces: Surfaces, population: Population) => {
  const values: Found[] = [];
  for (const { person, emails, personId } of await everybody(surfaces, population)) {
    const whose = personId === null ? { email: emails[0] ?? person } : { personId };
    const { figures } = await surfaces.json("person-usage", whose);
    values.push(at(figures, column));
  }
  return sum(values);
};
const toolPersons = (column: string) => async (surfaces: Surfaces, population: Population) => {
  const values: Found[] = [];
  for (const { person, emails } of await everybody(surfaces, population))
    values.push(at((await surfaces.tool("person_usage", { person: emails[0] ?? person })).data["figures"], column));
  return sum(values);
};
const teams =
  (column: string) =>
  async ({ json }: Surfaces, population: Population) =>
    population === "all" ? undefined : added((await json("list-teams"))["rows"], column);
const teamsTotal =
  (column: string) =>
  async ({ json }: Surfaces, population: Population) =>
    population === "all" ? undefined : at((await json("list-teams"))["total"], column);
const teamsCsv =
  (column: string) =>
  async ({ csv }: Surfaces, population: Population) =>
    population === "all" ? undefined : sum((await csv("list-teams")).map((row) => row[column]));
const byTeam =
  (page: string, column: string) =>
  async ({ json }: Surfaces, population: Population) =>
    added((await json(page, { population }))["teams"], column);
const action =
  (name: string) =>
  async ({ json }: Surfaces, population: Population) =>
    at((await json("actions", { population }))["total"], `${name}.value`);
const actionParts =
  (list: string, name: string) =>
  async ({ json }: Surfaces, population: Population) =>
    added((await json("actions", { population }))[list], name);
const actionCsv =
  (name: string) =>
  async ({ csv }: Surfaces, population: Population) =>
    sum((await csv("actions", { population })).map((row) => row[name]));
const exported =
  (rows: string, column: string) =>
  async ({ exported: rowsOf }: Surfaces, population: Population) =>
    sum(
      (await rowsOf(rows))
        .filter((row) => population === "all" || row["actor"]?.includes("@"))
        .map((row) => row[column]),
    );
const activeHeadline =
  (name: string) =>
  async ({ json }: Surfaces, population: Population) =>
    at((await json("active-users", { population }))["headline"], `${name}.value`);

const output = (id: string, column: string, exportedAs: string): Line => ({
  unit: "count",
  isSum: true,
  elsewhere: {
    "coding-activity": measure(id),
    "coding-activity as CSV": measureCsv(id),
    "coding-activity by day": series(id),
    "coding-activity by terminal": terminals(id),
    "coding-activity by population": populations("coding-activity", id),
    "coding-by-team": byTeam("coding-by-team", id),
    "list-people-usage": people(column),
    "list-people-usage as CSV": peopleCsv(column),
    "person-usage of everybody": persons(column),
    "bursar export": exported("claude_code_activity", exportedAs),
    ...(column === "linesRemoved"
      ? {}
      : {
          "list-teams": teams(column),
          "list-teams, total": teamsTotal(column),
          "list-teams as CSV": teamsCsv(column),
        }),
  },
});
const decided = (id: "accepted" | "rejected"): Line => ({
  unit: "count",
  isSum: true,
  elsewhere: {
    actions: action(id),
    "actions by tool": actionParts("tools", id),
    "actions by tool as CSV": actionCsv(id),
    "actions by week": actionParts("series", id),
    "actions by tool and week": actionParts("toolSeries", id),
    "actions by terminal": actionParts("terminals", id),
    "actions by population": populations("actions", id),
    "actions-by-team": byTeam("actions-by-team", id),
    "list-people-usage": people(id),
    "person-usage of everybody": persons(id),
    "MCP person_usage of everybody": toolPersons(id),
    "bursar export": exported("claude_code_tools", id),
  },
});

/** Metric → where it stands. */
const LINES: Readonly<Record<string, Line>> = {
  sessions: output("sessions", "sessions", "sessions"),
  lines_added: output("lines_added", "linesAdded", "lines_added"),
  lines_removed: output("lines_removed", "linesRemoved", "lines_removed"),
  commits: output("commits", "commits", "commits"),
  pull_requests: output("pull_requests", "pullRequests", "pull_requests"),
  actions_accepted: decided("accepted"),
  actions_rejected: decided("rejected"),
  accept_rate: {
    unit: "ratio",
    isSum: false,
    elsewhere: { actions: action("acceptRate"), "list-teams, total": teamsTotal("acceptRate") },
  },
  cost: {
    unit: "usd",
    isSum: true,
    elsewhere: {
      spend: async ({ json }, population) => at((await json("spend", { population }))["total"], "value"),
      "spend over time": async ({ json }, population) => {
        const { points } = (await json("spend", { population }))["series"] as { points: { total: Found }[] };
        return sum(points.map(({ total }) => total));
      },
      "spend by model": async ({ json }, population) => {
        const { model } = (await json("spend", { population }))["tables"] as Record<string, SpendTable>;
        return sum([...model!.rows.map(({ value }) => value), model!.rest?.value ?? null]);
      },
      "spend-by person": async ({ json }, population) => {
        const table = (await json("spend-by", { population, by: "person", most: "5" }))["table"] as SpendTable;
        return sum([...table.rows.map(({ value }) => value), table.rest?.value ?? null]);
      },
      "list-people-usage": people("cost.estimated"),
      "list-people-usage as CSV": peopleCsv("cost.estimated"),
      "person-usage of everybody": persons("cost.estimated"),
      "MCP person_usage of everybody": toolPersons("cost.estimated"),
      "list-teams": teams("cost"),
      "list-teams, total": teamsTotal("cost"),
      "list-teams as CSV": teamsCsv("cost"),
      "bursar export": async ({ exported: rowsOf }, population) =>
        sum(
          (await rowsOf("claude_code_models"))
            .filter((row) => row["customer_type"] !== "subscription")
            .filter((row) => population === "all" || row["actor"]?.includes("@"))
            .map((row) => row["estimated_cost_usd"]),
        ),
    },
  },
  active_users: {
    unit: "count",
    isSum: false,
    elsewhere: {
      "active-users": activeHeadline("periodActive"),
      "coding-activity": async ({ json }, population) =>
        at((await json("coding-activity", { population }))["active"], "people.value"),
      adoption: async (surfaces, population) => {
        if (population === "all") return undefined;
        const { headline } = (await surfaces.json("adoption")) as unknown as {
          headline: { active: { value: number }; activeOutsideDenominator: number };
        };
        return headline.active.value + headline.activeOutsideDenominator;
      },
      "list-people-usage": async (surfaces, population) =>
        population === "all"
          ? undefined
          : (await everybody(surfaces, population)).filter(({ activeDays }) => activeDays > 0).length,
      "list-teams, total": teamsTotal("active"),
    },
  },
  active_person_days: {
    unit: "count",
    isSum: true,
    elsewhere: {
      "active-users": activeHeadline("activePersonDays"),
      "active-users by day": async ({ json }, population) =>
        added((await json("active-users", { population }))["series"], "dau"),
      "active-users by day as CSV": async ({ csv }, population) =>
        sum((await csv("active-users", { population })).map((row) => row["dau"])),
      "coding-activity": async ({ json }, population) =>
        at((await json("coding-activity", { population }))["active"], "personDays.value"),
      "list-people-usage": async (surfaces, population) =>
        population === "all" ? undefined : people("activeDays")(surfaces, population),
      "person-usage of everybody": async (surfaces, population) => {
        if (population === "all") return undefined;
        let days = 0;
        for (const { person, emails } of await everybody(surfaces, population))
          days += Number((await surfaces.json("person-usage", { email: emails[0] ?? person }))["activeDays"]);
        return days;
      },
    },
  },
  adoption_rate: {
    unit: "ratio",
    isSum: false,
    elsewhere: {
      adoption: async ({ json }) => at((await json("adoption"))["headline"], "rate.value"),
      "list-teams, total": teamsTotal("adoption"),
    },
  },
};

const HEADLINES = [
  "cost",
  "active_users",
  "adoption_rate",
  "accept_rate",
  "pull_requests",
  "commits",
  "lines_added",
  "sessions",
];

/** Everything that says this figure, and what it says. */
async function saidOf(surfaces: Surfaces, metric: string, population: Population) {
  const { isSum, unit, elsewhere } = LINES[metric]!;
  const asked = { metric, population };
  const args = [metric, "--population", population];
  const csvTotal = async () =>
    sum((await surfaces.csv("report", { ...asked, grain: "day" })).map((row) => row["value"]));
  const text = await surfaces.cliText(args);
  const said: Record<string, Found> = {
    "API report": at((await surfaces.json("report", asked))["total"], "value"),
    "API report by day": isSum
      ? added((await surfaces.json("report", { ...asked, grain: "day" }))["rows"], "value")
      : undefined,
    "API report as CSV": isSum ? await csvTotal() : undefined,
    "API summary": at(
      ((await surfaces.json("summary", { metrics: metric, population }))["metrics"] as unknown[])[0],
      "value",
    ),
    "API summary as CSV": (await surfaces.csv("summary", { metrics: metric, population }))[0]?.["value"],
    "CLI --json": at((await surfaces.cliJson(args))["total"], "value"),
    // People read ratios to four places.
    "CLI text": unit === "ratio" ? undefined : /^Total: (\S+)/m.exec(text)?.[1]?.replaceAll(/[^\d.-]/g, ""),
    ...(await saidByTools(surfaces, { metric, population, unit, isSum })),
  };
  if (HEADLINES.includes(metric)) {
    const { headlines } = await surfaces.json("overview", { population });
    said["API overview"] = at(one(headlines, "metric", metric), "value");
    said["API overview as CSV"] = cell(await surfaces.csv("overview", { population }), "metric", metric)["value"];
  }
  for (const [place, look] of Object.entries(elsewhere)) said[place] = await look(surfaces, population);
  const told = Object.entries(said).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told.map(([place, value]) => [place, exact(value ?? null, unit)]));
}

function checkAll(surfaces: () => Surfaces, cases: readonly (readonly [string, Population, string | number | null])[]) {
  it.each(cases)("%s of %s is the same everywhere: %s", async (metric, population, truth) => {
    const said = await saidOf(surfaces(), metric, population);
    const wanted = truth === null ? said["API report"]! : exact(truth, LINES[metric]!.unit);
    expect(wanted).not.toBe("none");
    expect(said).toEqual(Object.fromEntries(Object.keys(said).map((place) => [place, wanted])));
  });
}

/** The worked example of docs/metrics.md, with its roster. */
async function withWorkedExample(use: (surfaces: Surfaces, api: TestApi) => Promise<void>): Promise<void> {
  const test = await openTestStore("sqlite");
  try {
    await keepWorkedExample(test);
    const roster = ["ann", "bob", "cy", "dee"].map((name) => rosterRow(`${name}@x.io`, name === "cy" ? "B" : "A"));
    await test.store.write((tx) => loadPeople(tx, test.scope, roster));
    const clock = virtualClock(parseDay("2026-12-20") * 86_400_000);
    const api = await testApi({ store: test.store, clock });
    await use(await surfacesOf(api, { from: "2026-11-02", to: "2026-11-06" }), api);
  } finally {
    await test.close();
  }
}

describe("the worked example", () => {
  const held = hold(withWorkedExample);

  checkAll(held, [
    ["sessions", "humans", 8],
    ["sessions", "all", 13],
    ["commits", "humans", 3],
    ["commits", "all", 7],
    ["pull_requests", "humans", 2],
    ["pull_requests", "all", 4],
    ["lines_added", "humans", 230],
    ["lines_added", "all", 430],
    ["lines_removed", "humans", 45],
    ["lines_removed", "all", 95],
    ["actions_accepted", "humans", 19],
    ["actions_accepted", "all", 44],
    ["actions_rejected", "humans", 9],
    ["actions_rejected", "all", 9],
    ["accept_rate", "humans", 19 / 28],
    ["accept_rate", "all", 44 / 53],
    ["cost", "humans", "6.00"],
    ["cost", "all", "10.00"],
    ["active_users", "humans", 3],
    ["active_person_days", "humans", 5],
    ["adoption_rate", "humans", 0.75],
  ]);
});

describe("an invented organization", () => {
  let truth: ReturnType<TestBursar["emulator"]["world"]["truth"]>;
  const held = hold((use) =>
    withSyncedBursar(async (bursar) => {
      truth = bursar.emulator.world.truth();
      await use(await surfacesOf(await testApi(bursar), { from: truth.from, to: truth.to }));
    }),
  );

  checkAll(
    held,
    Object.keys(LINES).map((metric) => [metric, "humans", null] as const),
  );
  const ofAll = Object.keys(LINES).filter(
    (metric) => !["active_users", "active_person_days", "adoption_rate"].includes(metric),
  );
  checkAll(
    held,
    ofAll.map((metric) => [metric, "all", null] as const),
  );

  it("is what its generator says it is", async () => {
    const { claude_code: code } = truth;
    const wanted = {
      sessions: code.sessions,
      lines_added: code.lines_added,
      lines_removed: code.lines_removed,
      commits: code.commits,
      pull_requests: code.pull_requests,
      actions_accepted: code.actions_accepted,
      actions_rejected: code.actions_rejected,
      cost: code.estimated_usd,
    };
    for (const [metric, value] of Object.entries(wanted)) {
      const { total } = await held().json("report", { metric, population: "all" });
      expect([metric, exact(at(total, "value") ?? null, LINES[metric]!.unit)]).toEqual([
        metric,
        exact(value, LINES[metric]!.unit),
      ]);
    }
    const { total } = await held().json("report", { metric: "active_users", population: "humans" });
    expect(at(total, "value")).toBe(code.active_users);
    const days = (await held().json("active-users"))["series"] as { day: string; dau: number }[];
    expect(Object.fromEntries(days.map(({ day, dau }) => [day, dau]))).toEqual(code.daily_active_users);
  });

  it.each([
    ["net", ({ analytics }: typeof truth) => analytics.amount_usd],
    ["list", ({ analytics }: typeof truth) => analytics.list_usd],
    ["notional", ({ claude_code: code }: typeof truth) => code.notional_usd],
  ])("says the same of the money of kind %s", async (kind, truthOf) => {
    const { json, csv, cliJson, tool } = held();
    const { reconciliation, tables } = (await json("spend", { kind, population: "all" })) as unknown as {
      reconciliation: object;
      tables: Record<string, SpendTable>;
    };
    expect(reconciliation).toBeTruthy();
    const said = {
      report: at((await json("report", { metric: "cost", kind, population: "all" }))["total"], "value"),
      "report as CSV": sum(
        (await csv("report", { metric: "cost", kind, population: "all", by: "model" })).map((row) => row["value"]),
      ),
      summary: at(
        ((await json("summary", { metrics: `cost:${kind}`, population: "all" }))["metrics"] as unknown[])[0],
        "value",
      ),
      CLI: at((await cliJson(["cost", "--kind", kind, "--population", "all"]))["total"], "value"),
      MCP: at((await tool("query_metric", { metric: "cost", kind })).data, "value"),
      "MCP by model": added(
        (await tool("query_metric", { metric: "cost", kind, by: ["model"] })).data["rows"],
        "value",
      ),
      "spend by model": tables["model"]!.kind === kind ? tables["model"]!.total : undefined,
      ...(kind === "net" ? { "overview, billed": at((await json("overview"))["billed"], "value") } : {}),
    };
    const wanted = exact(truthOf(truth), "usd");
    for (const [place, value] of Object.entries(said))
      expect([place, exact(value ?? null, "usd")]).toEqual([place, wanted]);
  });
});

describe("a tenant's own active rule and denominator", () => {
  const held = hold((use) =>
    withWorkedExample(async (surfaces, api) => {
      const settings = { activeRule: "engaged", denominator: "ever_active" };
      expect((await api.post("/api/v1/change-settings", await api.token(), { settings })).status).toBe(200);
      await use(surfaces);
    }),
  );

  checkAll(held, [
    ["active_users", "humans", 2],
    ["active_person_days", "humans", 3],
    ["adoption_rate", "humans", null],
  ]);

  it("are named by every answer, and give way to those that are asked", async () => {
    const { json, cliJson } = held();
    const asked = await json("report", { metric: "active_person_days", activeRule: "any" });
    expect([asked["activeRule"], at(asked["total"], "value")]).toEqual(["any", 5]);
    const roster = await json("report", { metric: "adoption_rate", activeRule: "any", denominator: "roster" });
    expect(at(roster["total"], "value")).toBe(0.75);
    const pages = [
      await json("report", { metric: "adoption_rate" }),
      ((await json("summary", { metrics: "adoption_rate" }))["metrics"] as Loose[])[0]!,
      one((await json("overview"))["headlines"], "metric", "adoption_rate"),
      await json("adoption"),
      await cliJson(["adoption_rate"]),
    ];
    for (const { activeRule, denominator } of pages)
      expect({ activeRule, denominator }).toEqual({ activeRule: "engaged", denominator: "ever_active" });
    for (const page of ["active-users", "coding-activity", "list-people-usage"])
      expect((await json(page))["activeRule"]).toBe("engaged");
  });
});

interface SpendTable {
  readonly kind: string | null;
  readonly total: string;
  readonly rows: readonly { readonly value: string }[];
  readonly rest: { readonly value: string } | null;
}
