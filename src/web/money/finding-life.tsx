import { Button } from "@mantine/core";

import { useMe, useOrder, type Output } from "../client/index.ts";
import { formatInstant } from "../format/index.ts";
import { ErrorBox, Pill } from "../ui/index.ts";

type Finding = Output<"listInsights">["findings"][number];

const STATES = {
  open: { label: "Open", tone: "attention" },
  acknowledged: { label: "Acknowledged", tone: undefined },
  resolved: { label: "Resolved", tone: "good" },
} as const;

/** What became of an unusual day, and what somebody who sets Bursar up may make of it. */
export function FindingLife({ id, life, title }: { id: string; life: NonNullable<Finding["life"]>; title: string }) {
  const { may } = useMe();
  const order = useOrder("setAnomalyState");
  const set = (state: "acknowledged" | "resolved") => order.mutate({ id, state });
  return (
    <>
      <p className="finding-life">
        <Pill tone={STATES[life.state].tone}>{STATES[life.state].label}</Pill>
        <span className="quiet small">{courseOf(life)}</span>
        {may("settings") && life.state === "open" && (
          <Button
            size="compact-xs"
            variant="default"
            loading={order.isPending}
            onClick={() => set("acknowledged")}
            aria-label={`Acknowledge: ${title}`}
          >
            Acknowledge
          </Button>
        )}
        {may("settings") && life.state !== "resolved" && (
          <Button
            size="compact-xs"
            variant="default"
            loading={order.isPending}
            onClick={() => set("resolved")}
            aria-label={`Resolve: ${title}`}
          >
            Resolve
          </Button>
        )}
      </p>
      {order.isError && <ErrorBox thrown={order.error} means="Nothing was changed." />}
    </>
  );
}

function courseOf({ openedAt, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy }: NonNullable<Finding["life"]>) {
  return [
    `Seen ${formatInstant(openedAt)}`,
    ...(acknowledgedAt === null
      ? []
      : [`acknowledged ${formatInstant(acknowledgedAt)} by ${acknowledgedBy ?? "nobody"}`]),
    ...(resolvedAt === null
      ? []
      : [
          `resolved ${formatInstant(resolvedAt)} ${resolvedBy === null ? "as it stands out no more" : `by ${resolvedBy}`}`,
        ]),
  ].join(", ");
}
