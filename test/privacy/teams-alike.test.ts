import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { catalog, runOperation } from "../../src/operations/index.ts";
import { openCompany, RANGE } from "./support.ts";

let company: Awaited<ReturnType<typeof openCompany>>;
beforeAll(async () => {
  company = await openCompany();
}, 120_000);
afterAll(() => company?.close());

describe("how many people a team has", () => {
  it.each([2, 3, 4, 5, 6, 8, 9])(
    "is hidden everywhere of the same teams, with a minimum of %i",
    async (minimumGroup) => {
      const viewer = company.as("viewer", { mode: "teams", minimumGroup });
      const teams = await runOperation(viewer, await catalog.listTeams(), {});
      const licences = await runOperation(viewer, await catalog.licences(), {});
      const adoption = await runOperation(viewer, await catalog.adoption(), RANGE);
      const hidden = (rows: readonly { readonly team: string | null; readonly size: number | null }[]) =>
        rows.flatMap(({ team, size }) => (team !== null && size === null ? [team] : [])).sort();
      const small = hidden(teams.rows.map(({ team, people }) => ({ team, size: people })));
      expect(small.length).not.toBe(1);
      expect(hidden(licences.teams.map(({ team, eligible }) => ({ team, size: eligible })))).toEqual(small);
      expect(hidden(adoption.teams.map(({ team, eligible }) => ({ team, size: eligible })))).toEqual(small);
    },
  );
});
