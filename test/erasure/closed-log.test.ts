import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import { expect, it } from "vitest";

import { verifyExport } from "../../src/ledger/index.ts";
import { catalog, runOperation } from "../../src/operations/index.ts";
import { exportTo, syncMain } from "../support/rolled-back.ts";
import { withSomebody } from "../support/somebody.ts";
import { bytesBelow, foundIn } from "../support/spellings.ts";

it("an erasure reaches logs that ended, of keys that were changed and lost, and their proofs stay", () =>
  withSomebody(async ({ context, ada, folder, beside, open }) => {
    const identifiers = [ada.email, ada.name, ada.userId];
    await runOperation(context, await catalog.rotateLogKey(), {});
    await exportTo(context, beside("before"));
    const old = (await runOperation(context, await catalog.ledgerSummary(), {})).ledger!.checkpoint!;
    await context.store.close();
    const database = new DatabaseSync(join(folder, "bursar.db"));
    database.exec("delete from secrets where purpose = 'log-key'");
    database.close();
    const anew = await open();
    const begun = await runOperation(anew, await catalog.newLog(), { reason: "the key is lost", newKey: true });
    await syncMain(anew, "2026-10-29");
    expect(foundIn(await bytesBelow(folder), identifiers)).toEqual(identifiers);

    const { held } = await runOperation(anew, await catalog.erasePerson(), { person: ada.email, confirm: ada.email });
    expect(held.closedLeaves).toBeGreaterThan(0);
    expect(foundIn(await bytesBelow(folder), identifiers)).toEqual([]);
    expect(await runOperation(anew, await catalog.verify(), {})).toMatchObject({ ok: true, failures: [] });
    const exportOld = async (dir: string, payloads: boolean) =>
      runOperation(anew, await catalog.exportLedger(), { dir, log: begun.closed, payloads });
    await expect(exportOld(beside("content"), true)).rejects.toMatchObject({ code: "input.invalid" });
    await rm(beside("content"), { recursive: true, force: true });
    await exportOld(beside("old"), false);
    const known = { vkey: old.vkeys, checkpoint: old.note };
    expect(await verifyExport(beside("old"), known)).toMatchObject({ ok: true, size: old.size });
    // Handed out before: the content went with it.
    expect(await verifyExport(beside("before"), known)).toMatchObject({ ok: true, size: old.size });

    await syncMain(anew, "2026-10-29");
    await exportTo(anew, beside("after"));
    const kept = await Promise.all(["data", "old", "after"].map((name) => bytesBelow(beside(name))));
    expect(foundIn(kept.join("\n"), identifiers)).toEqual([]);
  }));
