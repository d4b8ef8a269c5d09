import { describe, expect, it } from "vitest";

import { parseDay } from "../domain/index.ts";
import { readPeople, readRoster } from "./read-people.ts";

describe("a list of people", () => {
  it("reads every column under any of its spellings", () => {
    const csv =
      "E-Mail,Full Name,Department,Cost Center,Manager Email,Start Date,End Date\nAda@Example.com;ada.l@example.com,Ada,Platform,4711,bo@example.com,2026-01-05,2026-12-31\n";
    expect(readPeople(csv)).toEqual([
      {
        name: "Ada",
        emails: ["ada@example.com", "ada.l@example.com"],
        team: "Platform",
        costCentre: "4711",
        manager: "bo@example.com",
        startsOn: parseDay("2026-01-05"),
        endsOn: parseDay("2026-12-31"),
        inRoster: true,
      },
    ]);
  });

  it("is content with e-mails, which then are the names", () => {
    expect(readPeople("email\nada@example.com")).toMatchObject([
      { name: "ada@example.com", team: null, startsOn: null },
    ]);
  });

  it.each([
    ["an empty file", "", "people: the file is empty"],
    ["no column of addresses", "name\nAda", "people, header: there is no column email"],
    ["an unknown column", "email,salary\na@b.c,1", "people, header: column 2"],
    ["a column twice", "email,mail\na@b.c,d@e.f", "people, header: email stands there twice"],
    ["a person without an address", "email,name\n,Ada", "people, line 2, email: is empty"],
    ["an address that is none", "email\nada", "people, line 2, email"],
    ["an address on two lines", "email\na@b.c\nA@B.C", "people, line 3, email"],
    ["a day that does not exist", "email,start_date\na@b.c,2026-02-30", "people, line 2, starts_on"],
    ["an end before the start", "email,starts_on,ends_on\na@b.c,2026-02-02,2026-02-01", "people, line 2, ends_on"],
    ["more cells than columns", "email\na@b.c,x", "people, line 2: has more cells"],
  ])("refuses %s and names the place", (_, csv, message) => {
    expect(() => readPeople(csv)).toThrow(message);
  });
});

describe("a list of people with faults", () => {
  it("tells every bad line at once, and reads the others", () => {
    const { people, problems } = readRoster(
      "email,starts_on,team_from\nada@b.c,2026-02-30,\nbo@b.c,,\n,,\nbo@b.c,,\nbo@b.c,,2026-01-01\ncy@b.c,,soon\n",
    );
    expect(people.map(({ name }) => name)).toEqual(["bo@b.c"]);
    expect(problems.map(({ line, column, problem }) => [line, column, problem])).toEqual([
      [2, "starts_on", "is no day"],
      [4, "email", "is empty"],
      [5, "email", "this address stands on line 3 too"],
      [7, "team_from", "is no day"],
    ]);
  });

  it("says how many more lines are bad when it refuses the file", () => {
    expect(() => readPeople("email\nx\ny\nz\n")).toThrow(/line 2, email/);
    expect(() => readPeople("email\nx\ny\nz\n")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("2 more") as string }),
    );
  });

  it("refuses a line that joins two people", () => {
    const { problems } = readRoster("email,team_from\na@b.c,\nd@e.f,\na@b.c d@e.f,2026-01-01\n");
    expect(problems).toMatchObject([{ line: 4, column: "email" }]);
  });
});
