import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { counted, listed, paragraphs } from "../record/words.ts";

export const describeMetricsTool = defineTool({
  name: "describe_metrics",
  title: "Describe the metrics",
  description:
    "What metrics mean: unit, formula, population, dimensions. Use it when unsure what to ask query_metric, or to explain a figure; it gives no figures.",
  input: z.object({ about: z.string().optional().describe("an id or words") }),
  output: z.object({ metrics: z.array(z.looseObject({ id: z.string() })) }),
  permission: "read",
  effect: "read",
  list: "metrics",
  async run(call, { about }) {
    const described = await call.ask(await catalog.describeMetrics(), {});
    const wanted = about?.trim().toLowerCase().replaceAll(" ", "_") ?? "";
    const exact = described.metrics.filter(({ id }) => id === wanted);
    const found = exact.length > 0 ? exact : described.metrics.filter((metric) => isAbout(metric, about));
    // All of them at once are a list to choose from.
    const isWhole = found.length <= FEW;
    const metrics = found.map((metric) => {
      const { id, unit, description } = metric;
      return isWhole ? { ...metric, dimensions: [...metric.dimensions] } : { id, unit, description };
    });
    const used = new Set(found.flatMap(({ dimensions }) => dimensions));
    return {
      text: paragraphs(
        found.length === 0
          ? `No metric is about that. Ask without about for all ${described.metrics.length}.`
          : `${counted(found.length, "metric")}${isWhole ? "" : "; ask about one for its formula and dimensions"}:`,
        listed(
          found.map(({ id, unit, description, formula }) =>
            isWhole ? `${id} (${unit}): ${description} Formula: ${formula}` : `${id} (${unit}): ${description}`,
          ),
          100,
        ),
        isWhole && described.dimensions.length > 0 && used.size > 0
          ? `Dimensions:\n${listed(
              described.dimensions
                .filter(({ id }) => used.has(id))
                .map(({ id, description }) => `${id}: ${description}`),
              100,
            )}`
          : null,
      ),
      data: { metrics },
    };
  },
});

const FEW = 5;

function isAbout(
  metric: { readonly id: string; readonly title: string; readonly description: string },
  about: string | undefined,
): boolean {
  const words = about?.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const text = `${metric.id} ${metric.title} ${metric.description}`.toLowerCase();
  return words.every((word) => text.includes(word.replace(/s$/, "")));
}
