/** How figures are computed that are no metric of their own. */
type Formulas = readonly { readonly title: string; readonly description: string; readonly formula: string }[];

export const STICKINESS: Formulas = [
  {
    title: "Stickiness",
    description:
      "How much of a month's people come on a weekday. A tool used at work on five days of seven cannot pass 71% when weekends count, so weekdays are read first.",
    formula: "mean DAU over weekdays of the last 30 days ÷ MAU",
  },
];

export const FREQUENCY: Formulas = [
  {
    title: "How often",
    description:
      "Each person once, by the number of their active days. Lapsed: active before, and not in these 28 days. Never: in the denominator, and never active.",
    formula: "active days of the last 28 complete days: 16 or more, 4–15, 1–3, 0",
  },
];

export const RETENTION: Formulas = [
  {
    title: "Retention",
    description:
      "A cohort are those whose first active day is in the same week. A week that is not over has no cell, and whoever was active in the first four weeks of the record may have begun before it.",
    formula: "|cohort active in week c+k| ÷ |cohort|",
  },
  {
    title: "Came and left",
    description:
      "New: first ever. Stayed: active in this week and the one before. Came back: active before, but not in the week before. Left: active in the week before, and not in this one.",
    formula: "active = new + stayed + came back; active before = stayed + left",
  },
];

export const ADOPTION: Formulas = [
  {
    title: "Funnel",
    description:
      "Everybody who was invited or is a member, by how far they came. The days are a median of those whose two days are both known; who has not taken a step yet is not in it.",
    formula: "|reached the step| ÷ |invited|",
  },
];
