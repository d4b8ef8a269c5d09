import { Menu } from "@mantine/core";
import { useState } from "react";

import { deferred, type OpensItself } from "../ui/deferred.tsx";
import { useOpened } from "../ui/use-opened.ts";
import { AddFilterButton, type AddFilterProps } from "./add-filter.tsx";
import { NARROWINGS, type Kind, type Population } from "./filters.ts";
import { KINDS, POPULATIONS } from "./words.ts";

const AsOfDay = deferred(
  async () => (await import("./custom-range.tsx")).AsOfDay,
  <div className="range-calendar-place" />,
);

export function AddFilterOpened(props: AddFilterProps & OpensItself) {
  const { narrowings, kind, population, asOf, onNarrow, onChange, opensItself } = props;
  const { button, opened, setOpened } = useOpened<HTMLButtonElement>(opensItself);
  const [choosingDay, setChoosingDay] = useState(false);
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={220}
      closeOnItemClick={false}
      onClose={() => setChoosingDay(false)}
    >
      <Menu.Target>
        <AddFilterButton ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        {choosingDay ? (
          <AsOfDay onChange={(asOf) => onChange({ asOf })} />
        ) : (
          <>
            {NARROWINGS.filter(({ name }) => narrowings.includes(name)).map(({ name, label }) => (
              <Menu.Item key={name} closeMenuOnClick onClick={() => setTimeout(() => onNarrow(name), 0)}>
                {label}
              </Menu.Item>
            ))}
            {kind && (
              <>
                <Menu.Label>Kind of money</Menu.Label>
                {(Object.keys(KINDS) as Kind[]).map((one) => (
                  <Menu.Item key={one} closeMenuOnClick onClick={() => onChange({ kind: one })}>
                    {KINDS[one]}
                  </Menu.Item>
                ))}
              </>
            )}
            {population && (
              <>
                <Menu.Label>Population</Menu.Label>
                {(Object.keys(POPULATIONS) as Population[]).map((one) => (
                  <Menu.Item key={one} closeMenuOnClick onClick={() => onChange({ population: one })}>
                    {POPULATIONS[one]}
                  </Menu.Item>
                ))}
              </>
            )}
            {asOf && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => setChoosingDay(true)}>As the record stood on…</Menu.Item>
              </>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
