import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseDay } from "../domain/index.ts";
import { loadPeople } from "../store/index.ts";
import type { PersonRow } from "../store/index.ts";
import { engines, openTestStore } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { keepWorkedExample } from "../../test/support/worked-example.ts";
import { ask } from "./ask.ts";
import type { Question } from "./types.ts";

const NOW = Date.parse("2026-12-20T00:00:00Z");
const RANGE = { from: "2026-11-02", to: "2026-11-06" };

function person(name: string, team: string | null, earlier?: PersonRow["earlier"]): PersonRow {
  return {
    personId: `p_${name}`,
    name,
    emails: [`${name}@x.io`],
    team,
    costCentre: null,
    manager: null,
    startsOn: null,
    endsOn: null,
    inRoster: true,
    ...(earlier ? { earlier } : {}),
  };
}

/** bob is in core until the 3rd, and in web from the 4th on: one session with 30 lines there, two with 60 here. */
const MOVED = person("bob", "web", [{ until: parseDay("2026-11-04"), team: "core", costCentre: null, manager: null }]);

describe.each(engines)("a person who changed team, in %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepWorkedExample(test);
    const people = [person("ann", "core"), MOVED, person("cy", null), person("dee", "web")];
    await test.store.write((tx) => loadPeople(tx, test.scope, people));
  });
  afterAll(() => test.close());

  const asked = (question: Question) =>
    ask(test.store, test.scope, { ...RANGE, population: "humans", ...question }, NOW);
  const byTeam = async (question: Question) => {
    const { rows } = await asked({ ...question, by: ["team"] });
    return Object.fromEntries(rows.map((row) => [String(row["team"]), row.value]));
  };

  it("leaves sums with the team of the day, and the total as it was", async () => {
    expect(await byTeam({ metric: "sessions" })).toEqual({ core: 5, web: 2, null: 1 });
    expect(await byTeam({ metric: "lines_added" })).toEqual({ core: 170, web: 60, null: 0 });
    expect(await byTeam({ metric: "cost" })).toEqual({ core: "4.00", web: "2.00", null: "0.00" });
    expect((await asked({ metric: "cost", by: ["team"] })).total.value).toBe("6.00");
  });

  it("filters by the team of the day, also beside another split", async () => {
    const web = [{ dimension: "team", value: "web" }];
    expect((await asked({ metric: "sessions", where: web })).total.value).toBe(2);
    const { rows } = await asked({ metric: "sessions", where: web, by: ["terminal"] });
    expect(rows.map((row) => [row["terminal"], row.value])).toEqual([["vscode", 2]]);
    const both = [...web, { dimension: "team", value: "core" }];
    expect((await asked({ metric: "sessions", where: both })).total.value).toBe(7);
  });

  it("puts each day where the person was, in a series", async () => {
    const { rows } = await asked({ metric: "sessions", by: ["team"], grain: "day" });
    const bobs = rows.filter((row) => row["team"] === "web" && row.value !== 0);
    expect(bobs.map((row) => [row["day"], row.value])).toEqual([["2026-11-05", 2]]);
  });

  it("counts the person in each team on the days there, and once in all", async () => {
    expect(await byTeam({ metric: "active_users" })).toEqual({ core: 2, web: 1, null: 1 });
    expect((await asked({ metric: "active_users", by: ["team"] })).total.value).toBe(3);
    expect(await byTeam({ metric: "active_person_days" })).toEqual({ core: 3, web: 1, null: 1 });
    const where = [{ dimension: "team", value: "web" }];
    expect((await asked({ metric: "active_person_days", where })).total.value).toBe(1);
  });

  it("counts people by terminal as it counts them without", async () => {
    const where = [{ dimension: "team", value: "core" }];
    const { rows } = await asked({ metric: "active_users", by: ["terminal"], where });
    expect(rows.map((row) => [row["terminal"], row.value])).toEqual([
      ["vscode", 2],
      ["iTerm.app", 1],
    ]);
  });

  it("asks about adoption in the team of the day: in each, who was there, and who was active there", async () => {
    expect(await byTeam({ metric: "adoption_rate" })).toEqual({ core: 1, web: 0.5, null: 1 });
    const { total } = await asked({ metric: "adoption_rate", by: ["team"] });
    expect(total.parts).toEqual({ active: 3, eligible: 4 });
  });
});
