import { Failure } from "../../domain/index.ts";
import { catalog, runOperation, runWithoutRecord } from "../../operations/index.ts";
import type { Call, Command } from "../command.ts";
import { troubleText } from "../ledger-care.ts";
import { readText } from "../read-text.ts";
import { stepDisplay } from "../step-display.ts";
import { counted, grouped, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const LOCAL_FAULT = 5;

export const restore: Command = {
  args: [["<dir>", "a folder that bursar backup wrote"]],
  options: [["--checkpoint <file>", "the newest checkpoint of this log that you have from elsewhere"]],
  examples: [
    "bursar restore ./backups/2026-11-01 --data ./bursar-data",
    "bursar restore ./backups/2026-11-01 --checkpoint ./auditor/checkpoint",
  ],
  async run(call) {
    const { io, args, options, globals, world } = call;
    const { dataDir, isEmbedded } = world.dataPlace(globals);
    if (!isEmbedded) throw new Failure("store.own_backup");
    const file = options.text("checkpoint");
    const checkpoint = file === undefined ? undefined : await readText("--checkpoint", file);
    const steps = stepDisplay(io);
    const input = { from: args[0] ?? "", to: dataDir, checkpoint };
    const done = await runWithoutRecord(await catalog.restoreBackup(), input, steps.show).finally(steps.end);
    const tenants = await looked(call);
    const troubled = tenants.filter(({ trouble }) => trouble !== null);
    if (globals.json) await io.out(jsonText({ ...done, tenants }));
    else {
      const kek = done.hasKek
        ? []
        : [`No key-encryption key is here: give the one that was in ${shown(done.kekFile)} (BURSAR_KEK_FILE).`];
      const known = troubled.map(({ tenant, trouble }) => `${shown(tenant)}:\n${troubleText(trouble, call)}`);
      const unknown =
        file === undefined && troubled.length === 0
          ? [
              "What was signed after this backup is not known here. If there is a later checkpoint (an auditor's copy, an export), take its leaves with bursar ledger recover --from EXPORT before anything else: a sync from here would be another history.",
            ]
          : [];
      await io.out(
        [
          `Restored ${grouped(done.bytes)} bytes of ${done.madeAt.slice(0, 16).replace("T", " ")} UTC into ${shown(done.dataDir)}.`,
          ...kek,
          ...unknown,
          ...known,
          ...tenants
            .filter(({ forgotten }) => forgotten !== 0)
            .map(({ tenant, forgotten }) =>
              forgotten === null
                ? `${shown(tenant)}: people who were erased since are in this backup; they are erased again once the ledger is mended.`
                : `${shown(tenant)}: erased again ${counted(forgotten, "content")} about people who were erased since.`,
            ),
          "",
        ].join("\n"),
      );
    }
    return troubled.length === 0 ? 0 : LOCAL_FAULT;
  },
};

/** What the guard says of each tenant's ledger, now that the database is in its place. */
async function looked(call: Call) {
  const { tenants } = await withSession(call, "change", async (context) =>
    runOperation(context, await catalog.listTenants(), {}),
  );
  const found = [];
  for (const { name } of tenants) {
    const own = { ...call, globals: { ...call.globals, tenant: name } };
    const { trouble, erased, forgotten } = await withSession(own, "change", async (context) =>
      runOperation(context, await catalog.restored(), {}),
    );
    found.push({ tenant: name, trouble, erased, forgotten });
  }
  return found;
}
