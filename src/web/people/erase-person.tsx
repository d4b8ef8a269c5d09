import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";

import { useMe, useOrder, type Output } from "../client/index.ts";
import { Card, ConfirmDialog, ErrorBox } from "../ui/index.ts";

type Plan = Output<"planErasure">;

/** Erasing somebody, in two steps: what is held of them is shown, and then it is asked by having an address written. */
export function ErasePerson({ person }: { person: string }) {
  const { may } = useMe();
  const planned = useOrder("planErasure");
  const [also, setAlso] = useState("");
  const [asked, setAsked] = useState(false);
  if (!may("accounts")) return null;
  const given = { person, also: textsIn(also) };
  const plan = planned.data;
  return (
    <Card title="Erase">
      <div className="erase-form">
        <p>
          Erases everything that is held here about this person. Their figures stay in every total, under a pseudonym,
          and the next sync does not bring them back. First you see what is held; nothing is changed by that.
        </p>
        <TextInput
          label="Also known as"
          description="Old addresses, names, names of keys after the person; separated by semicolons. May stay empty."
          value={also}
          onChange={(event) => {
            setAlso(event.currentTarget.value);
            planned.reset();
          }}
          autoComplete="off"
        />
        {planned.error !== null && <ErrorBox thrown={planned.error} means="Nothing was changed." />}
        {plan === undefined ? (
          <Button variant="default" loading={planned.isPending} onClick={() => planned.mutate(given)}>
            See what is held
          </Button>
        ) : (
          <>
            <HeldOf plan={plan} />
            <Button variant="default" onClick={() => setAsked(true)}>
              Erase…
            </Button>
          </>
        )}
      </div>
      {asked && plan !== undefined && <EraseDialog plan={plan} given={given} onClose={() => setAsked(false)} />}
    </Card>
  );
}

function EraseDialog({
  plan,
  given,
  onClose,
}: {
  plan: Plan;
  given: { readonly person: string; readonly also: string[] };
  onClose: () => void;
}) {
  const order = useOrder("erasePerson");
  const [, go] = useLocation();
  const [written, setWritten] = useState("");
  return (
    <ConfirmDialog
      opened
      harmful
      title="Erase this person"
      verb="Erase"
      ready={written.trim().toLowerCase() === plan.confirmation.toLowerCase()}
      onConfirm={async () => {
        await order.mutateAsync({ ...given, confirm: written });
        // This page is about nobody any more.
        go("/people");
      }}
      onClose={onClose}
    >
      <p>
        <strong>This cannot be undone.</strong> Backups made before still hold what is erased, until they are deleted.
      </p>
      <TextInput
        label={`Write ${plan.confirmation} to confirm`}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
        autoComplete="off"
      />
    </ConfirmDialog>
  );
}

function HeldOf({ plan: { held, stays } }: { plan: Plan }) {
  const lines = [
    ...held.records.map(({ stream, versions }) => `${stream}: ${versions} versions, recorded again under a pseudonym`),
    ...held.leaves.map(({ kind, leaves }) => `${leaves} ${kind} leaves of the ledger, erased`),
    ...(held.closedLeaves > 0 ? [`${held.closedLeaves} leaves of logs that ended, erased`] : []),
    ...held.own.map(({ table, rows }) => `${table}: ${rows} rows, erased or rewritten`),
    ...(held.accountsElsewhere > 0 ? ["An account that enters other tenants too, and stays there"] : []),
    ...(held.identifiers.sharedNames > 0
      ? ["A name that somebody else has too: replaced only beside an address or id"]
      : []),
  ];
  return (
    <>
      <h3>What is held</h3>
      {lines.length === 0 ? (
        <p>Nothing: this person was erased before. Erasing again finishes what may have been cut off.</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <h3>What stays</h3>
      <ul>
        {stays.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

function textsIn(text: string): string[] {
  return text
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
