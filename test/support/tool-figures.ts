import { added, at, type Found, type Population, type Surfaces, type Unit } from "./surfaces.ts";

interface Asked {
  readonly metric: string;
  readonly population: Population;
  readonly unit: Unit;
  /** A sum may be added up again from its parts. */
  readonly isSum: boolean;
}

/** Every figure of a metric that an assistant is told. */
export async function saidByTools(
  { tool }: Surfaces,
  { metric, population, unit, isSum }: Asked,
): Promise<Record<string, Found>> {
  const asked = { metric, population };
  const { data, text } = await tool("query_metric", asked);
  const isAdditive = isSum && metric !== "active_person_days";
  const explained = isAdditive && population === "all" ? (await tool("explain_change", { metric })).data : null;
  return {
    "MCP query_metric": at(data, "value"),
    "MCP query_metric by day": isSum
      ? added((await tool("query_metric", { ...asked, grain: "day" })).data["rows"], "value")
      : undefined,
    "MCP query_metric, text": unit === "ratio" ? undefined : /UTC: \$?([\d.,-]+)/.exec(text)?.[1]?.replaceAll(",", ""),
    "MCP compare_periods": at((await tool("compare_periods", asked)).data, "current"),
    "MCP explain_change": explained === null ? undefined : at(explained, "current"),
  };
}
