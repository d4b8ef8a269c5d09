import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";

import type { Output } from "../client/index.ts";
import { sentenceCase } from "../directory/words.ts";
import { formatDay } from "../format/index.ts";
import { Card, Column, Columns, Empty, ErrorBox, Fact, Facts } from "../ui/index.ts";
import "./changes.css";
import { usePlan } from "./use-plan.ts";

type Plan = Output<"offboardPlan">;

const RELATIONS = { made: "Made by them", owns: "Theirs by the list of owners", acts_as: "Acts as them" } as const;

/** What somebody has, each with what would break, ticked where it should be ended. */
export function OffBoardingPlan({ plan }: { plan: Plan }) {
  const { organizationId, person, memberships, invites, keys, consequences, proposed } = plan;
  const proposal = proposed?.arguments;
  const [removes, setRemoves] = useState(proposal?.user_id !== undefined);
  const [withdrawn, setWithdrawn] = useState<readonly string[]>(proposal?.withdraw_invites ?? []);
  const [deactivated, setDeactivated] = useState<readonly string[]>(proposal?.deactivate_keys ?? []);
  const { plan: planChange, problem, isPending, reset } = usePlan();
  const [, go] = useLocation();
  const name = person.name ?? person.emails[0] ?? person.userId ?? "";
  const count = (removes ? 1 : 0) + withdrawn.length + deactivated.length;
  const dryRun = async () => {
    const { id } = await planChange({
      kind: "offboard_member",
      arguments: {
        ...(removes && proposal?.user_id !== undefined ? { user_id: proposal.user_id } : {}),
        withdraw_invites: [...withdrawn],
        deactivate_keys: [...deactivated],
      },
      organization: organizationId,
    });
    // There it is approved, watched and looked at again.
    go(`/changes/${id}`);
  };
  return (
    <>
      <Columns>
        <Column span={5}>
          <Card title={name}>
            <Facts>
              <Fact name="Organization" value={<bdi>{plan.organization}</bdi>} />
              <Fact name="Role" value={person.role === null ? "no member" : sentenceCase(person.role)} />
              <Fact name="Addresses" value={<bdi>{person.emails.join(", ") || "none is known"}</bdi>} />
              <Fact
                name="Workspaces"
                value={
                  memberships.length === 0
                    ? "none"
                    : memberships
                        .map(
                          ({ workspace, workspaceId, role }) =>
                            `${workspace ?? workspaceId} (${sentenceCase(role ?? "?")})`,
                        )
                        .join(", ")
                }
              />
            </Facts>
          </Card>
        </Column>
        <Column span={7}>
          <Card title="What follows">
            {consequences.length === 0 ? (
              <Empty why="Nothing follows." />
            ) : (
              <ul className="change-consequences">
                {consequences.map((says) => (
                  <li key={says} dir="auto">
                    {says}
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </Column>
      </Columns>
      <Card
        title="What should be done"
        sentence="What is proposed is ticked. Invites first, then the person, who could make new keys, then the keys."
      >
        {person.role === null && invites.length === 0 && keys.length === 0 ? (
          <Empty why="They have nothing at Anthropic: no membership, no open invite, no key." />
        ) : (
          <ul className="change-choices">
            {invites.map(({ inviteId, email, role, expiresAt }) => (
              <li key={inviteId}>
                <Checkbox
                  label={`Withdraw the invite of ${email}`}
                  description={`As ${sentenceCase(role)}; it expires on ${formatDay(expiresAt.slice(0, 10))}.`}
                  checked={withdrawn.includes(inviteId)}
                  onChange={() => setWithdrawn(toggled(withdrawn, inviteId))}
                />
              </li>
            ))}
            {person.role !== null && (
              <li>
                <Checkbox
                  label={`Remove ${name} from the organization`}
                  description={
                    proposal?.user_id === undefined
                      ? "Not possible through the API: see what follows."
                      : "They lose access at once. Keys that they made stay alive unless they are ended too."
                  }
                  disabled={proposal?.user_id === undefined}
                  checked={removes}
                  onChange={() => setRemoves(!removes)}
                />
              </li>
            )}
            {keys.map((key) => (
              <li key={key.keyId}>
                <Checkbox
                  label={`Deactivate key ${key.name}${key.hint === null ? "" : ` (${key.hint})`}`}
                  description={keyLine(key)}
                  disabled={key.status !== "active" || key.diesWithMembership}
                  checked={deactivated.includes(key.keyId)}
                  onChange={() => setDeactivated(toggled(deactivated, key.keyId))}
                />
              </li>
            ))}
          </ul>
        )}
        {problem !== null && <ErrorBox thrown={problem} means="Nothing was changed." onRetry={reset} />}
        <div className="change-decide">
          <span className="small quiet" role="status">
            {count} {count === 1 ? "step" : "steps"} chosen
          </span>
          <Button disabled={count === 0} loading={isPending} onClick={() => void dryRun().catch(() => undefined)}>
            See what would happen
          </Button>
        </div>
      </Card>
    </>
  );
}

/** Its last use and tokens stand in what would break. */
function keyLine({ relation, workspace, breaks }: Plan["keys"][number]): string {
  return `${RELATIONS[relation]}, in ${workspace ?? "the default workspace"}. ${breaks}`;
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
}
