import { expect, it } from "vitest";

import { catalog, runOperation } from "../../src/operations/index.ts";
import { withSessions } from "../support/sessions.ts";

it("status advises a sync first, and afterwards shows how it went and when", () =>
  withSessions(async ({ open, emulator }) => {
    const context = await open();
    const { url, keys } = await emulator(3);
    const upstream = { url, isChosen: true };
    const input = { name: "main", key: keys.admin, from: "2026-10-29" };
    await runOperation({ ...context, upstream }, await catalog.connect(), input);
    const status = async () => runOperation(context, await catalog.status(), {});
    const before = await status();
    expect(before.advice[0]).toMatch(/^main: nothing was read yet; run bursar sync, or bursar backfill --all /);
    expect(before.lastRun).toBeNull();

    const { runs } = await runOperation(context, await catalog.sync(), {});
    const { outcome, startedAt, endedAt } = runs[0]!;
    expect((await status()).lastRun).toEqual({ outcome, startedAt, endedAt });
  }));

it("the runs are listed with what each stream brought and what stopped it", () =>
  withSessions(async ({ open, emulator }) => {
    const context = await open();
    const { url, keys, revoke } = await emulator(3);
    const upstream = { url, isChosen: true };
    const input = { name: "main", key: keys.admin, from: "2026-10-29" };
    await runOperation({ ...context, upstream }, await catalog.connect(), input);
    const list = async () => (await runOperation(context, await catalog.listRuns(), {})).runs;
    expect(await list()).toEqual([]);

    const good = (await runOperation(context, await catalog.sync(), {})).runs[0]!;
    revoke(keys.admin);
    const bad = (await runOperation(context, await catalog.sync(), {})).runs[0]!;
    const listed = await list();
    const byId = (id: string) => listed.find(({ runId }) => runId === id)!;
    const { report, outcome } = byId(good.runId);
    expect(outcome).toBe("complete");
    expect(report?.connection).toBe("main");
    expect(report?.streams.map(({ stream, rows }) => [stream, rows])).toEqual(
      good.streams.map(({ stream, rows }) => [stream, rows]),
    );
    expect(byId(bad.runId).report?.streams.map(({ failure }) => failure?.code)).toContain("source.credential_refused");
  }));
