import type { Io } from "./io.ts";
import { styleOf } from "./style.ts";
import { shown, wrapped } from "./text.ts";

/** What the checklist of `connect` and `probe` says. */
export interface ShownChecklist {
  readonly streams: readonly { readonly stream: string; readonly outcome: string; readonly reason: string | null }[];
  readonly capabilities: Readonly<Record<string, boolean>>;
  readonly reasons: Readonly<Partial<Record<string, string>>>;
}

const WORDS: Readonly<Record<string, string>> = {
  reachable: "reachable",
  refused: "refused",
  not_available: "not on this plan",
  failed: "no answer",
};

/** One line a stream and a flag, the reason under those that are not there. */
export function checklistText(list: ShownChecklist, io: Io): string {
  const style = styleOf(io);
  const width = io.columns();
  const line = (good: boolean, name: string, says: string, reason: string | null | undefined): string[] => [
    `  ${good ? style.green("✓") : style.yellow("–")} ${name.padEnd(22)} ${says}`.trimEnd(),
    ...(reason === null || reason === undefined
      ? []
      : wrapped(shown(reason, 400), Math.max(16, width - 6)).map((text) => style.dim(`      ${text}`))),
  ];
  const streams = list.streams.flatMap(({ stream, outcome, reason }) =>
    line(outcome === "reachable", stream, WORDS[outcome] ?? outcome, reason),
  );
  const flags = Object.entries(list.capabilities).flatMap(([flag, has]) =>
    line(has, flag, has ? "yes" : "no", list.reasons[flag]),
  );
  return ["Streams", ...streams, "", "Capabilities", ...flags, ""].join("\n");
}
