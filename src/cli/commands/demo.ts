import { linkAddress } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import type { Emulator } from "../../emulator/index.ts";
import { catalog, runOperation, type OperationContext } from "../../operations/index.ts";
import type { Call, Command, Globals } from "../command.ts";
import { demoFolder } from "../demo-folder.ts";
import { compareWithTruth, type Compared } from "../demo-truth.ts";
import { exitOf, withProgress } from "../run-sync.ts";
import { emulatorOf } from "../start-emulator.ts";
import { styleOf } from "../style.ts";
import { tableText } from "../table.ts";
import { counted, duration, grouped, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const HOUR = 3_600_000;

export const demo: Command = {
  options: [
    ["--once", "end after the summary"],
    ["--people <number>", "people of the invented organization (200)"],
    ["--days <number>", "days of history (90)"],
    ["--seed <number>", "what everything is invented from (1)"],
  ],
  examples: ["bursar demo", "bursar demo --once --people 30 --days 14"],
  async run(call) {
    const { world, io, globals, options, signal } = call;
    const data = demoFolder(globals.settings.data ?? io.env["BURSAR_DATA"]);
    const emulator = await emulatorOf({
      people: options.whole("people", 1, 5_000),
      days: options.whole("days", 1, 400),
      seed: options.whole("seed", 0, 2 ** 31),
    });
    try {
      const { listen } = globals.settings;
      const settings = { data, upstream: emulator.url, ...(listen === undefined ? {} : { listen }) };
      const own: Globals = { ...globals, settings, isolated: true };
      const exit = await fillAndCompare({ ...call, globals: own }, emulator, data);
      if (exit !== 0 || options.flag("once") || signal.aborted) return exit;
      const token = await demoAdmin({ ...call, globals: own });
      const anyPort = listen === undefined && !io.env["BURSAR_LISTEN"];
      const onListening = (url: string) => {
        io.err(`bursar: serving on ${url}, in sync with the invented organization; Ctrl-C ends\n`);
        io.err(`bursar: open ${linkAddress(url, token)}\n`);
        // As a script of npm nobody has put it on the path yet.
        const program = io.env["npm_lifecycle_event"] === "demo" ? "bin/bursar.js" : "bursar";
        io.err(`bursar: in another terminal: ${program} report cost --by model --data ${data}\n`);
      };
      await world.serve(own, { everyMs: HOUR, signal, onListening, anyPort });
      return 0;
    } finally {
      await emulator.close();
    }
  },
};

/** Somebody who sees everything of the invented organization. @returns the token of a link that signs them in. */
async function demoAdmin(call: Call): Promise<string> {
  return withSession(call, "change", async (context) => {
    const admin = { email: "demo@example.com", name: "Demo admin", role: "admin", people: true } as const;
    const { account } = await runOperation(context, await catalog.inviteAccount(), admin);
    // So that "My usage" has something to show: the busiest of all.
    const busiest = await runOperation(context, await catalog.listPeopleUsage(), { limit: 1 });
    const personId = busiest.rows[0]?.personId ?? null;
    await runOperation(context, await catalog.changeAccount(), { account: account.id, personId });
    const order = { account: account.id, purpose: "sign-in" } as const;
    return (await runOperation(context, await catalog.issueSignInLink(), order)).link.token;
  });
}

async function fillAndCompare(call: Call, emulator: Emulator, data: string): Promise<number> {
  const { io, globals } = call;
  const truth = emulator.world.truth();
  return withSession(call, "write", async (context) => {
    const began = performance.now();
    const connected = await runOperation(context, await catalog.connect(), { name: "demo", key: emulator.keys.admin });
    const reachable = connected.streams.filter(({ outcome }) => outcome === "reachable").length;
    io.err(`bursar: connected ${shown(connected.organizationName)}: ${counted(reachable, "stream")} reachable\n`);
    const operation = await catalog.backfill();
    const filled = await withProgress(call, context, (watched) =>
      runOperation(watched, operation, { from: truth.from }),
    );
    const took = performance.now() - began;
    if (filled.outcome !== "complete") {
      const [failed] = filled.runs.flatMap(({ streams }) => streams).flatMap(({ failure }) => failure ?? []);
      io.err(`bursar: the back-fill ended ${filled.outcome}${failed === undefined ? "" : `: ${failed.message}`}\n`);
      return exitOf(filled.outcome);
    }
    const compared = await compareWithTruth(context, truth);
    const agrees = compared.every((line) => line.agrees);
    await loadDirectory(context, emulator);
    const rows = filled.runs.reduce((sum, run) => sum + run.streams.reduce((total, one) => total + one.rows, 0), 0);
    if (!globals.json) {
      const organization = `${shown(truth.organization_name)}: ${counted(truth.people, "person", "people")}, ${truth.from} to ${truth.to} UTC`;
      const read = `${counted(rows, "row")} in ${duration(took)}; data in ${data}`;
      await io.out(summaryText(compared, call, [organization, read]));
    }
    // The totals first: nobody should wait for them until every byte of the ledger was read again.
    const verified = await runOperation(context, await catalog.verify(), {});
    if (globals.json) {
      const range = { from: truth.from, to: truth.to };
      const organization = truth.organization_name;
      await io.out(
        jsonText({
          agrees,
          verified: verified.ok,
          data,
          organization,
          range,
          rows,
          ms: Math.round(took),
          totals: compared,
        }),
      );
    } else {
      const verdict = verified.ok
        ? "verifies, and every row is what its record says"
        : "does NOT verify; see bursar verify";
      await io.out(`The ledger of ${counted(verified.size, "leaf", "leaves")} ${verdict}.\n`);
    }
    if (!agrees) {
      const what = compared
        .filter((line) => !line.agrees)
        .map((line) => line.what)
        .join(", ");
      throw new Failure("ledger.verification", { what: `${what}: not what the generator says` });
    }
    return verified.ok ? 0 : 1;
  });
}

/** What no API tells: who is in which team, and whose the keys are. Only now, as the truth knows nothing of it. */
async function loadDirectory(context: OperationContext, { world }: Emulator): Promise<void> {
  await runOperation(context, await catalog.loadPeople(), { csv: world.roster() });
  await runOperation(context, await catalog.loadKeyOwners(), { csv: world.keyOwners() });
}

function summaryText(compared: readonly Compared[], { io }: Call, head: readonly string[]): string {
  const style = styleOf(io);
  const rows = compared.map(({ what, unit, answered, agrees }) => [
    what,
    answered === null ? "—" : `${grouped(answered)}${unit === "usd" ? " USD" : ""}`,
    agrees ? "= truth" : "≠ TRUTH",
  ]);
  const agrees = compared.every((line) => line.agrees);
  const verdict = agrees
    ? style.green(`All ${compared.length} totals equal the generator's truth, to the last digit.`)
    : style.red("Some totals are NOT the generator's truth.");
  const table = tableText([{ title: "total" }, { title: "value", align: "right" }, { title: "" }], rows, io.columns());
  return `${[...head, "", table, "", verdict].join("\n")}\n`;
}
