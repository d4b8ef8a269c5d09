import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Link, useSearchParams } from "wouter";

import { OffBoardingPlan } from "../changes/off-boarding-plan.tsx";
import { useOrganizations } from "../changes/use-organizations.ts";
import { useWrites } from "../changes/use-writes.ts";
import { WritingIsOff } from "../changes/writing-is-off.tsx";
import { useAnswer, useMe } from "../client/index.ts";
import { textIn } from "../client/index.ts";
import { Card, Empty, ErrorBox, Page, Skeleton } from "../ui/index.ts";

/** What somebody has at Anthropic, and what ends it: looked at, ticked, planned, approved once. */
export function OffBoarding() {
  const { me, may } = useMe();
  const { mayManage, isOn } = useWrites();
  if (me === undefined) return <Skeleton height={400} />;
  const sentence =
    "What somebody has at Anthropic, what would break without it, and what ends it. Nothing is changed before you approve it.";
  return (
    <Page title="Off-boarding" sentence={sentence}>
      {!mayManage || !may("people") ? (
        <Card title="Not shown">
          <Empty why="Off-boarding needs two permissions: changing the organization (the role admin has it), and seeing individuals. Ask an admin for what your account lacks.">
            <Link href="/">Go to the overview</Link>
          </Empty>
        </Card>
      ) : isOn === undefined ? (
        <Skeleton height={320} />
      ) : isOn ? (
        <Look />
      ) : (
        <WritingIsOff />
      )}
    </Page>
  );
}

function Look() {
  const [params, setParams] = useSearchParams();
  const organizations = useOrganizations();
  const person = params.get("person")?.trim() ?? "";
  const given = params.get("organization");
  const [chosen, setChosen] = useState<string | null>(given);
  const organization = given ?? (organizations.length === 1 ? undefined : organizations[0]?.id);
  // Each look leaves a trace in the ledger: none by itself.
  const plan = useAnswer(
    "offboardPlan",
    person === "" || organizations.length === 0
      ? null
      : { person, ...(organization === undefined ? {} : { organization }) },
    { once: true },
  );
  // A page about somebody leads here with an id of our own, which says nothing to anybody.
  const shown = (person.startsWith("p_") ? plan.data?.person.emails[0] : undefined) ?? person;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = textIn(new FormData(event.currentTarget), "person").trim();
    const place = chosen ?? (organizations.length > 1 ? organizations[0]?.id : null);
    if (wanted === person && place === given) void plan.refetch();
    else setParams({ person: wanted, ...(place == null ? {} : { organization: place }) });
  };
  return (
    <>
      <Card title="Who goes?" sentence="Each look is recorded in the ledger: who looked, when, at whom.">
        <form className="off-boarding-search" onSubmit={submit} key={`${person} ${shown}`}>
          <TextInput
            name="person"
            label="E-mail, or an id such as user_01…"
            defaultValue={shown}
            required
            withAsterisk={false}
            autoComplete="off"
          />
          {organizations.length > 1 && (
            <NativeSelect
              label="Organization"
              value={chosen ?? organizations[0]?.id ?? ""}
              onChange={(event) => setChosen(event.currentTarget.value)}
              data={organizations.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          <Button type="submit" variant={plan.data === undefined ? "filled" : "default"} loading={plan.isFetching}>
            {plan.data === undefined ? "Look" : "Look again"}
          </Button>
        </form>
      </Card>
      {person !== "" &&
        (plan.isError ? (
          <ErrorBox thrown={plan.error} means="Nothing was changed." onRetry={() => void plan.refetch()} />
        ) : plan.data === undefined || plan.isPlaceholderData ? (
          <Skeleton height={320} />
        ) : (
          <OffBoardingPlan key={plan.dataUpdatedAt} plan={plan.data} />
        ))}
    </>
  );
}
