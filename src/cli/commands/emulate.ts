import { writeFile } from "node:fs/promises";

import { Failure } from "../../domain/index.ts";
import type { Call, Command } from "../command.ts";
import { emulatorOf, type EmulatorAsked } from "../start-emulator.ts";
import { jsonText } from "../with-session.ts";

export const emulate: Command = {
  options: [
    ["--seed <number>", "what everything is invented from (1)"],
    ["--people <number>", "people of the organization (200)"],
    ["--days <number>", "days of history (90)"],
    ["--end <day>", "last day of the history (yesterday)"],
    ["--scale <factor>", "activity per person; 1 is a usual office"],
    ["--port <number>", "port; any free one without it"],
    ["--latency <ms>", "wait before each answer"],
    ["--rate-limit <limit>", "off (default) or documented"],
    ["--fault <fault>...", "misbehave: F01, overloaded:times=3, F11:match=cost_report,after=2; list prints all faults"],
    ["--truth <file>", "write what a faithful reader must have"],
    ["--key-file <file>", "write the Admin key"],
  ],
  examples: [
    "bursar emulate",
    "bursar emulate --seed 7 --people 50 --days 30 --end 2026-10-31 --truth truth.json --key-file admin-key",
    "bursar emulate --fault F01 --fault overloaded:times=3",
    "bursar emulate --fault list",
  ],
  async run(call) {
    const { io, options, globals, signal } = call;
    if (options.list("fault")?.includes("list") === true) return listFaults(call);
    const emulator = await emulatorOf(asked(call));
    try {
      const truth = options.text("truth");
      const keyFile = options.text("keyFile");
      if (truth !== undefined) await write(truth, `${JSON.stringify(emulator.world.truth(), null, 2)}\n`, "--truth");
      if (keyFile !== undefined) await write(keyFile, `${emulator.keys.admin}\n`, "--key-file");
      const { url, keys, world } = emulator;
      if (globals.json) await io.out(jsonText({ url, keys, world: world.options }));
      else {
        const lines = Object.entries(keys).map(([name, key]) => `${name.padEnd(18)} ${key}`);
        await io.out(`${"url".padEnd(18)} ${url}\n${lines.join("\n")}\n`);
        io.err(`bursar: an invented organization answers at ${url}; none of these keys is real. Ctrl-C ends.\n`);
        io.err(`bursar: try BURSAR_UPSTREAM=${url} bursar connect --name emulator\n`);
      }
      await ended(signal);
    } finally {
      await emulator.close();
    }
  },
};

async function listFaults({ io, globals }: Call): Promise<void> {
  const { faultCatalog } = await import("../../emulator/index.ts");
  const faults = faultCatalog.map(({ id, name, description, params }) => ({ id, name, description, params }));
  if (globals.json) return io.out(jsonText({ faults }));
  const widest = Math.max(...faults.map(({ name }) => name.length));
  return io.out(faults.map(({ id, name, description }) => `${id}  ${name.padEnd(widest)}  ${description}\n`).join(""));
}

function asked({ options }: Call): EmulatorAsked {
  return {
    seed: options.whole("seed", 0, 2 ** 31),
    people: options.whole("people", 1, 100_000),
    days: options.whole("days", 1, 1_000),
    end: options.day("end"),
    scale: options.decimal("scale", 0.01, 1_000),
    port: options.whole("port", 0, 65_535),
    latencyMs: options.whole("latency", 0, 60_000),
    rateLimit: options.choice("rateLimit", ["off", "documented"]),
    faults: options.list("fault"),
  };
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function write(path: string, text: string, field: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unwritable";
    throw new Failure(
      "input.invalid",
      { field, problem: `${path} cannot be written (${code})`, remedy: "Give a place that this user may write to." },
      { cause },
    );
  }
}
