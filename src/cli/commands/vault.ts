import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { counted, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const vault: Command = {
  examples: ["bursar vault rotate-kek --new /etc/bursar/kek-2027", "bursar vault rotate-dek"],
  subcommands: {
    "rotate-kek": {
      summary: "put all sealed keys under another key-encryption key",
      options: [["--new <file>", "the new key; made when the file is not there"]],
      examples: ["bursar vault rotate-kek --new /etc/bursar/kek-2027"],
      async run(call) {
        const { io, options, globals } = call;
        const newFile = options.needed("new");
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.rotateKek(), { newFile });
          if (globals.json) return io.out(jsonText(done));
          const wrapped =
            done.dataKeys === 0
              ? "All data keys were under the new key already."
              : `${counted(done.dataKeys, "data key")} wrapped under the new key.`;
          const made = done.made ? `Made ${shown(done.file)}. ` : "";
          const next = done.installed
            ? `It stands in ${shown(context.vaultCare.kekFile)} now. Keep ${shown(done.file)} apart from the data, or remove it.`
            : `Name it from now on: BURSAR_KEK_FILE=${shown(done.file)}, then start Bursar again. Backups from before still need the old key.`;
          return io.out(`${made}${wrapped}\n${next}\n`);
        });
      },
    },
    "rotate-dek": {
      summary: "seal every value anew under another data key",
      examples: ["bursar vault rotate-dek"],
      async run(call) {
        const { io, globals } = call;
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.rotateDek(), {});
          if (globals.json) return io.out(jsonText(done));
          return io.out(
            done.version === null
              ? "Nothing is sealed yet.\n"
              : `Sealed ${counted(done.values, "value")} under data key ${done.version}; the one before is destroyed.\n`,
          );
        });
      },
    },
  },
};
