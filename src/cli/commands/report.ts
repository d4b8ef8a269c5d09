import { dimensions } from "../../metrics/index.ts";
import { catalog, runOperation, runWithoutRecord } from "../../operations/index.ts";
import { answerText } from "../answer-text.ts";
import type { Call, Command } from "../command.ts";
import { conditionOf } from "../condition.ts";
import type { Options } from "../options.ts";
import { styleOf } from "../style.ts";
import { tableText } from "../table.ts";
import { shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const report: Command = {
  args: [["[metric]", "id of a metric; without it the metrics are listed"]],
  options: [
    ["--by <dimension>...", `split by ${dimensions.map(({ id }) => id).join(", ")} (commas may separate several)`],
    ["--grain <grain>", "day, week or month"],
    ["--from <day>", "first day, inclusive"],
    ["--to <day>", "last day, inclusive"],
    ["--where <dimension=value>...", "keep one value of a dimension; null is a value"],
    ["--kind <kind>", "of money: estimated, list, net or notional"],
    ["--population <population>", "humans, service, unmapped or all"],
    ["--active-rule <rule>", "any, token or engaged"],
    ["--denominator <denominator>", "assigned_seats, org_members, roster or ever_active"],
    ["--source <source>", "messages, claude_code, analytics or cost_report"],
    ["--as-of <day>", "as the record stood at the end of that day"],
  ],
  examples: [
    "bursar report",
    "bursar report cost --by model --grain week --from 2026-09-01 --to 2026-10-31",
    "bursar report tokens --by workspace --where model=claude-opus-4-5 --json",
    "bursar report active_users --population humans --as-of 2026-10-01",
  ],
  async run(call) {
    const { io, args, options, globals } = call;
    const [metric] = args;
    if (metric === undefined) return listMetrics(call);
    const question = { metric, ...questionOf(options) };
    const answer = await withSession(call, "read", async (context) =>
      runOperation(context, await catalog.report(), question),
    );
    return io.out(globals.json ? jsonText(answer) : answerText(answer, io));
  },
};

function questionOf(options: Options) {
  const by = options.list("by")?.flatMap((names) => names.split(",").map((name) => name.trim()));
  const where = options.list("where")?.map(conditionOf);
  return {
    by,
    where,
    grain: options.choice("grain", ["day", "week", "month"]),
    from: options.day("from"),
    to: options.day("to"),
    kind: options.choice("kind", ["estimated", "list", "net", "notional"]),
    population: options.choice("population", ["humans", "service", "unmapped", "all"]),
    activeRule: options.choice("activeRule", ["any", "token", "engaged"]),
    denominator: options.choice("denominator", ["assigned_seats", "org_members", "roster", "ever_active"]),
    source: options.choice("source", ["messages", "claude_code", "analytics", "cost_report"]),
    asOf: options.day("asOf"),
  };
}

/** What can be asked for; needs no data. */
async function listMetrics({ io, globals }: Call): Promise<void> {
  const described = await runWithoutRecord(await catalog.describeMetrics(), {});
  if (globals.json) return io.out(jsonText(described));
  const style = styleOf(io);
  const metrics = described.metrics.map(({ id, unit, description }) => [id, unit, shown(description, 90)]);
  const dimensions = described.dimensions.map(({ id, description }) => [id, shown(description, 90)]);
  const width = io.columns();
  return io.out(
    [
      style.bold("Metrics"),
      tableText(["id", "unit", "what it is"], metrics, width),
      "",
      style.bold("Dimensions"),
      tableText(["id", "what it is"], dimensions, width),
      "",
    ].join("\n"),
  );
}
