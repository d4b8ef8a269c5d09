import type { z } from "zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { permissionsOf, operatorCaller } from "../../src/access/index.ts";
import { dayText, isFailure, parseDay, silentLog, type Scope } from "../../src/domain/index.ts";
import { watchAfterSync } from "../../src/operations/money/watch-after-sync.ts";
import { catalog, runOperation, type Operation, type OperationContext } from "../../src/operations/index.ts";
import { streams } from "../../src/source/index.ts";
import {
  keepAlertArrived,
  listAnomalies,
  putAnomaly,
  removePerson,
  savePerson,
  setSetting,
} from "../../src/store/index.ts";
import { testRandom } from "../support/bursar.ts";
import { cover, engines, keepRecords, openTestStore, type TestStore } from "../support/metrics-store.ts";
import { rosterPerson } from "../support/roster-person.ts";
import { testSigner } from "../support/signer.ts";
import { activity } from "../support/worked-example.ts";

const FIRST = parseDay("2026-09-07");
const LAST = parseDay("2026-11-19");
const BURST = "2026-11-17";

/** $10 by Ann and $1 by Bob every day; on one day Ann spends $90. */
function records() {
  const days = Array.from({ length: LAST - FIRST + 1 }, (_, at) => dayText(FIRST + at));
  const cents = (day: string) => (day === BURST ? 9000 : 1000 + (day.endsWith("3") ? 50 : 0));
  const of = (day: string, who: string, model: string, amount: number) =>
    activity(day, who, "vscode", [1, 1, 0, 0, 0], {}, [[model, 10, 10, 0, 0, amount]]);
  return days.flatMap((day) => [
    of(day, "ann@x.io", "claude-opus-5-5", cents(day)),
    of(day, "bob@x.io", "claude-sonnet-5-5", 100),
  ]);
}

describe.each(engines)("budgets and unusual days on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepRecords(test, "claude_code", records());
    await cover(test, "claude_code", FIRST, LAST);
  });
  afterAll(() => test?.close());

  const contextAt = (now: string, more: Partial<OperationContext> = {}): OperationContext => {
    const used: Partial<OperationContext> = {
      store: test.store,
      scope: test.scope,
      clock: { now: () => Date.parse(now) } as OperationContext["clock"],
      caller: operatorCaller("cli"),
      random: testRandom,
      signal: new AbortController().signal,
      log: silentLog,
      unguarded: { signer: testSigner() } as unknown as OperationContext["unguarded"],
      streams,
      ...more,
    };
    return used as OperationContext;
  };
  const NOW = "2026-11-20T08:00:00Z";
  const asTeams = (minimumGroup = 5): Scope => ({ ...test.scope, privacy: { mode: "teams", minimumGroup } });
  /** Without its trace: there is no ledger here. */
  const order = async <In extends z.ZodType, Out extends z.ZodType>(
    context: OperationContext,
    operation: Operation<In, Out>,
    input: z.input<In>,
  ) => operation.run(context, operation.input.parse(input));
  const save = async (input: z.input<Awaited<ReturnType<typeof catalog.saveBudget>>["input"]>, now = NOW) =>
    order(contextAt(now), await catalog.saveBudget(), input);
  const list = async (more: Partial<OperationContext> = {}) =>
    (await runOperation(contextAt(NOW, more), await catalog.listBudgets(), {})).budgets;

  it("stand to what was spent and is expected in their own day, week and month", async () => {
    const model = { scope: "model", value: "claude-sonnet-5-5" } as const;
    await save({ name: "Sonnet", ...model, period: "month", amountUsd: "30", basis: ["actual", "forecast"] });
    await save({ name: "Sonnet a week", ...model, period: "week", amountUsd: "5" });
    await save({ name: "No key", scope: "api_key", value: null, period: "day", amountUsd: "5" });
    await save({ name: "Ann", scope: "person", value: "ann@x.io", period: "day", amountUsd: "80" });
    const found = new Map((await list()).map((one) => [one.name, one]));
    // 19 complete days of November at $1; the week began on Monday the 16th.
    expect(found.get("Sonnet")).toMatchObject({
      from: "2026-11-01",
      to: "2026-11-30",
      spentUsd: "19.00",
      forecastUsd: "30.00",
      crossed: 50,
      forecastCrosses: 100,
    });
    expect(found.get("Sonnet a week")).toMatchObject({ from: "2026-11-16", spentUsd: "4.00", share: 0.8, crossed: 75 });
    expect(found.get("No key")).toMatchObject({ kind: "net", spentUsd: null, reason: "not_collected_yet" });
    expect([...found.keys()]).toContain("Ann");
    expect((await list({ scope: asTeams() })).map(({ name }) => name)).not.toContain("Ann");
  });

  it("are told of once for each period, threshold and basis, late where their period was over", async () => {
    const check = async (now: string, look?: boolean) => {
      const told = await order(contextAt(now), await catalog.checkAlerts(), look === undefined ? {} : { look });
      return told.alerts
        .filter(({ kind }) => kind === "budget")
        .map(({ key, late }) => [key.replace(/b_\w+/, "b"), late]);
    };
    for (const { id } of await list()) await order(contextAt(NOW), await catalog.deleteBudget(), { id });
    await save(
      { name: "Ann", scope: "person", value: "ann@x.io", period: "day", amountUsd: "80" },
      `${BURST}T00:00:00Z`,
    );
    expect(await check(NOW)).toEqual([[`budget:b:80:${BURST}:actual:100`, true]]);
    // Until a receiver took it.
    const { alerts } = await order(contextAt(NOW), await catalog.checkAlerts(), {});
    await test.store.write(async (tx) => {
      for (const { key } of alerts) await keepAlertArrived(tx, test.scope, key, 0);
    });
    expect(await check(NOW)).toEqual([]);
    // Of days that were over before it was made nobody is told.
    expect(await check("2026-11-16T12:00:00Z", true)).toEqual([]);
  });

  it("tell whoever reads the webhook of no single person and no small group", async () => {
    const told = async () => {
      const { alerts } = await order(contextAt(NOW), await catalog.checkAlerts(), { look: true });
      return alerts.filter(({ kind }) => kind === "budget").map(({ title, text }) => `${title} ${text}`);
    };
    const { id: whole } = await save({ name: "All", scope: "organization", period: "month", amountUsd: "100" });
    const opus = { scope: "model", value: "claude-opus-5-5" } as const;
    const { id: small } = await save({ name: "Opus", ...opus, period: "month", amountUsd: "100" });
    const hidden = await told();
    expect(hidden).toContain("2026-11: 100 % of the budget All is spent $290.00 of $100.00 were spent in 2026-11.");
    expect(hidden.join()).toContain(`${BURST}: 100 % of a budget of a single person is spent`);
    expect(hidden.join()).not.toMatch(/Ann|Opus|\$80|\$90|\$271/);
    const mode = (named: boolean) =>
      test.store.write((tx) => setSetting(tx, test.scope, "tenant.privacy.mode", named ? '"named"' : '"teams"'));
    await mode(true);
    expect((await told()).join()).toMatch(
      /the budget Ann .*90\.00 of.*the budget Opus|the budget Opus.*the budget Ann/,
    );
    await mode(false);
    for (const id of [whole, small]) await order(contextAt(NOW), await catalog.deleteBudget(), { id });
    await expect(order(contextAt(NOW), await catalog.deleteBudget(), { id: whole })).rejects.toSatisfy((thrown) =>
      isFailure(thrown, "access.unknown"),
    );
  });

  it("are refused where nobody tells such money, without which one it is, and of people by who may not see them", async () => {
    const refused = (code: "input.invalid" | "access.above_own") => (thrown: unknown) =>
      code === "input.invalid" ? thrown instanceof Error : isFailure(thrown, code);
    const base = { name: "No", period: "day", amountUsd: "5" } as const;
    await expect(save({ ...base, scope: "workspace", value: "wrkspc_1", kind: "estimated" })).rejects.toSatisfy(
      refused("input.invalid"),
    );
    await expect(save({ ...base, scope: "model" })).rejects.toSatisfy(refused("input.invalid"));
    await expect(save({ ...base, scope: "organization", amountUsd: "0" })).rejects.toSatisfy(refused("input.invalid"));
    const admin = { ...operatorCaller("cli"), permissions: permissionsOf("admin", false) };
    const ann = { ...base, scope: "person", value: "ann@x.io" } as const;
    const asAdmin = order(contextAt(NOW, { caller: admin }), await catalog.saveBudget(), ann);
    await expect(asAdmin).rejects.toSatisfy(refused("access.above_own"));
  });

  it("are refused of what is not there, by the names that are nearest, and taken in another spelling", async () => {
    const team = (value: string) => ({ name: "T", scope: "team", value, period: "month", amountUsd: "100" }) as const;
    await test.store.write((tx) => savePerson(tx, test.scope, rosterPerson("p1", "ann@x.io", "Research")));
    const refused = async (input: Parameters<typeof save>[0]) => {
      const thrown: unknown = await save(input).catch((error: unknown) => error);
      return isFailure(thrown, "input.invalid") ? [thrown.message, thrown.hint] : thrown;
    };
    expect(await refused(team("Reserch"))).toEqual(["value: there is no team Reserch.", "Did you mean Research?"]);
    expect(await refused(team("Xy"))).toEqual([expect.anything(), "Choose one of: Research."]);
    const opus = { ...team("claude-opus-5"), scope: "model" } as const;
    expect(await refused(opus)).toEqual([expect.anything(), expect.stringContaining("claude-opus-5-5")]);

    const { id } = await save(team("research"));
    const { id: alias } = await save({ ...team("ANN@x.io"), name: "A", scope: "person" });
    const shown = async (wanted = id) => (await list()).find((one) => one.id === wanted);
    expect(await shown()).toMatchObject({ value: "Research", spentUsd: "271.00", missing: null });
    expect(await shown(alias)).toMatchObject({ value: "ann@x.io", missing: null });
    // The team goes: nothing is not told as nothing spent.
    await test.store.write((tx) => removePerson(tx, test.scope, "p1"));
    expect(await shown()).toMatchObject({ spentUsd: null, share: null, forecastUsd: null });
    expect((await shown())?.missing).toContain("No such team any more");
    // It can be changed all the same, but not be made anew.
    await save({ ...team("Research"), id, amountUsd: "50" });
    expect(await shown()).toMatchObject({ amountUsd: "50" });
    expect(await refused(team("Research"))).toHaveLength(2);
    for (const one of [id, alias]) await order(contextAt(NOW), await catalog.deleteBudget(), { id: one });
  });

  it("follow an unusual day from open over acknowledged to resolved, each with its time", async () => {
    await watchAfterSync(contextAt(NOW));
    const insights = async (more: Partial<OperationContext> = {}) =>
      (
        await runOperation(contextAt(NOW, more), await catalog.listInsights(), { from: "2026-11-10", to: "2026-11-19" })
      ).findings
        .filter(({ check }) => check === "anomaly")
        .map(({ id, life }) => [id, life?.state ?? null]);
    const whole = `anomaly:::${BURST}`;
    const ann = `anomaly:person:ann@x.io:${BURST}`;
    expect(Object.fromEntries(await insights())).toMatchObject({ [whole]: "open", [ann]: "open" });
    expect(JSON.stringify(await insights({ scope: asTeams() }))).not.toContain("ann@");

    const alerts = await order(contextAt(NOW), await catalog.checkAlerts(), { look: true });
    const told = alerts.alerts.filter(({ kind }) => kind === "anomaly").map(({ key }) => key);
    expect(told).toContain(whole);
    expect(told.filter((key) => key !== whole)).toEqual([]);

    const set = async (state: "acknowledged" | "resolved", id = whole, more: Partial<OperationContext> = {}) =>
      order(contextAt("2026-11-20T09:00:00Z", more), await catalog.setAnomalyState(), { id, state });
    await set("acknowledged");
    await expect(set("acknowledged")).rejects.toSatisfy((thrown) => isFailure(thrown, "input.invalid"));
    for (const id of [ann, `anomaly:model_family:opus:${BURST}`, "anomaly:::2026-01-01"]) {
      await expect(set("resolved", id, { scope: asTeams() })).rejects.toSatisfy((thrown) =>
        isFailure(thrown, "access.unknown"),
      );
    }
    // A group that is large enough is no secret.
    const seen = await set("acknowledged", `anomaly:model_family:opus:${BURST}`, { scope: asTeams(1) });
    expect(seen).toMatchObject({ dimension: "model_family", state: "acknowledged" });
    expect(Object.fromEntries(await insights())).toMatchObject({ [whole]: "acknowledged" });
    await set("resolved");
    const found = await runOperation(contextAt(NOW), await catalog.listInsights(), { from: BURST, to: "2026-11-19" });
    expect(found.findings.find(({ id }) => id === whole)?.life).toMatchObject({
      state: "resolved",
      openedAt: "2026-11-20T08:00:00.000Z",
      acknowledgedAt: "2026-11-20T09:00:00.000Z",
      acknowledgedBy: "cli",
      resolvedBy: "cli",
    });
  });

  it("resolve by themselves what the source restated, and only then", async () => {
    await watchAfterSync(contextAt("2026-11-21T08:00:00Z"));
    const lifeOf = async () => {
      const rows = await test.store.read((tx) => listAnomalies(tx, test.scope, 0));
      return rows.find(({ anomalyId }) => anomalyId === `anomaly:person:ann@x.io:${BURST}`);
    };
    expect(await lifeOf()).toMatchObject({ state: "open" });
    const row = (await lifeOf())!;
    await test.store.write(async (tx) => {
      await putAnomaly(tx, test.scope, {
        ...row,
        anomalyId: "anomaly:::2026-11-18",
        dimension: "",
        day: parseDay("2026-11-18"),
      });
    });
    await watchAfterSync(contextAt("2026-11-22T08:00:00Z"));
    const rows = await test.store.read((tx) => listAnomalies(tx, test.scope, 0));
    const restated = rows.find(({ anomalyId }) => anomalyId === "anomaly:::2026-11-18");
    expect(restated).toMatchObject({
      state: "resolved",
      resolvedBy: null,
      resolvedMs: Date.parse("2026-11-22T08:00:00Z"),
    });
    expect(await lifeOf()).toMatchObject({ state: "open" });
  });
});
