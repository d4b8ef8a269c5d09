import type { Command } from "../command.ts";

const MINUTE = 60_000;

export const serve: Command = {
  options: [["--every <minutes>", "minutes between syncs (60)"]],
  examples: ["bursar serve", "bursar serve --listen 127.0.0.1:7900 --every 15"],
  async run({ world, io, globals, options, signal }) {
    const everyMs = (options.whole("every", 1, 1440) ?? 60) * MINUTE;
    const onListening = (url: string) => {
      if (globals.json) void io.out(`${JSON.stringify({ url })}\n`).catch(() => {});
      else io.err(`bursar: listening on ${url}; Ctrl-C ends\n`);
    };
    await world.serve(globals, { everyMs, signal, onListening });
  },
};
