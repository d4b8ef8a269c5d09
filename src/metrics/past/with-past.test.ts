import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { keepVersions, openTestStore, type TestStore } from "../../../test/support/metrics-store.ts";
import { activityRow } from "../../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../../domain/index.ts";
import { setSetting, type Store } from "../../store/index.ts";
import { EVERYTHING, type PastNeeds } from "./project.ts";
import { forgetPasts, withPast } from "./with-past.ts";

const D = parseDay("2026-11-02");
const version = (actor: string, ver = 1) => ({
  ...activityRow(D, { actor, sessions: ver, models: [["claude-opus-5-5", 10, 100]] }),
  ver,
  state: "rec" as const,
  atMs: (D + 1) * DAY_MS,
});
const ACTIVITY: PastNeeds = { tables: ["claude_code_activity"], span: null };

/** What this process has of it on the disk. */
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`bursar-as-of-${process.pid}-`)).length;

describe("the past that is kept", () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore("sqlite");
    await keepVersions(test, "claude_code", [version("a@x.io")]);
  });
  afterEach(() => test.close());

  const past = (needs = EVERYTHING, day = D + 5): Promise<Store> =>
    withPast(test.store, test.scope, day, needs, (store, { pastDay }) => {
      expect(pastDay).toBe(day);
      return Promise.resolve(store);
    });

  it("is built once for those who ask at a time, and for the next who need no more of it", async () => {
    const [one, other] = await Promise.all([past(), past()]);
    expect(other).toBe(one);
    expect(await past(ACTIVITY)).toBe(one);
    expect(folders()).toBe(1);
  });

  it("is built anew for who needs more of it", async () => {
    const part = await past(ACTIVITY);
    expect(await past()).not.toBe(part);
  });

  it.each([
    ["a record has another version", (of: TestStore) => keepVersions(of, "claude_code", [version("b@x.io")])],
    [
      "the tenant decided otherwise",
      ({ store, scope }: TestStore) => store.write((tx) => setSetting(tx, scope, "tenant.idleDays", "60")),
    ],
  ])("is thrown away once %s", async (_, change) => {
    const before = await past();
    await change(test);
    expect(await past()).not.toBe(before);
    expect(folders()).toBe(1);
  });

  it("is not built for every day of a caller at once, so that others need not wait for all of them", async () => {
    const asked = (day: number, principal: string) =>
      withPast(test.store, { ...test.scope, principal }, day, ACTIVITY, () => Promise.resolve("answered"));
    const many = await Promise.allSettled(Array.from({ length: 17 }, (_, at) => asked(D + at, "eager")));
    const refused = many.filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "api.rate_limited" } }]);
    const [other, again] = await Promise.all([asked(D + 20, "other"), asked(D + 21, "eager")]);
    expect([other, again]).toEqual(["answered", "answered"]);
  });

  it("is of few days, and none of it stays when it is forgotten", async () => {
    for (let day = D; day < D + 5; day++) await past(EVERYTHING, day);
    expect(folders()).toBe(3);
    await forgetPasts(test.store);
    expect(folders()).toBe(0);
  });
});
