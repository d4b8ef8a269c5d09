import { describe, expect, it } from "vitest";

import { picoUsdFromDollars } from "../../domain/index.ts";
import type { BudgetRow } from "../../store/index.ts";
import type { Status } from "../../sync/index.ts";
import { alertsOf } from "./alerts.ts";

const usd = (amount: string) => picoUsdFromDollars(amount).picoUsd;
const NOW = Date.parse("2026-11-20T00:00:00Z");
const QUIET: Status = { tenant: "default", connections: [], ledger: null };
const NOTHING = { nowMs: NOW, expiries: [], budgets: [], anomalies: [], ledger: null };

type Connection = Status["connections"][number];
type Stream = Connection["streams"][number];

function connection(state: Connection["state"], streams: readonly Partial<Stream>[] = []): Status {
  const line = { title: "Cost", error: null, lastReadAt: "2026-11-19T00:00:00.000Z", ...streams[0] };
  const one = { connection: "main", state, fingerprint: "0a1b2c3d", streams: streams.length > 0 ? [line] : [] };
  return { ...QUIET, connections: [one as unknown as Connection] };
}

const MONTH: BudgetRow = {
  budgetId: "monthly",
  name: "The organization",
  scope: "organization",
  value: null,
  period: "month",
  amountUsd: "100",
  kind: "estimated",
  thresholds: [50, 75, 90, 100],
  basis: ["actual", "forecast"],
  createdMs: 0,
};

const budget = (actual: string, forecast: string | null, isOver = false, of: Partial<BudgetRow> = {}) => {
  const amounts = { actual: usd(actual), forecast: forecast === null ? null : usd(forecast) };
  const instance = { span: { from: 0, to: 30 }, label: "2026-11", isOver, ...amounts };
  const state = {
    budget: { ...MONTH, ...of },
    instances: [instance],
    reason: null,
    unavailable: null,
    called: null,
    missing: null,
  };
  return { ...NOTHING, budgets: [state] };
};

describe("alerts", () => {
  it("are none where all is well", () => {
    expect(alertsOf(connection("active", [{ state: "ok", stream: "cost_report" }]), NOTHING)).toEqual([]);
  });

  it("tell of a failed stream once until it was read again", () => {
    const failed = (lastReadAt: string) =>
      alertsOf(connection("active", [{ state: "failed", stream: "cost_report", lastReadAt }]), NOTHING).map(
        ({ kind, key }) => [kind, key],
      );
    const [first] = failed("2026-11-18T00:00:00.000Z");
    expect(first).toEqual(["sync_failed", "sync_failed:main:cost_report@2026-11-18T00:00:00.000Z"]);
    expect(failed("2026-11-18T00:00:00.000Z")).toEqual([first]);
    expect(failed("2026-11-19T00:00:00.000Z")).not.toEqual([first]);
  });

  it("tell of a refused key, and not of a connection that was ended", () => {
    expect(alertsOf(connection("invalid"), NOTHING).map(({ key }) => key)).toEqual(["key_refused:main:0a1b2c3d"]);
    expect(alertsOf(connection("disconnected"), NOTHING)).toEqual([]);
  });

  it("tell once that a witness objects, however much is recorded meanwhile", () => {
    const ledger = { kind: "witness_objects", says: "A witness objects.", signed: 12 } as const;
    const alerts = alertsOf(QUIET, { ...NOTHING, ledger });
    expect(alerts.map(({ key, kind, severity }) => [key, kind, severity])).toEqual([
      ["ledger:witness_objects:12", "ledger", "high"],
    ]);
  });

  it.each([
    ["2026-12-05T00:00:00Z", []],
    ["2026-12-04T00:00:00Z", ["key_expiring:main:2026-12-04T00:00:00Z:14"]],
    ["2026-11-23T00:00:00Z", ["key_expiring:main:2026-11-23T00:00:00Z:3"]],
    ["2026-11-19T00:00:00Z", ["key_expiring:main:2026-11-19T00:00:00Z:0"]],
  ])("tell two weeks and three days before a key ends at %s", (expiresAt, keys) => {
    const facts = { ...NOTHING, expiries: [{ connection: "main", expiresAt }] };
    expect(alertsOf(QUIET, facts).map(({ key }) => key)).toEqual(keys);
  });

  it.each([
    ["49.99", "60", []],
    ["50", "60", ["budget:100:2026-11:actual:50"]],
    ["89.99", "100", ["budget:100:2026-11:actual:75"]],
    ["90", "100.01", ["budget:100:2026-11:actual:90", "budget:100:2026-11:forecast:100"]],
    ["100", "130", ["budget:100:2026-11:actual:100"]],
    ["10", null, []],
  ])("tell the highest threshold that $%s of $100 with a forecast of %s crosses", (actual, forecast, keys) => {
    expect(alertsOf(QUIET, budget(actual, forecast)).map(({ key }) => key)).toEqual(keys);
  });

  it.each([
    [{ basis: ["actual"] as const }, "80", "200", ["budget:b1:100:2026-11:actual:75"]],
    [{ basis: ["forecast"] as const }, "80", "95", ["budget:b1:100:2026-11:forecast:90"]],
    [{ thresholds: [120, 10] }, "10", "130", ["budget:b1:100:2026-11:actual:10", "budget:b1:100:2026-11:forecast:120"]],
    [{ thresholds: [50] }, "50", "90", ["budget:b1:100:2026-11:actual:50"]],
  ])("hold a budget of its own to its thresholds and basis: %j", (of, actual, forecast, keys) => {
    const facts = budget(actual, forecast, false, { budgetId: "b1", name: "Core", ...of });
    const alerts = alertsOf(QUIET, facts);
    expect(alerts.map(({ key }) => key)).toEqual(keys);
    expect(alerts[0]!.title).toContain("the budget Core");
  });

  it("tell of an unusual day once", () => {
    const anomalies = [{ anomalyId: "anomaly:::2026-11-18", title: "The organization spent $90", day: 20_775 }];
    const [told] = alertsOf(QUIET, { ...NOTHING, anomalies });
    expect(told).toMatchObject({ key: "anomaly:::2026-11-18", kind: "anomaly", late: false });
  });

  it("say when a month that is over crossed one late", () => {
    expect(alertsOf(QUIET, budget("75", null, true))[0]).toMatchObject({ late: true });
    expect(alertsOf(QUIET, budget("75", null))[0]).toMatchObject({ late: false });
  });
});
