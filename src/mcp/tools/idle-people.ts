import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { conditionsOf, where } from "../record/conditions.ts";
import { capped } from "../record/members.ts";
import { loose } from "../record/trust.ts";
import { counted, figure, listed, paragraphs, quoted } from "../record/words.ts";

const DAYS = ["14", "30", "60", "90"] as const;

export const idlePeople = defineTool({
  name: "idle_people",
  title: "Idle people",
  description:
    "Who could use Claude Code and does not: never active or long idle, with team, last day, and whether the licence can be taken back; counts alone for who may not see people. For keys use key_hygiene, for active people query_metric.",
  input: z.object({ days: z.enum(DAYS).default("30"), where }),
  output: z.object({
    asOf: z.string().nullable(),
    eligible: z.int().nullable(),
    states: loose,
    people: z.array(loose),
    completeThrough: z.string().nullable(),
  }),
  permission: "read",
  effect: "read",
  past: true,
  list: "people",
  async run(call, { days, where: texts }) {
    const conditions = await conditionsOf(call, texts, { metric: "active_users" });
    const question = { where: [...conditions.where] };
    const counts = await call.ask(await catalog.licences(), question);
    const mayName = call.context.caller.permissions.has("people");
    const list = mayName ? await call.ask(await catalog.licencePeople(), question) : null;
    const idle = idleStates(Number(days));
    const people = (list?.people ?? [])
      .filter(({ state }) => idle.includes(state))
      .map(({ person, personId, name, team, state, lastActive, daysSince, protected: kept, reclaimable }) => {
        return {
          person,
          personId,
          name: capped(name),
          team,
          state,
          lastActive,
          daysSince,
          reclaimable,
          protected: kept !== null,
        };
      });
    const states = Object.fromEntries(counts.states.map(({ id, people: own }) => [id, own]));
    const { saving, reclaimable, denominator, activeRule, day } = counts;
    return {
      text: paragraphs(
        `Of ${figure(counts.eligible, "people", counts.reason)} people (${denominator}), as of the end of ${day ?? "no complete day"}, by the rule "${activeRule}": ${counts.states.map(({ id, people: own, reason }) => `${id} ${figure(own, "people", reason)}`).join(", ")}.`,
        mayName
          ? `${counted(people.length, "person", "people")} never active or idle for ${days} days or more:`
          : "Single people are not shown to you; ask an admin for the permission.",
        listed(
          people.map(({ name, person, team, lastActive, daysSince, reclaimable: canGo, protected: kept }) => {
            const last = lastActive === null ? "never active" : `last active ${lastActive}, ${daysSince} days ago`;
            return `${quoted(name)} ${quoted(person)}, team ${quoted(team)}: ${last}${kept ? ", protected" : canGo ? ", reclaimable" : ""}`;
          }),
        ),
        `Reclaimable: ${figure(reclaimable, "people")}. ${saving.perMonth === null ? saving.note : `Saving a month: ${figure(saving.perMonth, "usd")}.`}`,
        counts.completeThrough === null ? "Nothing is complete." : `Complete through ${counts.completeThrough}.`,
        ...counts.warnings.map(({ message }) => message),
      ),
      data: {
        asOf: day,
        eligible: counts.eligible,
        states,
        reclaimable,
        denominator,
        people,
        completeThrough: counts.completeThrough,
        warnings: counts.warnings.map(({ message }) => message),
      },
      notes: [...conditions.notes],
    };
  },
});

/** States are told by the longest idle time reached. */
function idleStates(days: number): readonly string[] {
  return ["never_active", ...DAYS.filter((one) => Number(one) >= days).map((one) => `inactive_${one}`)];
}
