import { resolve } from "node:path";

import type { Command, ListeningWitness } from "../command.ts";
import { grouped, shown } from "../text.ts";

export const witness: Command = {
  args: [["<dir>", "folder of the witness: its key, the logs it watches, what it has seen"]],
  options: [
    ["--name <name>", "name of a new witness, such as witness.example.com/audit"],
    ["--log <vkey>...", "public key of a log to watch from now on"],
  ],
  examples: [
    "bursar witness ./witness --name witness.example.com/audit --log 'bursar.invalid/…+1a2b3c4d+AX…'",
    "bursar witness ./witness --listen 0.0.0.0:7879",
  ],
  async run({ world, io, args, options, globals, signal }) {
    const onListening = (told: ListeningWitness) => {
      const { url, name, vkey, watched } = told;
      if (globals.json) void io.out(`${JSON.stringify(told)}\n`).catch(() => {});
      else {
        const seen = watched.map(
          ({ origin, size }) => `bursar: watches ${shown(origin)}, seen ${grouped(size)} leaves\n`,
        );
        io.err(
          `bursar: witness ${shown(name)} listens on ${url}; Ctrl-C ends\nbursar: its vkey is ${vkey}\n${seen.join("")}`,
        );
      }
    };
    await world.witness(globals, {
      dir: resolve(args[0] ?? ""),
      name: options.text("name"),
      logs: options.list("log") ?? [],
      signal,
      onListening,
    });
  },
};
