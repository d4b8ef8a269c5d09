import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cover, engines, keepRecords, openTestStore, ORGANIZATION } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { activityRow } from "../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../domain/index.ts";
import { insertConnection, listConnections } from "../store/index.ts";
import type { ConnectionRow } from "../store/index.ts";
import { ask } from "./ask.ts";
import type { Question } from "./types.ts";

const D = parseDay("2026-11-02");
const PENDING = "9a9a9a9a-0000-4000-8000-000000000002";
const LEFT = "9a9a9a9a-0000-4000-8000-000000000003";

describe.each(engines)("an organization without data on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepRecords(test, "claude_code", [
      activityRow(D, { actor: "ann@x.io", models: [["claude-opus-5-5", 7, 100]] }),
    ]);
    await cover(test, "claude_code", D, D);
    await connect(test, ORGANIZATION, "active");
    await connect(test, LEFT, "disconnected");
    // Of this one only the list of workspaces was read before it was disconnected: no day of it can be missing.
    await cover(test, "workspaces", 0, 0, 40, LEFT);
  });
  afterAll(() => test.close());

  const put = (metric: string, more: Partial<Question> = {}) =>
    ask(test.store, test.scope, { metric, from: "2026-11-02", to: "2026-11-02", ...more }, (D + 50) * DAY_MS);

  it("are asked for by their connection too, and an unknown connection is named", async () => {
    const by = (value: string) => put("cost", { where: [{ dimension: "connection", value }] });
    const [one] = await test.store.read((tx) => listConnections(tx, test.scope));
    expect((await by(one!.name)).total).toEqual((await put("cost")).total);
    expect((await by(LEFT)).total.value).not.toEqual((await put("cost")).total.value);
    await expect(by("nobody")).rejects.toMatchObject({ code: "input.unknown_value" });
  });

  it("drops out once it is disconnected", async () => {
    for (const metric of ["cost", "dau", "adoption_rate"]) {
      const answer = await put(metric, metric === "adoption_rate" ? { denominator: "ever_active" } : {});
      expect(answer.total.value).not.toBeNull();
      expect(answer).toMatchObject({ coverage: { days: 1, covered: 1, missing: [] }, completeThrough: "2026-11-02" });
      expect(answer.warnings.map(({ code }) => code)).toEqual([]);
    }
  });

  it("is named while it waits for its first sync, and leaves the others their figures", async () => {
    await connect(test, PENDING, "active");
    for (const metric of ["cost", "dau"]) {
      const answer = await put(metric);
      expect(answer).toMatchObject({ coverage: { covered: 1 }, completeThrough: "2026-11-02" });
      expect(answer.total.value).not.toBeNull();
      expect(answer.warnings).toEqual([
        {
          code: "organization_pending",
          message: `${PENDING} has not been synced yet; its figures are not in here.`,
        },
      ]);
    }
    const alone = await put("cost", { where: [{ dimension: "organization", value: PENDING }] });
    expect(alone.total).toMatchObject({ value: null, reason: "not_collected_yet" });
    const other = await put("cost", { where: [{ dimension: "organization", value: ORGANIZATION }] });
    expect(other.warnings).toEqual([]);
  });
});

async function connect({ store, scope }: TestStore, organizationId: string, state: ConnectionRow["state"]) {
  const connection = {
    name: organizationId,
    kind: "admin",
    organizationId,
    organizationName: "Example",
    upstream: "https://api.anthropic.com",
    state,
    fingerprint: null,
    last4: null,
    backfillFrom: null,
    capabilities: {},
    createdAt: 0,
    rotatedAt: null,
    lastUsedAt: null,
  } as const;
  await store.write((tx) => insertConnection(tx, scope, connection));
}
