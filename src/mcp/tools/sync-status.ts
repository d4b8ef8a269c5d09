import { z } from "zod";

import { grouped } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { loose } from "../record/trust.ts";
import { counted, listed, paragraphs, quoted } from "../record/words.ts";

const HOUR_MS = 3_600_000;

export const syncStatus = defineTool({
  name: "sync_status",
  title: "Sync status",
  description:
    "How complete and fresh the record is: how far each stream is read, gaps, days that may change, the last error, and what to do. Use it for how complete is this; start_sync reads what is missing.",
  input: z.object({}),
  output: z.object({
    connections: z.array(loose),
    streams: z.array(loose),
    lastRun: loose.nullable(),
    ledger: loose.nullable(),
    advice: z.array(z.string()),
  }),
  permission: "read",
  effect: "read",
  list: "streams",
  async run(call) {
    const { connections, lastRun, ledger, advice } = await call.ask(await catalog.status(), {});
    const streams = connections.flatMap(({ connection, streams: own }) =>
      own.map(
        ({ stream, state, cursor, freshnessMs, lastReadAt, coverage, gaps, provisional, revised, error, note }) => ({
          connection,
          stream,
          state,
          through: cursor,
          lastReadAt,
          hoursSinceRead: freshnessMs === null ? null : Math.round(freshnessMs / HOUR_MS),
          from: coverage?.from ?? null,
          daysRead: coverage?.covered ?? null,
          days: coverage?.days ?? null,
          gaps: [...gaps],
          provisional: [...provisional],
          revised: revised.length,
          error: error && { code: error.code, message: error.message, hint: error.hint },
          ...(note === null ? {} : { note }),
        }),
      ),
    );
    const shownConnections = connections.map(({ connection, kind, state, organizationName }) => {
      return { connection, kind, state, organizationName };
    });
    return {
      text: paragraphs(
        ...shownConnections.map(
          ({ connection, kind, state, organizationName }) =>
            `Connection ${quoted(connection)} (${kind}, ${state}) of ${quoted(organizationName)}.`,
        ),
        listed(streams.map(streamWords), 60),
        lastRun === null ? "Nothing was synced yet." : `The last run ended ${lastRun.outcome} at ${lastRun.endedAt}.`,
        ledger === null
          ? null
          : `The ledger has ${counted(ledger.size, "leaf", "leaves")}, ${grouped(ledger.signedSize)} of them signed${ledger.signedAt === null ? "" : ` at ${ledger.signedAt}`}.`,
        advice.length === 0 ? "Nothing needs to be done." : `To do:\n${listed(advice)}`,
      ),
      data: { connections: shownConnections, streams, lastRun, ledger, advice: [...advice] },
    };
  },
});

interface StreamRow {
  readonly stream: string;
  readonly state: string;
  readonly through: string | null;
  readonly daysRead: number | null;
  readonly days: number | null;
  readonly hoursSinceRead: number | null;
  readonly gaps: readonly string[];
  readonly provisional: readonly string[];
  readonly error: { readonly code: string } | null;
}

function streamWords(row: StreamRow): string {
  const parts = [
    row.state,
    ...(row.through === null ? [] : [`through ${row.through}`]),
    ...(row.days === null ? [] : [`${grouped(row.daysRead ?? 0)} of ${counted(row.days, "day")}`]),
    ...(row.gaps.length === 0 ? [] : [`${counted(row.gaps.length, "gap")}: ${row.gaps.slice(0, 3).join(", ")}`]),
    ...(row.provisional.length === 0 ? [] : [`${counted(row.provisional.length, "day")} provisional`]),
    ...(row.hoursSinceRead === null ? [] : [`read ${row.hoursSinceRead} h ago`]),
    ...(row.error === null ? [] : [`last error ${row.error.code}`]),
  ];
  return `${row.stream}: ${parts.join(", ")}`;
}
