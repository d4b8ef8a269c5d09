import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { textIn, useOrder } from "../client/index.ts";
import { ErrorBox } from "../ui/index.ts";
import { AccountFields } from "./account-fields.tsx";
import { LinkOnce } from "./link-once.tsx";
import type { Role } from "./roles.ts";
import { Dialog } from "../ui/dialog.tsx";

/** Makes an account and the link with which its owner comes in. */
export function InviteAccount({ onClose }: { onClose: () => void }) {
  const invite = useOrder("inviteAccount");
  const [role, setRole] = useState<Role>("viewer");
  const [people, setPeople] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = textIn(form, "name").trim();
    invite.mutate({
      email: textIn(form, "email").trim(),
      ...(name === "" ? {} : { name }),
      role,
      people,
    });
  };
  return (
    <Dialog onClose={onClose} title="Invite somebody" size="lg">
      {invite.data === undefined ? (
        <form className="setting-form" onSubmit={submit}>
          <TextInput name="email" type="email" label="E-mail" required data-autofocus autoComplete="off" />
          <TextInput
            name="name"
            label="Name"
            description="Taken from the roster, or from the e-mail, when it is left empty."
            autoComplete="off"
          />
          <AccountFields role={role} people={people} onRole={setRole} onPeople={setPeople} />
          {invite.isError && <ErrorBox thrown={invite.error} means="Nobody was invited." />}
          <div className="setting-save">
            <Button type="submit" loading={invite.isPending}>
              Invite
            </Button>
          </div>
        </form>
      ) : (
        <div className="setting-form">
          <p>
            <bdi>{invite.data.account.name}</bdi> has an account now.
            {invite.data.link === null && " It is used elsewhere already: its owner signs in as before."}
          </p>
          {invite.data.link !== null && (
            <LinkOnce
              link={invite.data.link}
              label="Bursar sends no mail: hand over this link, with which a password is chosen."
            />
          )}
          <div className="setting-save">
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
