import { Button } from "@mantine/core";
import { UserPlus } from "lucide-react";
import { useMemo, useState } from "react";

import { useAnswer, useMe, type Output } from "../client/index.ts";
import { formatInstant } from "../format/index.ts";
import { Card, DataTable, Empty, ErrorBox, Notice, Pill, type DataColumn } from "../ui/index.ts";
import { ChangeAccount } from "./change-account.tsx";
import { InviteAccount } from "./invite-account.tsx";
import { roleLabel } from "./roles.ts";
import { SECOND_FACTOR, SESSIONS } from "./fields.ts";
import { SettingForm } from "./setting-form.tsx";

export type Account = Output<"listAccounts">["accounts"][number];

const WAYS = { password: "password", sso: "single sign-on" } as const;

const COLUMNS: readonly DataColumn<Account>[] = [
  { id: "name", title: "Name", value: ({ name }) => name },
  {
    id: "state",
    title: "State",
    value: (account) => stateOf(account).text,
    cell: (account) => <Pill tone={stateOf(account).tone}>{stateOf(account).text}</Pill>,
  },
  { id: "email", title: "E-mail", value: ({ email }) => email, reason: () => "The sign-in told none." },
  { id: "role", title: "Role", value: ({ role }) => roleLabel(role) },
  { id: "people", title: "Sees individuals", value: ({ people }) => (people ? "yes" : "no") },
  {
    id: "with",
    title: "Signs in with",
    value: ({ signsInWith, secondFactor, signedInAt }) =>
      signsInWith.length === 0
        ? signedInAt === null
          ? "nothing yet"
          : "a one-time link"
        : signsInWith.map((way) => WAYS[way]).join(", ") + (secondFactor ? " and a code" : ""),
  },
  {
    id: "seen",
    title: "Last signed in",
    value: ({ signedInAt }) => signedInAt,
    cell: ({ signedInAt }) =>
      signedInAt === null ? (
        <span className="quiet">never</span>
      ) : (
        <span className="day">{formatInstant(signedInAt)}</span>
      ),
  },
];

/** Who may sign in, as what; inviting, changing, disabling. */
export function Accounts() {
  const { me } = useMe();
  const asked = useAnswer("listAccounts", {});
  const [open, setOpen] = useState<string | null>(null);
  const accounts = asked.data?.accounts;
  const account = accounts?.find(({ id }) => id === open);
  const columns = useMemo(
    () =>
      COLUMNS.map((column) =>
        column.id === "name"
          ? {
              ...column,
              cell: ({ id, name }: Account) => (
                <>
                  <bdi>{name}</bdi>
                  {id === me?.account?.id && <span className="quiet"> (you)</span>}
                </>
              ),
            }
          : column,
      ),
    [me],
  );
  return (
    <>
      <Card
        title="Accounts"
        sentence="Who may sign in to this Bursar. Click a name to change what somebody may do."
        tools={
          <Button size="xs" leftSection={<UserPlus size={14} aria-hidden />} onClick={() => setOpen("invite")}>
            Invite somebody
          </Button>
        }
      >
        {asked.isError ? (
          <ErrorBox thrown={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <DataTable
            label="Accounts"
            rows={accounts}
            columns={columns}
            rowKey={({ id }) => id}
            sort={{ id: "name", desc: false }}
            onPick={({ id }) => setOpen(id)}
            empty={<Empty why="Nobody has an account yet." />}
          />
        )}
      </Card>
      {accounts !== undefined && <AdminsWithout accounts={accounts} />}
      <SettingForm
        title="Second factor"
        sentence="Whoever has none when one is demanded sets it up before anything else, on the next page they open."
        fields={SECOND_FACTOR}
      />
      <SettingForm title="Sessions" fields={SESSIONS} />
      {open === "invite" && <InviteAccount onClose={() => setOpen(null)} />}
      {account !== undefined && <ChangeAccount account={account} onClose={() => setOpen(null)} />}
    </>
  );
}

/** An admin's password is worth the most. */
function AdminsWithout({ accounts }: { accounts: readonly Account[] }) {
  const without = accounts.filter(
    ({ role, disabled, signsInWith, secondFactor }) =>
      role === "admin" && !disabled && signsInWith.includes("password") && !secondFactor,
  ).length;
  if (without === 0) return null;
  return (
    <Notice kind="note">
      {without === 1 ? "One admin signs in" : `${without} admins sign in`} with a password alone, without a second
      factor.
    </Notice>
  );
}

function stateOf({ disabled, signsInWith, signedInAt }: Account): { text: string; tone: "good" | "attention" | "bad" } {
  if (disabled) return { text: "Disabled", tone: "bad" };
  return signsInWith.length === 0 && signedInAt === null
    ? { text: "Invited", tone: "attention" }
    : { text: "Active", tone: "good" };
}
