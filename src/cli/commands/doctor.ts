import { isFailure } from "../../domain/index.ts";
import { catalog, runOperation, runWithoutRecord } from "../../operations/index.ts";
import type { Call, Command } from "../command.ts";
import { stepDisplay } from "../step-display.ts";
import { styleOf } from "../style.ts";
import { counted, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const doctor: Command = {
  options: [
    ["--quick", "leave out what reads the whole record"],
    ["--rebuild", "build every row anew from the records"],
    ["--restore-checkpoint", "this database is the newest: take its last checkpoint over into the file that was lost"],
    ["--digest", "print the state digest only: two stores with one digest answer alike"],
  ],
  examples: ["bursar doctor", "bursar doctor --rebuild", "bursar doctor --digest"],
  async run(call) {
    const { io, options, globals } = call;
    const style = styleOf(io);
    if (options.flag("digest")) {
      await withSession(call, "read", async (context) => {
        const done = await runOperation(context, await catalog.digest(), {});
        await io.out(globals.json ? jsonText(done) : `${done.digest}\n`);
      });
      return 0;
    }
    const steps = stepDisplay(io);
    const looking = withSession(call, "change", async (context) => {
      const input = {
        rebuild: options.flag("rebuild"),
        restoreCheckpoint: options.flag("restoreCheckpoint"),
        quick: options.flag("quick"),
      };
      const done = await runOperation({ ...context, onStep: steps.show }, await catalog.doctor(), input).finally(
        steps.end,
      );
      if (globals.json) await io.out(jsonText(done));
      else {
        const checks = done.checks.flatMap(({ name, ok, what, remedy, findings = [] }) => [
          `${ok ? style.green("✓") : style.red("✗")} ${name}: ${shown(what, 500)}`,
          ...findings.map(
            ({ file, index, what: how }) =>
              `    ${shown(file)}${index === undefined ? "" : `, leaf ${index}`}: ${shown(how, 500)}`,
          ),
          ...(remedy === null ? [] : [`  ${remedy}`]),
        ]);
        const rebuilt =
          done.rebuilt === null
            ? []
            : [
                `Built ${counted(done.rebuilt.rows, "row")} from ${counted(done.rebuilt.records, "record")}: ${done.rebuilt.mended ? "some were not what the records say, and now are" : "all were as the records say"}.`,
              ];
        await io.out(`${[...checks, ...rebuilt].join("\n")}\n`);
      }
      return done.ok ? 0 : LOCAL_FAULT;
    });
    return looking.catch((thrown: unknown) => inspected(call, thrown));
  },
};

const LOCAL_FAULT = 5;

/** A database that cannot be opened may still say which of its tables is damaged. */
async function inspected({ io, world, globals }: Call, thrown: unknown): Promise<number> {
  const { dataDir, isEmbedded } = world.dataPlace(globals);
  if (!isEmbedded || !isFailure(thrown, "store.damaged", "store.io")) throw thrown;
  const { damaged } = await runWithoutRecord(await catalog.inspectDatabase(), { dataDir });
  if (damaged.length === 0) throw thrown;
  if (globals.json) await io.out(jsonText({ ok: false, damaged }));
  else {
    const lines = damaged.map(({ table, problem }) => `    table ${shown(table)}: ${shown(problem, 300)}`);
    await io.out(`${["✗ database: damaged, and cannot be opened", ...lines, `  ${thrown.hint}`].join("\n")}\n`);
  }
  return LOCAL_FAULT;
}
