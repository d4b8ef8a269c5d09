import { Checkbox, NativeSelect } from "@mantine/core";

import { useMe } from "../client/index.ts";
import { PEOPLE_SAYS, ROLES, roleSays, type Role } from "./roles.ts";

interface AccountFieldsProps {
  readonly role: Role;
  readonly people: boolean;
  readonly onRole: (role: Role) => void;
  readonly onPeople: (people: boolean) => void;
}

/** What somebody may do: their role, and whether they see individuals. */
export function AccountFields({ role, people, onRole, onPeople }: AccountFieldsProps) {
  const { may } = useMe();
  return (
    <>
      <NativeSelect
        label="Role"
        description={roleSays(role)}
        value={role}
        onChange={(event) => {
          const found = ROLES.find(({ value }) => value === event.currentTarget.value);
          if (found !== undefined) onRole(found.value);
        }}
        data={ROLES.map(({ value, label }) => ({ value, label }))}
      />
      <Checkbox
        label="May see individuals by name"
        description={PEOPLE_SAYS}
        checked={people}
        disabled={!may("people")}
        onChange={(event) => onPeople(event.currentTarget.checked)}
      />
    </>
  );
}
