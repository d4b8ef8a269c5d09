import { isFailure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import type { Call, Command } from "../command.ts";
import { styleOf } from "../style.ts";
import { tableText } from "../table.ts";
import { counted, duration, grouped, shown, wrapped } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

type Status = Awaited<ReturnType<Awaited<ReturnType<typeof catalog.status>>["run"]>>;

export const status: Command = {
  examples: ["bursar status", "bursar status --json"],
  async run(call) {
    const { io, globals } = call;
    const found = await read(call);
    if (globals.json) return io.out(jsonText(found));
    return io.out(textOf(found, call));
  },
};

/** Before anything was connected there is nothing to open, and that is an answer too. */
async function read(call: Call): Promise<Status> {
  try {
    return await withSession(call, "read", async (context) => runOperation(context, await catalog.status(), {}));
  } catch (thrown) {
    if (!isFailure(thrown, "store.no_connection")) throw thrown;
    return {
      tenant: call.globals.tenant ?? "default",
      connections: [],
      ledger: null,
      ledgerTrouble: null,
      anchors: [],
      lastRun: null,
      vault: { locked: false, reason: null },
      advice: [`${thrown.message} ${thrown.hint}`],
    };
  }
}

function textOf(found: Status, call: Call): string {
  const { io } = call;
  const style = styleOf(io);
  const parts = found.connections.map((connection) => connectionText(connection, call));
  if (found.ledger !== null) {
    const { origin, size, signedSize, signedAt } = found.ledger;
    const signed =
      signedAt === null
        ? "not signed yet"
        : `signed at ${grouped(signedSize)}, ${signedAt.slice(0, 16).replace("T", " ")} UTC`;
    const outside = `  ${shown(found.anchors.join("; "), 300)}`;
    parts.push(`Ledger ${shown(origin)}: ${counted(size, "leaf", "leaves")}, ${signed}\n${outside}\n`);
  }
  const advice = found.advice.flatMap((line) => {
    const [first = "", ...rest] = wrapped(shown(line, 500), Math.max(16, io.columns() - 4));
    return [`  ${style.yellow("›")} ${first}`, ...rest.map((text) => `    ${text}`)];
  });
  parts.push(advice.length === 0 ? "Nothing to do.\n" : `${advice.join("\n")}\n`);
  return parts.join("\n");
}

function connectionText(connection: Status["connections"][number], { io }: Call): string {
  const style = styleOf(io);
  const { connection: name, organizationName, organizationId, state, lastUsedAt, streams } = connection;
  const used = lastUsedAt === null ? "never used" : `last used ${lastUsedAt.slice(0, 16).replace("T", " ")} UTC`;
  const head = `${style.bold(shown(name))}: ${shown(organizationName)} (${shown(organizationId)}), ${state}, ${used}`;
  const rows = streams.map((stream) => [
    stream.stream,
    stream.state.replace("_", " "),
    stream.cursor ?? "",
    stream.freshnessMs === null ? "" : `${duration(stream.freshnessMs)} ago`,
    stream.coverage === null ? "" : `${grouped(stream.coverage.covered)}/${grouped(stream.coverage.days)} d`,
    stream.gaps.length === 0 ? "" : rangesText(stream.gaps),
    stream.provisional.length === 0 ? "" : String(stream.provisional.length),
  ]);
  const table = tableText(
    [
      { title: "stream" },
      { title: "state" },
      { title: "complete through" },
      { title: "read" },
      { title: "covered", align: "right" },
      { title: "gaps" },
      { title: "provisional", align: "right" },
    ],
    rows,
    io.columns(),
  );
  const troubles = streams.flatMap(({ stream, error, note }) => {
    if (error !== null) {
      const request = error.requestId === null ? "" : ` [${shown(error.requestId, 60)}]`;
      return [`  ${stream}: ${shown(error.message, 300)} ${shown(error.hint ?? "", 300)}${request}`];
    }
    return note === null ? [] : [`  ${stream}: ${shown(note, 300)}`];
  });
  return `${[head, table, ...troubles].join("\n")}\n`;
}

function rangesText(ranges: readonly string[]): string {
  const [first = "", ...rest] = ranges;
  return rest.length === 0 ? first : `${first} +${rest.length}`;
}
