import { catalog, runOperation } from "../../operations/index.ts";
import { checklistText } from "../checklist-text.ts";
import type { Command } from "../command.ts";
import { readSecret } from "../read-secret.ts";
import { sameRecord } from "../same-record.ts";
import { shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const connect: Command = {
  options: [
    ["--name <name>", "name of the connection (main)"],
    ["--key-file <file>", "read the key from a file; without it from stdin, or from a prompt that shows nothing"],
    ["--organization <id>", "refuse a key of any other organization"],
    ["--kind <kind>", "personal: a personal or service-account key, which looks like an ordinary API key"],
    ["--from <day>", "first day to hold; without it the last ninety days"],
  ],
  examples: [
    "bursar connect --name main",
    "bursar connect --name main --key-file /run/secrets/anthropic-admin-key",
    "pass anthropic/admin | bursar connect --name main --json",
  ],
  async run(call) {
    const { io, options, globals } = call;
    const name = options.text("name") ?? "main";
    const kind = options.choice("kind", ["admin", "scoped", "personal"]);
    const organizationId = options.text("organization");
    const from = options.day("from");
    const key = await readSecret(io, options.text("keyFile"), `Admin key of ${shown(name, 60)} (nothing is shown)`);
    const operation = await catalog.connect();
    // What the shape tells is told before there is a data folder.
    const { recogniseKey } = await import("../../source/index.ts");
    recogniseKey(key, kind === undefined ? {} : { kind });
    await withSession(call, "write", async (context) => {
      const done = await runOperation(context, operation, { name, key, kind, organizationId, from });
      if (globals.json) return io.out(jsonText(done));
      const verb = done.rotated ? "Replaced the key of" : "Connected";
      const head = `${verb} ${done.connection}: ${shown(done.organizationName)} (${done.organizationId}), key …${done.last4}, fingerprint ${done.fingerprint}\n\n`;
      await io.out(`${head}${checklistText(done, io)}`);
      const same = sameRecord(globals);
      const past = done.rotated ? "" : `; for the whole past, bursar backfill --all${same}`;
      io.err(`bursar: next: bursar sync${same}${past}\n`);
      return undefined;
    });
  },
};
