import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { capped } from "../record/members.ts";
import { loose, trust, trustOf, trustWords } from "../record/trust.ts";
import { counted, listed, paragraphs, quoted } from "../record/words.ts";

export const findPeople = defineTool({
  name: "find_people",
  title: "Find people",
  description:
    "People by part of a name, address or team, with team and last activity. Use it for the address that person_usage and where person=… take; for accounts and roles use claude_code_list_users.",
  input: z.object({ search: z.string() }),
  output: z.object({ people: z.array(loose), ...trust }),
  permission: "people",
  effect: "read",
  past: true,
  list: "people",
  async run(call, { search }) {
    const found = await call.ask(await catalog.listPeopleUsage(), { search, limit: 5000, sort: "name", order: "asc" });
    const people = found.rows.map(({ person, personId, name, emails, team, band, lastActive }) => {
      return { person, personId, name: capped(name), emails: [...emails], team, lastActive, activity: band };
    });
    return {
      text: paragraphs(
        people.length === 0
          ? "Nobody is found. Try a shorter part of the name, or of the address."
          : `${counted(people.length, "person", "people")}:`,
        listed(
          people.map(({ person, name, team, lastActive }) => {
            const last = lastActive === null ? "never active" : `last active ${lastActive}`;
            return `${quoted(name)} ${quoted(person)}, team ${quoted(team)}, ${last}`;
          }),
        ),
        trustWords(found),
      ),
      data: { people, ...trustOf(found) },
    };
  },
});
