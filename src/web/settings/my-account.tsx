import { Button, PasswordInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { chosenTenant, ME_KEY, order, textIn, useMe, type Me } from "../client/index.ts";
import { Card, ErrorBox, Fact, Facts, Skeleton } from "../ui/index.ts";
import { roleLabel } from "./roles.ts";
import { SecondFactor } from "./second-factor.tsx";
import { SessionList } from "./session-list.tsx";
import "./settings.css";

/** Who I am here, my password, and where I am signed in. */
export function MyAccount() {
  const { me } = useMe();
  const account = me?.account;
  if (account == null) return <Skeleton height={160} />;
  return (
    <>
      <Card title="My account">
        <Facts>
          <Fact name="Name" value={<bdi>{account.name}</bdi>} />
          <Fact name="E-mail" value={account.email ?? "none"} />
          <Fact name="Role" value={account.role === null ? "none" : roleLabel(account.role)} />
          <Fact
            name="Sees individuals"
            value={account.permissions.includes("people") ? "yes, by name" : SEES[me?.privacyMode ?? "teams"]}
          />
        </Facts>
      </Card>
      <Card title="Password" sentence="Changing it ends all your other sessions.">
        <Password account={account} hasSso={me?.sso.enabled === true} />
      </Card>
      {account.secondFactor !== null && (
        <Card title="Second factor" sentence="A code of an authenticator app, besides your password.">
          <SecondFactor account={account} factor={account.secondFactor} />
        </Card>
      )}
      <Card title="Sessions" sentence="The browsers in which you are signed in.">
        <SessionList />
      </Card>
    </>
  );
}

const SEES = {
  named: "yes: everybody may here",
  pseudonymous: "under pseudonyms",
  teams: "no, only teams",
} as const;

function Password({ account, hasSso }: { account: NonNullable<Me["account"]>; hasSso: boolean }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const [done, setDone] = useState("");
  if (!account.hasPassword && hasSso) {
    return <p className="quiet">You sign in through your organization, which keeps your password.</p>;
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const current = textIn(form, "current");
    setBusy(true);
    setThrown(null);
    setDone("");
    try {
      // Past the cache of orders, which would remember both passwords.
      const { sessionsEnded } = await order(
        "changePassword",
        { next: textIn(form, "next"), ...(current === "" ? {} : { current }) },
        { tenant: chosenTenant() },
      );
      element.reset();
      setDone(
        `The password was changed.${sessionsEnded > 0 ? ` ${sessionsEnded} other ${sessionsEnded === 1 ? "session was" : "sessions were"} ended.` : ""}`,
      );
      await Promise.all([
        queries.invalidateQueries({ queryKey: ME_KEY }),
        queries.invalidateQueries({ queryKey: [chosenTenant(), "listSessions"] }),
      ]);
    } catch (failure) {
      setThrown(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="setting-form" onSubmit={(event) => void submit(event)}>
      {account.email !== null && (
        // So that a password manager knows whose password it is.
        <input
          className="visually-hidden"
          name="email"
          autoComplete="username"
          value={account.email}
          readOnly
          tabIndex={-1}
          aria-hidden
        />
      )}
      {account.hasPassword && (
        <PasswordInput name="current" label="Present password" autoComplete="current-password" required />
      )}
      <PasswordInput
        name="next"
        label="New password"
        description="At least 12 characters. A few unrelated words are better than a short riddle."
        autoComplete="new-password"
        minLength={12}
        required
      />
      {thrown !== null && <ErrorBox thrown={thrown} means="The password is as it was." />}
      <div className="setting-save">
        <Button type="submit" loading={busy}>
          Change password
        </Button>
        <span className="small quiet" role="status">
          {done}
        </span>
      </div>
    </form>
  );
}
