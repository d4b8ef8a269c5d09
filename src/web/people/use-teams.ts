import { useAnswer, type Asked } from "../client/index.ts";
import { useFilters } from "../filters/index.ts";

export interface TeamAnswers {
  readonly teams: Asked<"listTeams">;
  readonly cost: Asked<"report">;
}

/** What a page about teams asks: asked by the page, whose foot tells of it. Nothing while it is not to be asked. */
export function useTeams(isAsked = true): TeamAnswers {
  const { common, kind, grain } = useFilters();
  const question = isAsked && common !== null ? { ...common, ...kind, population: "humans" as const } : null;
  return {
    teams: useAnswer("listTeams", question),
    cost: useAnswer("report", question && { metric: "cost", by: ["team"], grain, ...question }),
  };
}
