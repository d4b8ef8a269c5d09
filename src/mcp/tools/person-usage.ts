import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { period, periodOf } from "../record/period.ts";
import { dataOf, personAnswer, textOf } from "../record/person-answer.ts";
import type { ToolCall } from "../tool-call.ts";

export const personUsageTool = defineTool({
  name: "person_usage",
  title: "One person's usage",
  description:
    "One person over days: activity, output, cost, models, terminals, keys. For the caller's own figures use my_usage, for many people query_metric by person.",
  input: z.object({ person: z.string().describe("address, id or whole name"), ...period }),
  output: personAnswer,
  permission: "people",
  effect: "read",
  past: true,
  async run(call, { person, ...words }) {
    const when = await periodOf(call, words);
    const { from, to } = when;
    const page = await call.ask(await catalog.personUsage(), { ...(await whoIs(call, person.trim())), from, to });
    return { text: textOf(page), data: dataOf(page), notes: when.notes };
  },
});

/** @throws Failure `access.unknown` for a name that nobody has, `input.invalid` for one that several have. */
async function whoIs(call: ToolCall, person: string): Promise<{ personId: string } | { email: string }> {
  if (/^p_[0-9a-f]{12}$/.test(person)) return { personId: person };
  // An address, or the label that a split by person gives a key or service.
  if (/[@:]/.test(person)) return { email: person };
  const { people } = await call.ask(await catalog.listPeople(), {});
  const found = people.filter(({ name }) => name.toLowerCase() === person.toLowerCase());
  const [only] = found;
  if (only === undefined) throw new Failure("access.unknown", { what: "person", field: "person" });
  if (found.length > 1) {
    throw new Failure("input.invalid", {
      field: "person",
      problem: `${found.length} people have this name`,
      remedy: "Ask find_people, and give the address or id of one.",
    });
  }
  return { personId: only.personId };
}
