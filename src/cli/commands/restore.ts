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
  args: [["[dir]", "a folder that bursar backup wrote; nothing when other tools put the database in its place"]],
  options: [["--checkpoint <file>", "the newest checkpoint of this log that you have from elsewhere"]],
  examples: [
    "bursar restore ./backups/2026-11-01 --data ./bursar-data",
    "bursar restore ./backups/2026-11-01 --checkpoint ./auditor/checkpoint",
    "bursar restore --database-url postgres://localhost/bursar",
  ],
  async run(call) {
    const { io, args, options, globals } = call;
    const file = options.text("checkpoint");
    const done = args[0] === undefined ? lookOnly(file) : await putBack(call, args[0], file);
    const tenants = await looked(call);
    const troubled = tenants.filter(({ trouble }) => trouble !== null);
    if (globals.json) await io.out(jsonText({ ...done, tenants }));
    else {
      const known = troubled.map(({ tenant, trouble }) => `${shown(tenant)}:\n${troubleText(trouble, call)}`);
      const unknown =
        file === undefined && troubled.length === 0
          ? [
              "What was signed after this backup is not known here. If there is a later checkpoint (an auditor's copy, an export), take its leaves with bursar ledger recover --from EXPORT before anything else: a sync from here would be another history.",
            ]
          : [];
      await io.out(
        [
          ...(done === null ? [] : restoredLines(done)),
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

function lookOnly(file: string | undefined): null {
  if (file === undefined) return null;
  throw new Failure("input.invalid", {
    field: "checkpoint",
    problem: "goes with the folder of a backup",
    remedy: "Put it into the data folder yourself, as checkpoints/TENANT, before the first start.",
  });
}

async function putBack({ io, globals, world }: Call, dir: string, file: string | undefined) {
  const { dataDir, isEmbedded } = world.dataPlace(globals);
  if (!isEmbedded) throw new Failure("store.own_backup");
  const checkpoint = file === undefined ? undefined : await readText("--checkpoint", file);
  const steps = stepDisplay(io);
  const input = { from: dir, to: dataDir, checkpoint };
  return runWithoutRecord(await catalog.restoreBackup(), input, steps.show).finally(steps.end);
}

function restoredLines(done: Awaited<ReturnType<typeof putBack>>): string[] {
  const at = done.madeAt.slice(0, 16).replace("T", " ");
  const restored = `Restored ${grouped(done.bytes)} bytes of ${at} UTC into ${shown(done.dataDir)}.`;
  const kek = `No key-encryption key is here: give the one that was in ${shown(done.kekFile)} (BURSAR_KEK_FILE).`;
  return done.hasKek ? [restored] : [restored, kek];
}

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
