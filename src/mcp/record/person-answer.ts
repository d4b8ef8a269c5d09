import { z } from "zod";

import type { PersonPage } from "../../operations/index.ts";
import { capped } from "./members.ts";
import { loose, messages, trust, trustOf, trustWords, warnings } from "./trust.ts";
import { counted, figure, listed, paragraphs, quoted } from "./words.ts";

/** One person's figures over a range. */
export const personAnswer = z.object({
  person: loose,
  activeDays: z.int(),
  figures: loose,
  byModel: z.array(loose),
  ...trust,
  warnings,
});

export function dataOf(page: PersonPage) {
  const { person, figures, activeDays, lastActive, band, byModel, byTerminal } = page;
  return {
    person: {
      person: person.person,
      personId: person.personId,
      name: capped(person.name),
      team: person.team,
      emails: [...person.emails],
      keys: person.keys.map(({ actor }) => capped(actor)),
    },
    activeDays,
    lastActive,
    activity: band,
    activeRule: page.activeRule,
    figures,
    byModel: [...byModel],
    byTerminal: [...byTerminal],
    source: [...page.source],
    ...trustOf(page),
    warnings: messages(page),
  };
}

export function textOf(page: PersonPage): string {
  const { person, figures, activeDays, coverage, lastActive, band, byModel } = page;
  const cost = Object.entries(figures.cost).flatMap(([kind, amount]) =>
    amount === null ? [] : [`${figure(amount, "usd")} ${kind}`],
  );
  const rate = figures.acceptRate === null ? "" : `, accept rate ${figure(figures.acceptRate, "ratio")}`;
  return paragraphs(
    `${quoted(person.name)} (team ${quoted(person.team)}): active on ${activeDays} of ${counted(coverage.covered, "day")} read, ${lastActive === null ? "never active" : `last on ${lastActive}`}, ${band}.`,
    `${figure(figures.sessions, "sessions")} sessions, ${figure(figures.linesAdded, "lines")} lines added, ${figure(figures.commits, "count")} commits, ${figure(figures.pullRequests, "count")} pull requests${rate}, ${figure(figures.tokens, "tokens")} tokens.`,
    `Cost: ${cost.join("; ") || "not reported"}. Different kinds are never added.`,
    listed(byModel.map(({ model, tokens }) => `${quoted(model)}: ${figure(tokens, "tokens")} tokens`)),
    trustWords(page),
    ...messages(page),
  );
}
