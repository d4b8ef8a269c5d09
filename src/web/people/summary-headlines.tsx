import type { Asked } from "../client/index.ts";
import type { Unit } from "../format/index.ts";
import { ErrorBox, FigureHeadline, HeadlineRow } from "../ui/index.ts";

interface Shown {
  readonly metric: string;
  readonly label: string;
  readonly unit: Unit;
  readonly good?: "more";
}

/** What a group of people is looked at for. */
export const OF_PEOPLE: readonly Shown[] = [
  { metric: "active_users", label: "Active people", unit: "people", good: "more" },
  { metric: "adoption_rate", label: "Adoption", unit: "ratio", good: "more" },
  { metric: "accept_rate", label: "Accept rate", unit: "ratio", good: "more" },
  { metric: "cost", label: "Spend", unit: "usd" },
  { metric: "cost_per_active_user", label: "Per spender", unit: "usd" },
];

/** The same of services and of keys without an owner, who adopt nothing. */
export const OF_OTHERS: readonly Shown[] = [
  { metric: "sessions", label: "Sessions", unit: "sessions" },
  { metric: "commits", label: "Commits", unit: "count" },
  { metric: "pull_requests", label: "Pull requests", unit: "count" },
  { metric: "cost", label: "Spend", unit: "usd" },
];

/** These metrics as one answer gives them. */
export function SummaryHeadlines({ shown, answer }: { shown: readonly Shown[]; answer: Asked<"summary"> }) {
  if (answer.isError) return <ErrorBox thrown={answer.error} onRetry={() => void answer.refetch()} />;
  return (
    <HeadlineRow>
      {shown.map(({ metric, ...rest }) => (
        <FigureHeadline
          key={metric}
          {...rest}
          figure={answer.data?.metrics.find((one) => one.metric === metric)}
          dimmed={answer.isPlaceholderData}
        />
      ))}
    </HeadlineRow>
  );
}
