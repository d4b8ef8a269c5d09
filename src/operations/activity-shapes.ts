import { z } from "zod";

import { coverage, dayRange, reason as anyReason, warnings } from "./figures.ts";
import { activeRule, denominator, filters, population } from "./filters.ts";

/** What the pages about people and their work can be narrowed by. `kind` of money means nothing here. */
export const activityFilters = {
  from: filters.from,
  to: filters.to,
  where: filters.where,
  population: filters.population,
  activeRule: filters.activeRule,
  asOf: filters.asOf,
} as const;

export const activeUsersInput = z.object({ ...activityFilters, denominator: filters.denominator });

const { population: _, ...ofHumans } = activityFilters;
/** Adoption is a rate of people, whatever population a page is narrowed to. */
export const adoptionInput = z.object({ ...ofHumans, denominator: filters.denominator });

export const reason = anyReason.describe("why there is no value");

/** A count, or a ratio from 0 to 1; null with a reason, which surfaces show as a dash and never as 0. */
export const figure = z.object({
  value: z.number().nullable(),
  reason: reason.optional(),
  lowSample: z.literal(true).optional().describe("the denominator is too small to lean on"),
});

/** A figure beside the one of the equal-length period right before. */
export const compared = figure.extend({
  previous: figure,
  change: z
    .object({
      kind: z
        .enum(["relative", "points", "new", "none"])
        .describe(
          "relative: (now - before) / |before|; points: difference of two ratios; new: from 0; none: see reason",
        ),
      value: z.number().nullable(),
      reason: reason.optional(),
    })
    .describe("against the previous period"),
});

/** How a day of the range was read; a gap is never an idle day. */
export const dayState = z.enum(["complete", "partial", "missing"]);

/** What every answer about activity says of itself. */
export const activityFrame = {
  range: dayRange.extend({ timezone: z.literal("UTC") }),
  previousRange: dayRange.describe("the equal-length period right before; figures of it need all of its days"),
  where: z.array(z.object({ dimension: z.string(), value: z.string().nullable() })).readonly(),
  population,
  activeRule,
  source: z.array(z.string()).readonly(),
  completeThrough: z.string().nullable(),
  asOf: z.string(),
  coverage,
  provisional: z.array(z.string()).readonly().describe("finished days that the source may still restate"),
  warnings,
} as const;

export const count = z.int().nullable();

// ---------------------------------------------------------------- AI Active Users

export const activeUsersShape = z.object({
  ...activityFrame,
  windows: z.object({ wau: z.literal(7), mau: z.literal(30) }).describe("rolling windows in days"),
  headline: z.object({
    dauAverage: compared.describe("mean over covered, complete days"),
    dauWeekdayAverage: compared.describe("the same over Monday to Friday"),
    wau: compared.describe("distinct people of the 7 days that end at the last complete day"),
    mau: compared.describe("distinct people of the 30 days that end at the last complete day"),
    periodActive: compared.describe("distinct people of the whole range"),
    activePersonDays: compared,
    weeklyAverage: compared.describe(
      "mean over whole ISO weeks of the people active in each; smaller than the period's",
    ),
  }),
  stickiness: z.object({
    day: z.string().nullable().describe("the windows end here"),
    dauMauWeekday: figure.describe("weekday average of the last 30 days over MAU: read this one first"),
    dauMau: figure.describe("average of the last 30 days over MAU; 5 of 7 days are 0.71"),
    dauWau: figure,
    wauMau: figure,
  }),
  series: z
    .array(
      z.object({
        day: z.string(),
        dau: count,
        wau: count,
        mau: count,
        reason: reason.optional(),
        state: dayState,
        provisional: z.boolean(),
        partialWindow: z
          .object({ wau: z.boolean(), mau: z.boolean() })
          .describe("the window reaches over days that were not read: the count is a lower bound"),
      }),
    )
    .readonly(),
  calendar: z
    .array(z.object({ day: z.string(), active: count, state: dayState, provisional: z.boolean() }))
    .readonly()
    .describe("up to 53 weeks that end with the range; null is a gap"),
  frequency: z
    .object({
      window: dayRange.nullable().describe("the last 28 complete days"),
      days: z.int(),
      reason: reason.optional(),
      bands: z
        .array(
          z.object({
            id: z.enum(["daily", "weekly", "occasional", "lapsed", "never"]),
            least: z.int().nullable(),
            most: z.int().nullable(),
            people: count,
            reason: reason.optional(),
          }),
        )
        .readonly(),
      denominator: denominator.describe("never: those of it who were never active"),
    })
    .describe("people by how many of the last 28 complete days they were active on"),
});

const powerMeasure = z.enum(["tokens", "accepted", "active_days"]);

export const powerUsersInput = z.object({ ...activityFilters, measure: powerMeasure.optional() });

export const powerUsersShape = z.object({
  ...activityFrame,
  definition: z.literal("percentile"),
  measure: powerMeasure,
  active: z.int().nullable(),
  reason: reason.optional().describe("below_minimum_sample under 8 active people"),
  bands: z
    .array(
      z.object({
        id: z.enum(["power", "steady", "opportunistic", "inactive"]),
        people: count,
        share: figure.describe("of the measure's sum over everybody"),
        reason: reason.optional(),
      }),
    )
    .readonly(),
  absolute: z
    .object({ people: count, reason: reason.optional() })
    .describe(
      "the other definition: active on 4 of the last 5 working days, and a commit or pull request in the last 7 days",
    ),
});

// ---------------------------------------------------------------- retention

const cell = z.object({
  k: z.int().describe("weeks or months after the cohort's own"),
  period: z.string(),
  active: count,
  rate: z.number().nullable(),
  reason: reason.optional(),
});

export const retentionInput = z.object({ ...activityFilters, grain: z.enum(["week", "month"]).optional() });

export const retentionShape = z.object({
  ...activityFrame,
  grain: z.enum(["week", "month"]),
  cohorts: z
    .array(
      z.object({
        cohort: z.string().describe("the Monday of the week, or YYYY-MM, of the first active day"),
        size: z.int().nullable(),
        complete: z.boolean().describe("false while the cohort's own period is not complete"),
        reason: reason.optional(),
        lowSample: z.literal(true).optional(),
        cells: z.array(cell).readonly().describe("null where the period is not complete"),
      }),
    )
    .readonly(),
  existing: z
    .object({
      from: z.string(),
      to: z.string(),
      size: z.int().nullable(),
      reason: reason.optional(),
      lowSample: z.literal(true).optional(),
      cells: z.array(cell).readonly(),
    })
    .nullable()
    .describe("first seen in the first four weeks of the store: since when they are active is not known"),
  weeks: z
    .array(
      z.object({
        week: z.string(),
        complete: z.boolean(),
        leftCensored: z.boolean().describe("one of the first four weeks of the store: new may be active before"),
        active: count,
        previous: count.describe("active in the week before"),
        new: count,
        retained: count,
        resurrected: count,
        churned: count,
        reason: reason.optional(),
        quickRatio: figure.describe("(new + resurrected) / churned"),
        returningRate: figure.describe("retained / active in the week before"),
      }),
    )
    .readonly(),
});

// ---------------------------------------------------------------- AI Adoption Rate

const rate = z.object({ active: count, eligible: count, rate: figure });

export const adoptionShape = z.object({
  ...activityFrame,
  denominator: denominator.describe("the one that headline, series and teams are divided by"),
  headline: z.object({
    rate: compared,
    active: compared,
    eligible: compared,
    activeOutsideDenominator: count,
  }),
  denominators: z
    .array(
      rate.extend({
        id: denominator,
        activeOutside: count.describe("active, and not in this denominator"),
        flags: z.array(z.enum(["no_seats", "denominator_backfilled", "not_loaded"])).readonly(),
      }),
    )
    .readonly(),
  series: z
    .array(
      z.object({
        day: z.string(),
        eligible: count,
        daily: figure,
        weekly: figure,
        monthly: figure,
        state: dayState,
        provisional: z.boolean(),
        partialWindow: z.object({ weekly: z.boolean(), monthly: z.boolean() }),
      }),
    )
    .readonly()
    .describe("DAU, WAU and MAU over the denominator of that day"),
  teams: z
    .array(
      z.object({
        team: z.string().nullable().describe("null: without a team"),
        eligible: count,
        active: count,
        rate: figure,
        previousRate: figure,
        reason: reason.optional(),
      }),
    )
    .readonly(),
  notStarted: count.describe("eligible today and never active"),
  lapsed: count.describe("eligible, active before, and not in the last 28 complete days"),
});

export const onboardingShape = z.object({
  ...activityFrame,
  steps: z
    .array(
      z.object({
        id: z.enum(["invited", "accepted", "first_session", "first_accepted_edit", "first_commit_or_pull_request"]),
        title: z.string(),
        people: count,
        ofInvited: figure,
        ofPrevious: figure,
        medianDays: figure.describe(
          "from the step before, of those whose two days are known; whose step is open is not in it",
        ),
        measured: count.describe("how many the median is of"),
        open: count.describe("reached the step before and not this one yet"),
        reason: reason.optional(),
      }),
    )
    .readonly(),
});

export const personRow = z.object({
  person: z.string().describe("as metrics name a person: the first e-mail"),
  personId: z.string().nullable(),
  name: z.string(),
  team: z.string().nullable(),
});

export const adoptionPeopleShape = z.object({
  ...activityFrame,
  denominator: denominator,
  notStarted: z
    .array(personRow.extend({ eligibleSince: z.string().nullable(), invite: z.string().nullable() }))
    .readonly(),
  lapsed: z.array(personRow.extend({ lastActive: z.string(), daysSince: z.int() })).readonly(),
  outside: z
    .array(personRow.extend({ lastActive: z.string(), activeDays: z.int() }))
    .readonly()
    .describe("active in the range and not in the denominator"),
});

// ---------------------------------------------------------------- AI Coding Activity

export const codingGrain = z.enum(["day", "week", "month"]);

export const codingInput = z.object({ ...activityFilters, grain: codingGrain.optional() });

const codingMeasure = z.enum([
  "sessions",
  "lines_added",
  "lines_removed",
  "net_lines",
  "churned_lines",
  "commits",
  "pull_requests",
]);

const codingCounts = z.object({
  sessions: count,
  lines_added: count,
  lines_removed: count,
  net_lines: count,
  churned_lines: count,
  commits: count,
  pull_requests: count,
});

export const codingActivityShape = z.object({
  ...activityFrame,
  grain: codingGrain,
  measures: z
    .array(
      z.object({
        id: codingMeasure,
        title: z.string(),
        unit: z.enum(["sessions", "lines", "count"]),
        total: compared,
        perActivePerson: compared,
        perActiveDay: compared.describe("over active person-days: fair between teams of unequal presence"),
        perSession: compared,
      }),
    )
    .readonly(),
  active: z.object({ people: compared, personDays: compared }),
  series: z
    .array(
      codingCounts.extend({
        bucket: z.string().describe("the day, the week's Monday, or YYYY-MM"),
        activePeople: count,
        reason: reason.optional(),
        state: dayState,
        provisional: z.boolean(),
      }),
    )
    .readonly(),
  terminals: z
    .array(codingCounts.extend({ terminal: z.string().nullable(), interactive: z.boolean(), shareOfSessions: figure }))
    .readonly(),
  populations: z
    .array(codingCounts.extend({ population: z.enum(["humans", "service", "unmapped"]) }))
    .readonly()
    .describe("whatever population was asked: people and keys apart"),
  sessionLength: figure.describe("the source does not report it"),
});

export const codingByTeamShape = z.object({
  ...activityFrame,
  teams: z
    .array(
      codingCounts.extend({
        team: z.string().nullable(),
        activePeople: count,
        personDays: count,
        perActiveDay: z.object({ sessions: figure, lines_added: figure, commits: figure, pull_requests: figure }),
        reason: reason.optional(),
      }),
    )
    .readonly(),
});

// ---------------------------------------------------------------- AI Actions

const decisions = z.object({
  accepted: count,
  rejected: count,
  decisions: count,
  acceptRate: figure,
});

export const actionsShape = z.object({
  ...activityFrame,
  grain: codingGrain,
  total: z.object({
    accepted: compared,
    rejected: compared,
    decisions: compared,
    acceptRate: compared,
    acceptedPerActiveDay: compared,
    averagePerBucket: figure.describe(
      "decisions over the number of covered buckets of the grain: an average, no total",
    ),
  }),
  tools: z.array(decisions.extend({ tool: z.string().nullable(), previousAcceptRate: figure })).readonly(),
  series: z
    .array(
      decisions.extend({
        bucket: z.string(),
        reason: reason.optional(),
        state: dayState,
        provisional: z.boolean(),
      }),
    )
    .readonly(),
  toolSeries: z.array(decisions.extend({ tool: z.string().nullable(), bucket: z.string() })).readonly(),
  populations: z.array(decisions.extend({ population: z.enum(["humans", "service", "unmapped"]) })).readonly(),
  terminals: z
    .array(decisions.extend({ kind: z.enum(["interactive", "non_interactive"]) }))
    .readonly()
    .describe("of the asked population; in a non-interactive terminal nobody looked"),
});

export const actionsByTeamShape = z.object({
  ...activityFrame,
  teams: z
    .array(
      decisions.extend({
        team: z.string().nullable(),
        activePeople: count,
        personDays: count,
        acceptedPerActiveDay: figure,
        reason: reason.optional(),
      }),
    )
    .readonly(),
});
