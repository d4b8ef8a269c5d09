import { describe, expect, it } from "vitest";

import { parseDay } from "../domain/index.ts";
import type { PersonRow } from "../store/index.ts";
import { planRoster, postsOf } from "./plan-roster.ts";
import { readPeople } from "./read-people.ts";

const JUNE = parseDay("2026-06-01");
const JULY = parseDay("2026-07-01");
let made = 0;
const random = { bytes: (length: number) => Buffer.alloc(length, ++made), fraction: () => 0.5 };

function load(csv: string, before: readonly PersonRow[] = [], from = JUNE, owning: readonly string[] = []) {
  return planRoster(before, readPeople(csv), { from, owning: new Set(owning), random });
}

const teams = (person: PersonRow) => postsOf(person).map(({ from, team }) => [from, team]);

describe("loading a list of people", () => {
  it("puts a new person into the team for all the past", () => {
    const { rows, added } = load("email,team\nada@x.io,Core\n");
    expect(added).toHaveLength(1);
    expect(teams(rows[0]!)).toEqual([[null, "Core"]]);
  });

  it("changes a known person's team from the day of the load on, and tells each field", () => {
    const before = load("email,name,team,manager\nada@x.io,Ada,Core,bo@x.io\n").rows;
    const { rows, changed, unchanged } = load("email,name,team,manager\nada@x.io,Ada L,Web,bo@x.io\n", before, JULY);
    expect(rows[0]!.personId).toBe(before[0]!.personId);
    expect(teams(rows[0]!)).toEqual([
      [null, "Core"],
      [JULY, "Web"],
    ]);
    expect(changed[0]!.changes).toEqual([
      { field: "name", before: "Ada", after: "Ada L", from: null },
      { field: "team", before: "Core", after: "Web", from: "2026-07-01" },
    ]);
    expect(unchanged).toBe(0);
  });

  it("changes nothing when the same file is loaded again", () => {
    const csv = "email,team,team_from\nada@x.io,Core,\nada@x.io,Web,2026-03-01\nbo@x.io,Web,\n";
    const before = load(csv).rows;
    const again = load(csv, before, JULY);
    expect(again.rows).toEqual(before);
    expect([again.added, again.changed, again.removed]).toEqual([[], [], []]);
    expect(again.unchanged).toBe(2);
  });

  it("takes the whole history from lines with days, in whatever order they stand", () => {
    const { rows } = load("email,team,team_from\nada@x.io,Web,2026-06-01\nada@x.io,Core,\nada@x.io,Ops,2026-07-01\n");
    expect(rows).toHaveLength(1);
    expect(teams(rows[0]!)).toEqual([
      [null, "Core"],
      [JUNE, "Web"],
      [JULY, "Ops"],
    ]);
    expect(rows[0]!.team).toBe("Ops");
  });

  it("keeps what was before a day that the file names, and drops what came after it", () => {
    const before = load("email,team,team_from\nada@x.io,Core,\nada@x.io,Web,2026-07-01\n").rows;
    const { rows } = load("email,team,team_from\nada@x.io,Ops,2026-06-01\n", before);
    expect(teams(rows[0]!)).toEqual([
      [null, "Core"],
      [JUNE, "Ops"],
    ]);
  });

  it("leaves a later change alone when the file says what holds today", () => {
    const before = load("email,team,team_from\nada@x.io,Core,\nada@x.io,Web,2026-07-01\n").rows;
    expect(load("email,team\nada@x.io,Core\n", before).rows).toEqual(before);
  });

  it("keeps the past of who is listed no more, until the day before", () => {
    const before = load("email,team\nada@x.io,Core\nbo@x.io,Web\n").rows;
    const { rows, removed } = load("email,team\nada@x.io,Core\n", before);
    expect(removed.map(({ name }) => name)).toEqual(["bo@x.io"]);
    expect(rows[1]).toEqual({ ...before[1], inRoster: false, endsOn: JUNE - 1 });
  });

  it("takes back who returns, under the same id and with the same past", () => {
    const first = load("email,team\nada@x.io,Core\nbo@x.io,Web\n").rows;
    const without = load("email,team\nada@x.io,Core\n", first).rows;
    const { rows, added, changed } = load("email,team\nada@x.io,Core\nbo@x.io,Ops\n", without, JULY);
    expect(added).toEqual([]);
    expect(changed).toHaveLength(1);
    expect(rows[1]).toMatchObject({ personId: first[1]!.personId, inRoster: true, endsOn: null });
    expect(teams(rows[1]!)).toEqual([
      [null, "Web"],
      [JULY, "Ops"],
    ]);
  });

  it("forgets who starts after leaving, unless a key is theirs", () => {
    const before = load("email,starts_on\nada@x.io,\nbo@x.io,2026-06-01\n").rows;
    expect(load("email\nada@x.io\n", before).rows).toHaveLength(1);
    expect(load("email\nada@x.io\n", before, JUNE, [before[1]!.personId]).rows).toHaveLength(2);
  });

  it("gives an address to one person only, when it goes over to another", () => {
    const before = load("email\nada@x.io a@x.io\nbo@x.io\n").rows;
    const { rows } = load("email\nbo@x.io a@x.io\n", before);
    expect(rows.flatMap(({ emails }) => emails).filter((email) => email === "a@x.io")).toHaveLength(1);
  });
});
