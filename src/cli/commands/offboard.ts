import { catalog, runOperation, type OffboardingShown } from "../../operations/index.ts";
import { askPerson } from "../ask-person.ts";
import { changeText } from "../change-text.ts";
import type { Command } from "../command.ts";
import { counted, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const PARTIAL = 3;

/** What somebody has at Anthropic; with `--execute` it is ended, once the person at the terminal approved it. */
export const offboard: Command = {
  args: [["<person>", "e-mail, p_… of the roster, or user_… at Anthropic"]],
  options: [
    ["--organization <name>", "id, name or connection; needed where there are several"],
    ["--execute", "do what is proposed, after asking on this terminal"],
  ],
  examples: ["bursar offboard jane@example.com", "bursar offboard jane@example.com --execute"],
  run: ({ world, io, globals, options, args: [person = ""] }) =>
    withSession({ world, globals }, "change", async (context) => {
      const organization = options.text("organization");
      const asked = { person, ...(organization === undefined ? {} : { organization }) };
      const plan = await runOperation(context, await catalog.offboardPlan(), asked);
      if (!options.flag("execute") || plan.proposed === null) {
        return io.out(globals.json ? jsonText(plan) : planText(plan));
      }
      const order = { ...plan.proposed, organization: plan.organizationId };
      const { change, confirmation } = await runOperation(context, await catalog.planChange(), order);
      io.err(planText(plan) + changeText(change));
      const byPerson = { ...context, personAnswered: "terminal" } as const;
      if (!(await askPerson(io, `${change.title}?`))) {
        await runOperation(byPerson, await catalog.declineChange(), { id: change.id });
        return undefined;
      }
      await runOperation(byPerson, await catalog.approveChange(), { id: change.id });
      const done = await runOperation(context, await catalog.executeChange(), { ...order, confirmation });
      await io.out(globals.json ? jsonText(done) : changeText(done));
      return done.state === "done" ? undefined : PARTIAL;
    }),
};

function planText({
  person,
  organization,
  memberships,
  invites,
  keys,
  consequences,
  proposed,
}: OffboardingShown): string {
  const who = person.name ?? person.emails[0] ?? person.userId ?? "?";
  const ends = proposed?.arguments;
  const lines = [
    `${shown(who)} in ${shown(organization)}: ${person.role === null ? "no member" : shown(person.role)}, ${counted(memberships.length, "workspace")}, ${counted(invites.length, "open invite")}, ${counted(keys.length, "key")}`,
    ...consequences.map((says) => `- ${shown(says, 600)}`),
    ...keys.map((key) => `  ${key.keyId}  ${shown(key.name, 40)}  ${shown(key.breaks, 300)}`),
    ends === undefined
      ? "There is nothing to do."
      : `Proposed: ${[
          ...(ends.withdraw_invites.length > 0 ? [`withdraw ${counted(ends.withdraw_invites.length, "invite")}`] : []),
          ...(ends.user_id === undefined ? [] : ["remove the member"]),
          ...(ends.deactivate_keys.length > 0 ? [`make ${counted(ends.deactivate_keys.length, "key")} inactive`] : []),
        ].join(", ")}. With --execute it is done, after you were asked.`,
  ];
  return `${lines.join("\n")}\n`;
}
