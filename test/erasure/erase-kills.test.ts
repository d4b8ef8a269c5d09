import { cp, rm } from "node:fs/promises";

import { expect, it } from "vitest";

import { catalog, runOperation } from "../../src/operations/index.ts";
import { countSteps, runKilled, runProgram, stepsToKill } from "../support/processes.ts";
import { exportTo, syncMain } from "../support/rolled-back.ts";
import { withSomebody } from "../support/somebody.ts";
import { bytesBelow, foundIn } from "../support/spellings.ts";

/** Kills at durable steps in the regular check; in the full one at every step, and between so many statements. */
const SAMPLE = 2;
const MOMENTS = process.env["BURSAR_FULL"] ? 30 : 0;
if (MOMENTS === 0) console.warn("erase-kills: kills between statements are left out; BURSAR_FULL=1 runs them");

it(
  "an erasure that is killed is finished by the same command, and leaves nothing of the person",
  () =>
    withSomebody(async ({ context, world, ada, folder, beside, open }) => {
      const identifiers = [ada.email, ada.name, ada.userId, "ada.alias@example.org", "Ada asked"];
      await exportTo(context, beside("before"));
      const checkpoint = (await runOperation(context, await catalog.ledgerSummary(), {})).ledger!.checkpoint!.note;
      await context.store.close();
      expect(foundIn(await bytesBelow(folder), identifiers)).toEqual(identifiers);

      const order = ["erase", ada.email, "--yes"];
      const at = (data: string, on: string) => ({
        cwd: beside(""),
        env: { BURSAR_DATA: beside(data), BURSAR_UPSTREAM: world.url, KILL_ON: on },
      });
      const stepsOf = async (on: string): Promise<number> => {
        await cp(folder, beside(`undisturbed-${on}`), { recursive: true });
        const { code, err, steps } = await countSteps(order, at(`undisturbed-${on}`, on));
        expect(code, err).toBe(0);
        return steps;
      };
      const moments = stepsToKill(await stepsOf("commit"), SAMPLE).map((killAt) => ({ killAt, on: "commit" }));
      if (MOMENTS > 0) {
        const apart = (await stepsOf("statement")) / (MOMENTS + 1);
        for (let n = 1; n <= MOMENTS; n += 1) moments.push({ killAt: Math.ceil(n * apart), on: "statement" });
      }

      for (const { killAt, on } of moments) {
        const data = `${on}-${killAt}`;
        await cp(folder, beside(data), { recursive: true });
        expect((await runKilled(order, killAt, at(data, on))).signal, data).toBe("SIGKILL");
        const { code, err } = await runProgram(order, at(data, on));
        expect(code, `${data}: ${err}`).toBe(0);
        expect(foundIn(await bytesBelow(beside(data)), identifiers), data).toEqual([]);

        const again = await open(beside(data));
        await syncMain(again, "2026-10-29");
        expect(await runOperation(again, await catalog.verify(), { checkpoint }), data).toMatchObject({ ok: true });
        const dir = beside(`${data}-export`);
        await exportTo(again, dir);
        expect(await runOperation(again, await catalog.verify(), { dir, checkpoint }), data).toMatchObject({
          ok: true,
        });
        await again.store.close();
        const kept = await Promise.all([beside(data), dir].map(bytesBelow));
        expect(foundIn(kept.join("\n"), identifiers), data).toEqual([]);
        await rm(beside(data), { recursive: true });
        await rm(dir, { recursive: true });
      }
      // Proofs that were handed out before, of what is erased now too.
      expect(await runOperation(context, await catalog.verify(), { dir: beside("before") })).toMatchObject({
        ok: true,
      });
    }),
  1_200_000,
);
