import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { chosenTenant, ME_KEY, order, textIn, type Me } from "../client/index.ts";
import { ErrorBox } from "../ui/index.ts";
import { EnrolSecondFactor } from "./enrol-second-factor.tsx";

type Account = NonNullable<Me["account"]>;

/** Setting one's own second factor up, and taking it away. */
export function SecondFactor({
  account: { hasPassword },
  factor,
}: {
  account: Account;
  factor: NonNullable<Account["secondFactor"]>;
}) {
  const queries = useQueryClient();
  const [doing, setDoing] = useState<"enrol" | "remove" | null>(null);
  const done = () => {
    setDoing(null);
    void queries.invalidateQueries({ queryKey: ME_KEY });
    void queries.invalidateQueries({ queryKey: [chosenTenant()] });
  };
  if (doing === "enrol")
    return <EnrolSecondFactor hasPassword={hasPassword} onDone={done} onCancel={() => setDoing(null)} />;
  if (doing === "remove") return <Remove hasPassword={hasPassword} onDone={done} onCancel={() => setDoing(null)} />;
  return (
    <div className="setting-form">
      <p role="status">
        {factor.isOn
          ? `It is on: you sign in with your password and a code. ${codes(factor.recoveryCodesLeft)} left.`
          : "It is off: whoever has your password is you."}
      </p>
      <div className="setting-save">
        {factor.isOn ? (
          <Button variant="default" onClick={() => setDoing("remove")}>
            Remove it
          </Button>
        ) : (
          <Button onClick={() => setDoing("enrol")}>Set one up</Button>
        )}
      </div>
    </div>
  );
}

function Remove({ hasPassword, onDone, onCancel }: { hasPassword: boolean; onDone: () => void; onCancel: () => void }) {
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const code = textIn(form, "code");
    setBusy(true);
    setThrown(null);
    try {
      // Past the cache of orders, which would remember the password.
      const input = code === "" ? { current: textIn(form, "password") } : { code };
      await order("removeSecondFactor", input, { tenant: chosenTenant() });
      onDone();
    } catch (failure) {
      setThrown(failure);
      setBusy(false);
    }
  };
  return (
    <form className="setting-form" onSubmit={(event) => void submit(event)}>
      <p>The app&apos;s codes and your recovery codes stop working. To change phones, remove it and set it up anew.</p>
      <TextInput
        name="code"
        label="A code of the app, or a recovery code"
        autoComplete="one-time-code"
        spellCheck={false}
        required={!hasPassword}
        autoFocus
      />
      {hasPassword && <PasswordInput name="password" label="Or your password" autoComplete="current-password" />}
      {thrown !== null && <ErrorBox thrown={thrown} means="The second factor is as it was." />}
      <div className="setting-save">
        <Button type="submit" color="red" loading={busy}>
          Remove
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function codes(left: number): string {
  return `${left} recovery ${left === 1 ? "code is" : "codes are"}`;
}
