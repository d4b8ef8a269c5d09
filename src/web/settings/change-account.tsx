import { Button, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { useMe, useOrder } from "../client/index.ts";
import { formatInstant } from "../format/index.ts";
import { ErrorBox, Notice } from "../ui/index.ts";
import { AccountFields } from "./account-fields.tsx";
import type { Account } from "./accounts.tsx";
import { LinkOnce } from "./link-once.tsx";
import type { Role } from "./roles.ts";
import { SessionList } from "./session-list.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** What one account may do, its sessions, and a way in for who lost theirs. */
export function ChangeAccount({ account, onClose }: { account: Account; onClose: () => void }) {
  const { me } = useMe();
  const change = useOrder("changeAccount");
  const issue = useOrder("issueSignInLink");
  const reset = useOrder("resetSecondFactor");
  const [name, setName] = useState(account.name);
  const [role, setRole] = useState<Role>(account.role);
  const [people, setPeople] = useState(account.people);
  const [disabled, setDisabled] = useState(account.disabled);
  const wanted = {
    ...(name.trim() === account.name ? {} : { name: name.trim() }),
    ...(role === account.role ? {} : { role }),
    ...(people === account.people ? {} : { people }),
    ...(disabled === account.disabled ? {} : { disabled }),
  };
  const isOwn = account.id === me?.account?.id;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ account: account.id, ...wanted });
  };
  return (
    <Dialog onClose={onClose} title={account.name} size="lg">
      <form className="setting-form" onSubmit={submit}>
        <p className="quiet">
          {account.email ?? "No e-mail"} · since {formatInstant(account.createdAt)}
        </p>
        {isOwn && (
          <Notice kind="note">
            This is your own account: changing its rights ends your session, and you sign in anew.
          </Notice>
        )}
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} required />
        <AccountFields role={role} people={people} onRole={setRole} onPeople={setPeople} />
        <Switch
          label="Disabled"
          description="Nobody signs in with it, its sessions end and its links stop working. Its tokens rest."
          checked={disabled}
          onChange={(event) => setDisabled(event.currentTarget.checked)}
        />
        {change.isError && <ErrorBox thrown={change.error} means="Nothing was changed." />}
        <div className="setting-save">
          <Button type="submit" disabled={Object.keys(wanted).length === 0} loading={change.isPending}>
            Save
          </Button>
          <span className="small quiet" role="status">
            {change.isSuccess && Object.keys(wanted).length === 0
              ? `Saved.${change.data.sessionsEnded > 0 ? " Sessions were ended: the new rights hold from the next sign-in." : ""}`
              : ""}
          </span>
        </div>
      </form>
      <section className="modal-section">
        <h3>Sign-in link</h3>
        <p className="quiet">For who lost their password or their invitation. Earlier links stop working.</p>
        {issue.isError && <ErrorBox thrown={issue.error} means="No link was made." />}
        {issue.data === undefined ? (
          <Button
            variant="default"
            size="xs"
            loading={issue.isPending}
            onClick={() => issue.mutate({ account: account.id })}
          >
            Make a link
          </Button>
        ) : (
          <LinkOnce link={issue.data.link} label="Here is the link." />
        )}
      </section>
      {account.secondFactor && !isOwn && (
        <section className="modal-section">
          <h3>Second factor</h3>
          <p className="quiet">
            For who lost theirs and the recovery codes: the password alone signs in again. Their sessions end.
          </p>
          {reset.isError && <ErrorBox thrown={reset.error} means="It is as it was." />}
          <Button
            variant="default"
            size="xs"
            loading={reset.isPending}
            onClick={() => reset.mutate({ account: account.id })}
          >
            Reset it
          </Button>
        </section>
      )}
      <section className="modal-section">
        <h3>Sessions</h3>
        <SessionList {...(isOwn ? {} : { account: account.id })} />
      </section>
    </Dialog>
  );
}
