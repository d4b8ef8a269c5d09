import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";

import { useAnswer, useMe, useOrder } from "../client/index.ts";
import { ConfirmDialog } from "../ui/index.ts";
import type { OwnedActor } from "./owner-list.tsx";

type Kind = OwnedActor["owner"]["kind"];

/** Says who stands behind a key: a person, a service, or nobody again. */
export function OwnerDialog({ of: { actor, label, owner }, onClose }: { of: OwnedActor; onClose: () => void }) {
  const { may } = useMe();
  const order = useOrder("setActorOwner");
  const people = useAnswer("listPeople", may("people") ? {} : null);
  const [kind, setKind] = useState<Kind>(owner.kind === "unmapped" ? "person" : owner.kind);
  const [person, setPerson] = useState<string>("");
  const [service, setService] = useState(owner.kind === "service" ? (owner.name ?? "") : "");
  const choices = useMemo(
    () =>
      people.data?.people.flatMap(({ name, emails: [email], team }) =>
        email === undefined ? [] : [{ value: email, label: `${name} · ${team ?? "no team"} · ${email}` }],
      ),
    [people.data],
  );
  const name = label.replace(/^key: /, "");
  const isReady =
    kind === "person" ? person.trim() !== "" : kind === "service" ? service.trim() !== "" : owner.kind !== "unmapped";
  const input =
    kind === "person"
      ? { actor, person: person.trim() }
      : kind === "service"
        ? { actor, service: service.trim() }
        : { actor, none: true as const };
  return (
    <ConfirmDialog
      opened
      title={`Owner of ${name}`}
      verb={kind === "unmapped" ? "Take the owner away" : "Set the owner"}
      ready={isReady}
      onConfirm={() => order.mutateAsync(input)}
      onClose={onClose}
    >
      <div className="owner-form">
        <SegmentedControl
          fullWidth
          aria-label="Who stands behind it"
          value={kind}
          onChange={(next) => setKind(next)}
          data={[
            { value: "person", label: "A person" },
            { value: "service", label: "A service" },
            { value: "unmapped", label: "Nobody" },
          ]}
        />
        {kind === "person" &&
          (choices === undefined || choices.length === 0 ? (
            <TextInput
              label="Their e-mail"
              description="As it stands in the list of people."
              value={person}
              onChange={(event) => setPerson(event.currentTarget.value)}
              autoComplete="off"
            />
          ) : (
            <Select
              label="Person"
              placeholder="Find by name, team or e-mail"
              searchable
              limit={100}
              nothingFoundMessage="Nobody in the list of people is called so."
              data={choices}
              value={person === "" ? null : person}
              onChange={(next) => setPerson(next ?? "")}
            />
          ))}
        {kind === "service" && (
          <TextInput
            label="Name of the service"
            description="Keys of one name are one service, such as “nightly evaluation”."
            value={service}
            onChange={(event) => setService(event.currentTarget.value)}
            autoComplete="off"
          />
        )}
        <p className="small quiet">
          {kind === "unmapped"
            ? "All that was ever used with this key counts for nobody again. The records themselves stay as they are."
            : "All past and future figures of this key count for them. The records themselves stay as they are."}
        </p>
      </div>
    </ConfirmDialog>
  );
}
