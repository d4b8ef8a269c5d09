import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { verifyExport } from "../../src/ledger/index.ts";
import {
  anchorTenant,
  catalog,
  ledgerWarnings,
  runOperation,
  type OperationContext,
} from "../../src/operations/index.ts";
import { readLeaves } from "../../src/store/index.ts";
import { exported, ledgerSummary, recordSomething, settings, startWitness, timed } from "../support/anchoring.ts";
import { openTimestampsMissing, readByLibrary, startCalendar } from "../support/open-timestamps.ts";
import { startService } from "../support/outside.ts";
import { withSessions } from "../support/sessions.ts";
import { openTimeStampAuthority, opensslMissing, opensslVerify } from "../support/time-stamp-authority.ts";

const HOUR = 3_600_000;
const missing = opensslMissing() ?? openTimestampsMissing();
if (missing !== null) console.warn(`anchors: partly skipped, ${missing}`);

const now = async (context: OperationContext) => {
  const { outcomes } = await runOperation(context, await catalog.anchorNow(), {});
  return outcomes.map(({ says, problem }) => problem?.code ?? says);
};
const states = async (context: OperationContext) => (await ledgerSummary(context)).anchors.states;
const anchorLeaves = async ({ store, scope }: OperationContext) => {
  const leaves = await store.read((tx) => readLeaves(tx, scope, 0, 10_000));
  return leaves.flatMap(({ payload }) => {
    const said = JSON.parse(payload ?? "{}") as { kind?: string; state?: string; size?: number };
    return said.kind === undefined ? [] : [`${said.kind} ${said.state} ${said.size}`];
  });
};
const due = (context: OperationContext) => anchorTenant(context, { isAsked: false });

it("a ledger that nobody was named for is signed only, and nothing leaves", () =>
  withSessions(async ({ open }) => {
    const context = timed(await open());
    await expect(now(context)).rejects.toMatchObject({ code: "ledger.unsigned" });
    await recordSomething(context);
    expect(await now(context)).toEqual([]);
    expect(await states(context)).toEqual(["signed only"]);
    expect((await runOperation(context, await catalog.status(), {})).anchors).toEqual(["signed only"]);
    expect(await anchorLeaves(context)).toEqual([]);
  }));

describe("witnesses", () => {
  it("cosign every checkpoint, and their lines go along with an export", () =>
    withSessions(async ({ open, folder }) => {
      const context = timed(await open());
      await recordSomething(context);
      const { vkeys } = (await ledgerSummary(context)).ledger!.checkpoint!;
      const [one, two] = await Promise.all(
        ["w1", "w2"].map((name) => startWitness(join(folder, name), vkeys, context.clock)),
      );
      await settings(context, { "anchors.witnesses": [one!.line, two!.line], "anchors.quorum": 1 });
      await recordSomething(context);
      await due(context);
      expect(await states(context)).toEqual(["witnessed 2 of 2"]);
      const dir = await exported(context, folder);
      const found = await verifyExport(dir, { vkey: vkeys, witnesses: [one!.vkey, two!.vkey] });
      expect(found.failures).toEqual([]);
      expect(found.cosignedBy.map(({ name }) => name).toSorted()).toEqual(["witness.example/w1", "witness.example/w2"]);

      // One of them is away: the other suffices for the quorum, and a stranger who wants both is told.
      await two!.close();
      context.clock.set(context.clock.now() + HOUR);
      await recordSomething(context);
      await due(context);
      expect(await states(context)).toEqual(["witnessed 1 of 2"]);
      const later = await exported(context, folder);
      expect(await verifyExport(later, { witnesses: [one!.vkey, two!.vkey], quorum: 1 })).toMatchObject({ ok: true });
      const both = await verifyExport(later, { witnesses: [one!.vkey, two!.vkey] });
      expect(both.failures[0]?.what).toContain("cosigned by 1 of the 2 witnesses you named, not by 2");

      // Asked again when nothing is due: nothing grows.
      const { size } = (await ledgerSummary(context)).ledger!;
      for (let round = 0; round < 3; round += 1) {
        context.clock.set(context.clock.now() + 12 * HOUR);
        await due(context);
      }
      expect((await ledgerSummary(context)).ledger!.size).toBe(size);
      expect((await anchorLeaves(context)).map((line) => line.split(" ", 2).join(" "))).toEqual([
        "witness cosigned",
        "witness cosigned",
      ]);
      await one!.close();
    }));

  it("that hold another history stop the signing, not the recording; an operator starts it again", () =>
    withSessions(async ({ open }) => {
      const context = timed(await open());
      await recordSomething(context);
      const signed = (await ledgerSummary(context)).ledger!.checkpoint!.size;
      const service = await startService(() => ({
        status: 409,
        headers: { "content-type": "text/x.tlog.size" },
        body: "1000\n",
      }));
      const vkey = "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";
      await settings(context, { "anchors.witnesses": [`${service.url.href} ${vkey}`] });
      const size = await recordSomething(context);
      expect(size).toBeGreaterThan(signed);
      expect(await now(context)).toEqual(["ledger.forked"]);
      expect(await recordSomething(context)).toBe(await recordSomething(context));
      const after = await ledgerSummary(context);
      expect(after.ledger!.size).toBeGreaterThan(after.ledger!.checkpoint!.size);
      expect(after.trouble).toMatchObject({ kind: "witness_objects", choices: expect.any(Array) });
      expect((await ledgerWarnings(context)).map(({ code }) => code)).toContain("ledger_witness_objects");
      const { advice } = await runOperation(context, await catalog.status(), {});
      expect(advice[0]).toMatch(/witness\.example\/w1 holds another history.*Nothing is signed until you decide/);

      // The witness turns out to have watched something else; it answers well from now on.
      service.answer = () => ({ status: 500 });
      const resumed = await runOperation(context, await catalog.resumeSigning(), { reason: "a test installation" });
      expect(resumed.signedSize).toBe(after.ledger!.size);
      expect((await ledgerSummary(context)).trouble).toBeNull();
      await expect(runOperation(context, await catalog.resumeSigning(), { reason: "again" })).rejects.toMatchObject({
        code: "input.invalid",
      });
      await service.close();
    }));
});

describe.skipIf(missing !== null)("time stamps", () => {
  it("are kept with the checkpoint they are on, recorded, exported, and read by openssl and Python", () =>
    withSessions(async ({ open, folder }) => {
      const context = timed(await open());
      const authority = await openTimeStampAuthority(join(folder, "tsa"));
      const tsa = await startService(async ({ body }) => ({ body: await authority.answer(body) }));
      const calendar = await startCalendar();
      await settings(context, {
        "anchors.authorityUrl": tsa.url.href,
        "anchors.authorityCertificates": authority.ca,
        "anchors.calendars": [calendar.url],
        "anchors.headersUrl": calendar.url,
      });
      const size = await recordSomething(context);
      expect(await now(context)).toEqual([
        expect.stringMatching(/^stamped by 127\.0\.0\.1:\d+ at \d{4}-/),
        expect.stringMatching(/^pending at 127\.0\.0\.1:\d+$/),
      ]);
      expect(await anchorLeaves(context)).toEqual([`rfc3161 stamped ${size}`, `ots pending ${size}`]);
      expect(await states(context)).toEqual([
        expect.stringMatching(/^stamped by/),
        expect.stringMatching(/^pending at .*, at \d+ leaves$/),
      ]);

      // Exportable at once: the leaves that record them are signed.
      const pending = await verifyExport(await exported(context, folder));
      expect(pending).toMatchObject({ ok: true, stamps: [{ kind: "ots" }, { kind: "rfc3161" }] });
      expect(pending.stamps[0]?.says).toEqual([`pending at ${calendar.url}, so not anchored`]);

      const height = await calendar.mine();
      context.clock.set(context.clock.now() + 2 * HOUR);
      await due(context);
      expect((await states(context)).at(-1)).toBe(`in Bitcoin block ${height} (header checked), at ${size} leaves`);
      expect(await anchorLeaves(context)).toHaveLength(3);

      const dir = await exported(context, folder);
      const at = join(dir, "anchors", String(size));
      expect((await readdir(at)).toSorted()).toEqual(["checkpoint", "checkpoint.ots", "checkpoint.tsr", "tsa-ca.pem"]);
      const checkpoint = await readFile(join(at, "checkpoint"));
      expect(await opensslVerify(at)).toBe("Verification: OK");
      expect(
        await readByLibrary(await readFile(join(at, "checkpoint.ots")), checkpoint, await calendar.header(height)),
      ).toContain(`bitcoin ${height} at 1700000000`);

      const found = await verifyExport(dir, { authorities: authority.ca });
      expect(found).toMatchObject({ ok: true, failures: [] });
      expect(found.stamps.map(({ says }) => says)).toEqual([
        [`in Bitcoin block ${height}`],
        [expect.stringMatching(/^stamped by Test authority at/)],
      ]);
      // Said is what was not looked at: a block's header needs somebody to ask.
      expect(found.stamps.map(({ notChecked }) => notChecked.length)).toEqual([1, 0]);
      expect(found.notes.join("\n")).toContain(`that the Merkle root of Bitcoin block ${height} is`);
      const other = await openTimeStampAuthority(join(folder, "other"));
      const distrusting = await verifyExport(dir, { authorities: other.ca });
      expect(distrusting.failures.map(({ what }) => what).join()).toContain("does not lead to the authority you named");
      expect((await runOperation(context, await catalog.verify(), {})).ok).toBe(true);

      // A stamp of another checkpoint is a stamp on nothing here.
      const stamp = await readFile(join(at, "checkpoint.tsr"));
      stamp[stamp.length - 1]! ^= 1;
      await writeFile(join(at, "checkpoint.tsr"), stamp);
      expect((await verifyExport(dir)).failures.map(({ file }) => file)).toEqual([`anchors/${size}/checkpoint.tsr`]);
      await calendar.close();
      await tsa.close();
    }));
});

describe("services that fail", () => {
  it("hold up nothing, are asked again ever more seldom, and are told after two days", () =>
    withSessions(async ({ open, folder }) => {
      const context = timed(await open());
      const service = await startService(() => ({ status: 500 }));
      const { host } = service.url;
      await settings(context, {
        "anchors.authorityUrl": `${service.url.href}tsr`,
        "anchors.calendars": [service.url.href],
        "anchors.copyWebhookUrl": `${service.url.href}keep`,
        "anchors.everyHours": 6,
      });
      const size = await recordSomething(context);
      expect(await now(context)).toEqual(["anchor.unreachable", "anchor.unreachable", "anchor.unreachable"]);
      expect(await anchorLeaves(context)).toEqual([]);
      expect(await states(context)).toEqual(["signed only"]);
      expect(await recordSomething(context)).toBeGreaterThan(size);

      const asked = () => service.asked.filter(({ path }) => path === "/tsr").length;
      const before = asked();
      const start = context.clock.now();
      for (let minute = 1; minute <= 60; minute += 1) {
        context.clock.set(start + minute * 60_000);
        await due(context);
      }
      // After 1, 3, 7, 15 and 31 minutes.
      expect(asked() - before).toBe(5);
      expect(await ledgerWarnings(context)).toEqual([]);
      context.clock.set(start + 48 * HOUR);
      const warnings = await ledgerWarnings(context);
      expect(warnings.map(({ code }) => code)).toEqual(["anchor_failing", "anchor_failing", "anchor_failing"]);
      expect(warnings.map(({ text }) => text).join("\n")).toContain(`${host} has given nothing for 2 days`);
      // What an address holds that its owner keeps to himself is told nobody.
      expect(JSON.stringify(warnings)).not.toContain("/keep");

      // It comes back: the newest checkpoint is handed over, not those that were waited with.
      service.answer = ({ path }) => ({ status: path === "/keep" ? 200 : 500 });
      const latest = await recordSomething(context);
      await due(context);
      const { anchors } = await runOperation(context, await catalog.listAnchors(), {});
      expect(anchors.map(({ kind, state, size: of }) => [kind, state, of])).toEqual([
        ["copy", "copied", latest],
        ["ots", "waiting", latest],
        ["rfc3161", "waiting", latest],
      ]);
      expect(await exported(context, folder)).toBeTypeOf("string");
      await service.close();
    }));

  it.skipIf(missing !== null)(
    "F86: what is pending for 48 hours is warned of, everywhere, and is never called anchored",
    () =>
      withSessions(async ({ open }) => {
        const context = timed(await open());
        const calendar = await startCalendar();
        await settings(context, { "anchors.calendars": [calendar.url] });
        await recordSomething(context);
        await now(context);
        context.clock.set(context.clock.now() + 48 * HOUR - 1);
        await due(context);
        expect(await ledgerWarnings(context)).toEqual([]);
        context.clock.set(context.clock.now() + 1);
        const [warning] = await ledgerWarnings(context);
        expect(warning).toMatchObject({
          code: "anchor_pending",
          text: expect.stringMatching(/pending at .* for 2 days: it is not anchored/),
        });
        const { anchors } = await ledgerSummary(context);
        expect(anchors.warnings).toEqual([warning]);
        const { advice } = await runOperation(context, await catalog.status(), {});
        expect(advice.join()).toContain("it is not anchored");
        const health = await runOperation(context, await catalog.dataHealth(), {});
        expect(health.troubles.map(({ code }) => code)).toContain("anchor_pending");
        expect(JSON.stringify(anchors.states)).not.toMatch(/block|anchored/);
        await calendar.close();
      }),
  );

  it("whose address is private are not asked unless the operator named them", () =>
    withSessions(async ({ open }) => {
      const context = timed(await open());
      const service = await startService(() => ({}));
      await settings(context, { "anchors.authorityUrl": service.url.href });
      await recordSomething(context);
      const outside = { ...context.outside, privateHosts: [] };
      expect(await now({ ...context, outside })).toEqual(["anchor.address"]);
      expect(service.asked).toEqual([]);
      const [warning] = await ledgerWarnings(context);
      expect(warning?.code).toBe("anchor_misconfigured");
      await service.close();
    }));
});

it("an auditor's folder gets each checkpoint once a day, as a file that proves what follows", () =>
  withSessions(async ({ open, folder }) => {
    const context = timed(await open());
    const copies = join(folder, "copies");
    const copying: OperationContext = { ...context, outside: { ...context.outside, copyFolder: copies } };
    const size = await recordSomething(context);
    await due(copying);
    await recordSomething(context);
    await due(copying);
    expect(await readdir(join(copies, "default"))).toEqual([`${size}.checkpoint`]);
    context.clock.set(context.clock.now() + 24 * HOUR);
    await due(copying);
    expect(await readdir(join(copies, "default"))).toHaveLength(2);
    const kept = await readFile(join(copies, "default", `${size}.checkpoint`), "utf8");
    const dir = await exported(context, folder);
    expect(await verifyExport(dir, { checkpoint: kept })).toMatchObject({ ok: true });
    await rm(dir, { recursive: true });
  }));
